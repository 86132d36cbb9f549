package sip

import (
	"context"
	"errors"

	sipmsg "github.com/emiago/sipgo/sip"
)

// dial sends the INVITEs; it is the first thing that an outgoing leg does.
func (l *Leg) dial() {
	offer, err := l.media.Offer()
	if err != nil {
		l.end(Ended{Code: 500, Local: true, Text: "no offer: " + err.Error()})
		return
	}
	l.offer = offer
	if l.way != nil {
		l.nextStage()
		return
	}
	l.dialog.next()
	l.deadline.set(l.box, l.server.config.giveUp(), l.unheard)
	for _, a := range l.attempts {
		l.begin(a)
	}
}

// sendInvite sends an INVITE, the first or one within the dialog.
func (l *Leg) sendInvite(ctx context.Context, req *sipmsg.Request) {
	branch, seq := branchOf(req), req.CSeq().SeqNo
	got := func(res *sipmsg.Response) {
		if !l.box.post(func() { l.inviteResponse(res) }) && res.IsSuccess() && complete(res) {
			l.server.refuse(res) // the leg has ended meanwhile
		}
	}
	failed := func(err error) { l.box.post(func() { l.inviteFailed(branch, seq, err) }) }
	l.server.transact(ctx, req, got, failed)
}

// inviteResponse takes a response to an INVITE of ours. They may overtake each other.
func (l *Leg) inviteResponse(res *sipmsg.Response) {
	if !complete(res) {
		l.inviteFailed("", l.dialog.localSeq, errBadResponse)
		return
	}
	a := l.attemptOf(res)
	switch {
	case l.reoffer != nil && res.CSeq().SeqNo == l.reoffer.seq && a == nil:
		l.reofferResponse(res)
	case a != nil && !res.IsSuccess() && l.tx == nil:
		l.attemptResponse(a, res)
	case a != nil && (l.state == dialling || l.state == alerting || l.state == cancelling):
		l.firstResponse(a, res)
	case res.IsSuccess() && tagOf(res.To().Params) == l.dialog.remote.tag && l.state != over:
		l.server.acknowledge(&l.dialog, res.CSeq().SeqNo) // our ACK was lost
	case res.IsSuccess():
		if a != nil {
			a.over = true
		}
		l.server.refuse(res)
	}
}

// firstResponse takes the 2xx that makes the leg.
func (l *Leg) firstResponse(a *attempt, res *sipmsg.Response) {
	l.confirm(a, res)
	if l.state == cancelling && !l.placed.Crossed {
		l.bye(*l.cancelOf, l.cancelled())
		return
	}
	for _, other := range l.attempts {
		if other != a {
			l.cancelAttempt(other, elsewhere)
		}
	}
	l.taken(a, res)
}

// attemptResponse takes any other response to the INVITE of an attempt.
func (l *Leg) attemptResponse(a *attempt, res *sipmsg.Response) {
	switch {
	case a.over:
	case res.IsProvisional():
		l.provisional(a, res)
	case (res.StatusCode == 401 || res.StatusCode == 407) && l.state != cancelling && l.prove(a, res):
	case res.StatusCode == 422 && l.state != cancelling && l.askLonger(a, res):
	case res.StatusCode == 488 && l.state != cancelling && l.yields(a):
	default:
		text := reasonOf(res)
		if text == "" {
			text = res.Reason
		}
		l.attemptFailed(a, failure{Code: res.StatusCode, Text: text, res: res})
	}
}

func (l *Leg) provisional(a *attempt, res *sipmsg.Response) {
	a.heard = true
	switch {
	case a.cancel != nil: // only now may CANCEL be sent
		l.cancelAttempt(a, *a.cancel)
		if l.state == cancelling {
			l.deadline.set(l.box, l.server.config.giveUp(), l.unheard)
		}
		return
	case l.state != dialling && l.state != alerting:
		return
	}
	l.state = alerting
	l.deadline.stop()
	e, fresh := l.progress(a, res)
	rings := Ringing{Code: res.StatusCode}
	if fresh && len(l.attempts) == 1 {
		if err := l.media.Accept(e.answer); err != nil {
			l.log.Info("early answer refused", "error", err)
		} else {
			rings.Heard = true
		}
	}
	if rings.Code >= 180 && rings.Code < 190 && (rings.Code != l.rung.Code || rings.Heard && !l.rung.Heard) {
		rings.Heard = rings.Heard || l.rung.Heard
		l.rung = rings
		l.tell(rings)
	}
}

