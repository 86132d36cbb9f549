package sip

import (
	"context"
	"errors"

	sipmsg "github.com/emiago/sipgo/sip"
)

// dial sends the INVITE; it is the first thing that an outgoing leg does.
func (l *Leg) dial() {
	offer, err := l.media.Offer()
	if err != nil {
		l.end(Ended{Code: 500, Local: true, Text: "no offer: " + err.Error()})
		return
	}
	l.invite.SetBody(offer)
	l.invite.AppendHeader(sipmsg.NewHeader("Content-Type", "application/sdp"))
	l.deadline.set(l.box, l.server.config.giveUp(), l.unheard)
	l.sendInvite(l.invite)
}

// sendInvite sends an INVITE, the first or one within the dialog.
func (l *Leg) sendInvite(req *sipmsg.Request) {
	seq := req.CSeq().SeqNo
	got := func(res *sipmsg.Response) {
		if !l.box.post(func() { l.inviteResponse(res) }) && res.IsSuccess() && complete(res) {
			l.server.refuse(res) // the leg has ended meanwhile
		}
	}
	failed := func(err error) { l.box.post(func() { l.inviteFailed(seq, err) }) }
	l.server.transact(l.ctx, req, got, failed)
}

// inviteResponse takes a response to an INVITE of ours. They may overtake each other.
func (l *Leg) inviteResponse(res *sipmsg.Response) {
	switch {
	case !complete(res):
		l.inviteFailed(l.dialog.localSeq, errBadResponse)
	case l.reoffer != nil && res.CSeq().SeqNo == l.reoffer.seq:
		l.reofferResponse(res)
	case l.state == dialling || l.state == alerting || l.state == cancelling:
		l.firstResponse(res)
	case res.IsSuccess() && tagOf(res.To().Params) == l.dialog.remote.tag && l.state != over:
		l.server.acknowledge(&l.dialog, res.CSeq().SeqNo) // our ACK was lost
	case res.IsSuccess():
		l.server.refuse(res)
	}
}

func (l *Leg) firstResponse(res *sipmsg.Response) {
	switch {
	case res.IsProvisional():
		l.provisional(res)
	case res.IsSuccess() && l.state == cancelling && !l.crossed:
		l.confirm(res)
		l.bye(*l.cancelOf, l.cancelled())
	case res.IsSuccess():
		l.confirm(res)
		l.taken(res)
	default:
		text := reasonOf(res)
		if text == "" {
			text = res.Reason
		}
		l.end(Ended{Code: res.StatusCode, Local: l.state == cancelling, Text: text})
	}
}

func (l *Leg) provisional(res *sipmsg.Response) {
	if l.state == cancelling {
		l.sendCancel() // only now may it be sent (RFC 3261 9.1)
		return
	}
	l.state = alerting
	l.deadline.stop()
	if len(res.Body()) > 0 {
		l.early = res.Body()
	}
	if code := res.StatusCode; code >= 180 && code < 190 && code != l.rung {
		l.rung = code
		l.tell(Ringing{Code: code})
	}
}

// confirm makes the dialog of a 2xx and acknowledges it.
func (l *Leg) confirm(res *sipmsg.Response) {
	l.deadline.stop()
	l.dialog.establish(res)
	l.server.acknowledge(&l.dialog, res.CSeq().SeqNo)
}

// taken takes the answer of a 2xx.
func (l *Leg) taken(res *sipmsg.Response) {
	answer := res.Body()
	if len(answer) == 0 {
		answer = l.early
	}
	l.state = up
	if err := l.media.Accept(answer); err != nil {
		l.log.Info("answer refused", "error", err)
		l.bye(Reason{Code: 488, Text: "Answer not acceptable"}, Ended{Code: 488, Local: true, Text: err.Error()})
		return
	}
	l.confirmSession(res)
	l.tell(Answered{})
}

var errBadResponse = errors.New("response without the headers that make a dialog")

// inviteFailed takes the news that an INVITE of ours will get no final response.
func (l *Leg) inviteFailed(seq uint32, err error) {
	if r := l.reoffer; r != nil && r.seq == seq {
		l.reoffer = nil
		r.done(err)
		l.settled()
		return
	}
	if l.state != dialling && l.state != alerting && l.state != cancelling {
		return
	}
	switch {
	case errors.Is(err, sipmsg.ErrTransactionTimeout):
		l.unheard()
	case errors.Is(err, context.Canceled):
	default:
		l.end(Ended{Code: 503, Local: l.state == cancelling, Text: err.Error()})
	}
}

// unheard ends a leg whose peer has said nothing at all.
func (l *Leg) unheard() {
	if l.state == cancelling {
		l.end(l.cancelled())
		return
	}
	l.end(Ended{Code: 408, Text: "no response"})
}

func (l *Leg) cancelled() Ended { return Ended{Code: 487, Local: true, Text: l.cancelOf.Text} }

// sendCancel sends CANCEL, once, and gives the peer time for the final response.
func (l *Leg) sendCancel() {
	if l.canceled {
		return
	}
	l.canceled = true
	l.deadline.set(l.box, l.server.config.giveUp(), l.unheard)
	cancel := cancelOf(l.invite)
	if h := l.cancelOf.header(); h != nil {
		cancel.AppendHeader(h)
	}
	l.server.transact(l.ctx, cancel, func(*sipmsg.Response) {}, func(error) {})
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
