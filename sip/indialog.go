package sip

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// receive hands a request within the dialog to the actor.
func (l *Leg) receive(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	if !l.box.post(func() { l.queue(req, tx) }) {
		l.server.respond(tx, req, 481, "Call/Transaction Does Not Exist")
	}
}

// overtaking is how long a request waits for those with lower numbers. The library hands over each in a goroutine of its
// own, so that of some that come at once the last is often the first here: keys would be refused or change places.
const overtaking = 20 * time.Millisecond

// mostTurns is how many wait at most: more than that no network delays, so the one that is missing will not come.
const mostTurns = 32

// A turn is a request within the dialog that waits for those before it.
type turn struct {
	seq uint32
	req *sipmsg.Request
	tx  *sipmsg.ServerTx
}

// queue takes a request when its turn has come.
func (l *Leg) queue(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	waited := len(l.turns) > 0
	l.turns = append(l.turns, turn{req.CSeq().SeqNo, req, tx})
	slices.SortStableFunc(l.turns, func(a, b turn) int { return cmp.Compare(a.seq, b.seq) })
	l.takeTurns(len(l.turns) >= mostTurns)
	switch {
	case len(l.turns) == 0:
		l.order.stop()
	case !waited: // who comes later puts it off no further
		l.order.set(l.box, overtaking, func() { l.takeTurns(true) })
	}
}

// takeTurns takes the requests that none before them is missing for, or all.
func (l *Leg) takeTurns(all bool) {
	for len(l.turns) > 0 && (all || l.state == over || l.turns[0].seq <= l.dialog.remoteSeq+1) {
		next := l.turns[0]
		l.turns = l.turns[1:]
		l.request(next.req, next.tx)
	}
}

// request takes a request within the dialog.
func (l *Leg) request(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	respond := func(code int, reason string) { l.reply(tx, l.response(req, code, reason, nil)) }
	if tag := tagOf(req.From().Params); l.dialog.remote.tag == "" && tag != l.heardIn {
		l.heardIn, l.dialog.remoteSeq = tag, 0 // each early dialog counts for itself
	}
	switch {
	case l.state == over || l.dialog.remote.tag != "" && tagOf(req.From().Params) != l.dialog.remote.tag || req.IsCancel():
		respond(481, "Call/Transaction Does Not Exist")
		return
	case !l.dialog.takes(req.CSeq().SeqNo):
		respond(500, "Request Out Of Order")
		return
	}
	switch req.Method {
	case sipmsg.BYE:
		l.leave(req, tx)
	case sipmsg.INVITE, sipmsg.UPDATE:
		l.renegotiate(req, tx)
	case sipmsg.PRACK:
		l.prack(req, tx)
	case sipmsg.INFO:
		l.info(req, tx)
	case sipmsg.OPTIONS:
		respond(200, "OK")
	case sipmsg.REFER:
		l.refer(req, tx)
	case sipmsg.NOTIFY:
		l.notified(req, tx)
	default:
		respond(405, "Method Not Allowed")
	}
}

func (l *Leg) reply(tx *sipmsg.ServerTx, res *sipmsg.Response) {
	if err := tx.Respond(res); err != nil {
		l.log.Debug("response not sent", "code", res.StatusCode, "error", err)
	}
}

// leave takes a BYE. It ends the leg in whatever state.
func (l *Leg) leave(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	l.reply(tx, l.response(req, 200, "OK", nil))
	if l.state == offered {
		if l.respondInvite(l.response(l.invite, 487, "Request Terminated", nil)) {
			l.end(Ended{Code: 487, Text: reasonOf(req)})
		}
		return
	}
	if l.state == answering {
		l.tell(Answered{}) // who hangs up has our 2xx: the ACK was lost, or overtaken by the BYE
	}
	l.end(Ended{Code: 200, Local: l.state == leaving, Text: reasonOf(req)})
}

// renegotiate takes a re-INVITE or an UPDATE (RFC 3311).
func (l *Leg) renegotiate(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	hasOffer := req.IsInvite() || len(req.Body()) > 0
	switch {
	case l.state == leaving:
		l.reply(tx, l.response(req, 481, "Call/Transaction Does Not Exist", nil))
		return
	case hasOffer && l.state == offered && !l.described.complete():
		res := l.response(req, 500, "Server Internal Error", nil) // of RFC 3311 5.2, though nothing is wrong here
		res.AppendHeader(sipmsg.NewHeader("Retry-After", strconv.Itoa(rand.IntN(11))))
		l.reply(tx, res)
		return
	case hasOffer && !l.takesOffer(req):
		l.reply(tx, l.response(req, 491, "Request Pending", nil))
		return
	}
	if r := l.server.tooBrief(req); r != nil {
		l.server.refuseRequest(tx, req, r)
		return
	}
	var body []byte
	var asked bool
	if hasOffer {
		var err error
		if body, asked, err = l.negotiate(req.Body()); err != nil {
			l.log.Info("offer refused", "error", err)
			l.reply(tx, l.response(req, 488, "Not Acceptable Here", nil))
			return
		}
	}
	if e := l.settledEarly(l.heardIn); e != nil && hasOffer {
		e.renewed = true
	}
	l.dialog.target = targetOf(req, l.dialog.target)
	res := l.response(req, 200, "OK", body)
	for _, h := range l.agreeSession(req) {
		res.AppendHeader(h)
	}
	l.reply(tx, res)
	if req.IsInvite() {
		l.awaitAck(tx, res, asked)
	}
}

// takesOffer says whether no other exchange of offers is in the way of one.
func (l *Leg) takesOffer(req *sipmsg.Request) bool {
	switch l.state {
	case up, answering:
		return l.accepted == nil && l.reoffer == nil
	case offered:
		return !req.IsInvite()
	case alerting: // in an early dialog, after an answer that is final
		return !req.IsInvite() && l.settledEarly(tagOf(req.From().Params)) != nil
	}
	return false
}

// complete says whether the offer and the answer of an INVITE have both been given already.
func (d *description) complete() bool { return d != nil && d.settled }