// confirm makes the dialog of a 2xx and acknowledges it.
func (l *Leg) confirm(a *attempt, res *sipmsg.Response) {
	a.over = true
	l.deadline.stop()
	d := a.dialog
	d.localSeq, d.remoteSeq = l.dialog.localSeq, l.dialog.remoteSeq
	if l.heardIn != tagOf(res.To().Params) {
		d.remoteSeq = 0 // that was another fork's
	}
	d.establish(res)
	if a.stage != nil && d.network == "udp" {
		d.hop = "" // the carrier says where it wants to hear more
	}
	l.dialog = d
	l.server.acknowledge(&l.dialog, res.CSeq().SeqNo)
}

// taken takes the answer of a 2xx: its SDP, unless an answer that came reliably before it is final.
func (l *Leg) taken(a *attempt, res *sipmsg.Response) {
	answer := res.Body()
	e := a.earlyOf(l.dialog.remote.tag)
	if e != nil && (e.firm || len(answer) == 0) {
		answer = e.answer
	}
	l.state = up
	if e == nil || !e.renewed {
		if err := l.media.Accept(answer); err != nil {
			l.log.Info("answer refused", "error", err)
			l.bye(Reason{Code: 488, Text: "Answer not acceptable"}, Ended{Code: 488, Local: true, Text: err.Error()})
			return
		}
	}
	l.confirmSession(res)
	l.tell(Answered{})
}

var errBadResponse = errors.New("response without the headers that make a dialog")

// inviteFailed takes the news that an INVITE of ours will get no final response.
func (l *Leg) inviteFailed(branch string, seq uint32, err error) {
	a := l.attemptWith(branch)
	switch r := l.reoffer; {
	case r != nil && r.seq == seq && a == nil:
		l.reoffer = nil
		r.done(err)
		l.settled()
	case a == nil || errors.Is(err, context.Canceled):
	case errors.Is(err, sipmsg.ErrTransactionTimeout) && l.state == cancelling:
		l.attemptFailed(a, failure{Code: 487, Text: l.cancelOf.Text})
	case errors.Is(err, sipmsg.ErrTransactionTimeout):
		l.attemptFailed(a, failure{Code: 408, Text: "no response"})
	default:
		l.attemptFailed(a, failure{Code: 503, Text: err.Error()})
	}
}

// unheard ends a leg whose peer has said nothing at all, or nothing more.
func (l *Leg) unheard() {
	switch {
	case l.state == cancelling:
		l.end(l.cancelled())
	case l.failed != nil:
		l.end(Ended{Code: l.failed.Code, Text: l.failed.Text})
	default:
		l.end(Ended{Code: 408, Text: "no response"})
	}
}

func (l *Leg) cancelled() Ended { return Ended{Code: 487, Local: true, Text: l.cancelOf.Text} }

// cancelAll gives all attempts up, and the peers time for their final responses.
func (l *Leg) cancelAll(r Reason) {
	l.state, l.cancelOf = cancelling, &r
	l.deadline.set(l.box, l.server.config.giveUp(), l.unheard)
	for _, a := range l.attempts {
		l.cancelAttempt(a, r)
	}
}

// cancelOf is the CANCEL of an INVITE (RFC 3261 9.1): the same branch, so that the peer finds it.
func cancelOf(invite *sipmsg.Request) *sipmsg.Request {
	req := sipmsg.NewRequest(sipmsg.CANCEL, invite.Recipient)
	for _, name := range []string{"Via", "Route", "From", "To", "Call-ID", "Max-Forwards"} {
		sipmsg.CopyHeaders(name, invite, req)
	}
	req.AppendHeader(&sipmsg.CSeqHeader{SeqNo: invite.CSeq().SeqNo, MethodName: sipmsg.CANCEL})
	req.SetTransport(invite.Transport())
	req.SetDestination(invite.Destination())
	req.Laddr = invite.Laddr
	req.SetBody(nil)
	return req
}
