package sip

import sipmsg "github.com/emiago/sipgo/sip"

func (l *Leg) hangup(r Reason) {
	switch l.state {
	case dialling, alerting:
		l.cancelAll(r)
	case offered:
		l.rejectFor(r)
	case answering: // BYE may follow only after the ACK (RFC 3261 15)
		l.leaving = &r
	case up:
		if l.notices.holds() {
			l.leaving = &r
			return
		}
		l.bye(r, Ended{Code: 200, Local: true, Text: r.Text})
	}
}

// rejectFor refuses an unanswered call: with the reason's code where that is a refusal, else 480.
func (l *Leg) rejectFor(r Reason) {
	code, text := r.Code, r.Text
	if code < 300 || code > 699 {
		code, text = 480, "Temporarily Unavailable"
	}
	res := l.response(l.invite, code, text, nil)
	if h := r.header(); h != nil {
		res.AppendHeader(h)
	}
	if l.respondInvite(res) {
		l.end(Ended{Code: code, Local: true, Text: r.Text})
	}
}

// bye sends BYE; any reply ends the leg as told, and none in time does too.
func (l *Leg) bye(r Reason, as Ended) {
	l.state = leaving
	l.accepted = nil
	l.retransmit.stop()
	l.session.stop()
	ended := func() { l.end(as) }
	req := l.dialog.request(sipmsg.BYE, l.dialog.next())
	if h := r.header(); h != nil {
		req.AppendHeader(h)
	}
	if err := l.send(req, func(res *sipmsg.Response) {
		if !res.IsProvisional() {
			ended()
		}
	}, func(error) { ended() }); err != nil {
		ended()
		return
	}
	l.deadline.set(l.box, l.server.config.giveUp(), ended)
}

// send sends a request within the dialog; got and failed are called on the actor.
func (l *Leg) send(req *sipmsg.Request, got func(*sipmsg.Response), failed func(error)) error {
	l.detour(req)
	if err := l.server.address(req); err != nil {
		return err
	}
	l.server.transact(l.ctx, req,
		func(res *sipmsg.Response) { l.box.post(func() { got(res) }) },
		func(err error) { l.box.post(func() { failed(err) }) })
	return nil
}
