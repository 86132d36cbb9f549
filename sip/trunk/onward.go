package trunk

import "threering/sip"

// onward says whether a call that failed may do better by another server or trunk: it may where this one could not be reached,
// is out of order or does not want us, and not where the answer is the callee's own.
func onward(f sip.Failure) bool {
	if theirs(f.Cause) {
		return false
	}
	switch f.Code {
	case 408: // of a server that speaks, it says that the callee does not
		return f.Silent
	case 401, 402, 403, 405, 406, 407, 415, 416, 420, 421, 482, 483, 488, 606:
		return !f.Rang
	case 513:
		return false
	}
	return f.Code >= 500 && f.Code < 600
}

// theirs says whether a cause of Q.850 is about the callee, whatever status a gateway has put it in: no such number, busy, no
// answer, rejected, number changed, out of order, incomplete.
func theirs(cause int) bool {
	switch cause {
	case 1, 17, 18, 19, 20, 21, 22, 27, 28:
		return true
	}
	return false
}

// ails says whether a failure speaks against the server, so that others are tried before it for a while.
func ails(f sip.Failure) bool { return f.Silent || f.Code == 503 && !theirs(f.Cause) }
