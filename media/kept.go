package media

import (
	"errors"
	"net/netip"
	"syscall"
	"time"

	"threering/media/udp"
)

const (
	mostBound = 4096 // pairs that stay bound while they rest
	aside     = 64   // of these, how many others are used before one is used again
)

// mostKept is how many pairs of a range stay bound while they rest: half of them at most, and not so many that the process would
// run out of files.
func mostKept(pairs int) int {
	most := min(mostBound, pairs/2)
	var files syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files) == nil {
		most = min(most, int(min(files.Cur, 1<<20))/8)
	}
	return most
}

// keep has a pair stay bound, with nobody to hear what still comes. The lock is held.
func (r *portRange) keep(p pair) bool {
	rtp, rtcp := p.rtp.Yield(nobody), p.rtcp.Yield(nobody)
	if rtp != nil && rtcp != nil {
		r.kept = append(r.kept, pair{rtp, rtcp})
		return true
	}
	for _, s := range []*udp.Socket{rtp, rtcp} {
		if s != nil {
			_ = s.Close() // what it was is told to be closed
		}
	}
	return false
}

func nobody([]byte, netip.AddrPort, time.Time) {}

// again takes the pair that has rested longest, where so many are kept; false where none has rested enough. The lock is held.
func (r *portRange) again(least int, rtp, rtcp udp.Handler) (pair, bool) {
	if len(r.kept) < max(least, 1) {
		return pair{}, false
	}
	p := r.kept[0]
	port := p.rtp.Addr().Port()
	if time.Now().Before(r.freeAt[int(port)]) {
		return pair{}, false
	}
	r.kept = r.kept[1:]
	delete(r.freeAt, int(port))
	r.inUse[port] = true
	return pair{p.rtp.Yield(rtp), p.rtcp.Yield(rtcp)}, true
}

// closeKept closes the pairs that are bound at rest; none is kept from now on.
func (r *portRange) closeKept() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shut = true
	var errs []error
	for _, p := range r.kept {
		errs = append(errs, p.rtp.Close(), p.rtcp.Close())
	}
	r.kept = nil
	return errors.Join(errs...)
}
