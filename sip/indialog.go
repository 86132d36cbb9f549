package sip

import sipmsg "github.com/emiago/sipgo/sip"

// receive hands a request within the dialog to the actor.
func (l *Leg) receive(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	if !l.box.post(func() { l.request(req, tx) }) {
		l.server.respond(tx, req, 481, "Call/Transaction Does Not Exist")
	}
}

// request takes a request within the dialog.
func (l *Leg) request(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	respond := func(code int, reason string) { l.reply(tx, l.response(req, code, reason, nil)) }
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
	case sipmsg.INFO:
		l.info(req, tx)
	case sipmsg.OPTIONS:
		respond(200, "OK")
	case sipmsg.NOTIFY:
		respond(481, "Subscription Does Not Exist")
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
	l.end(Ended{Code: 200, Local: l.state == leaving, Text: reasonOf(req)})
}

// renegotiate takes a re-INVITE or an UPDATE (RFC 3311).
func (l *Leg) renegotiate(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	hasOffer := req.IsInvite() || len(req.Body()) > 0
	switch {
	case l.state == leaving:
		l.reply(tx, l.response(req, 481, "Call/Transaction Does Not Exist", nil))
		return
	case hasOffer && (l.state != up && l.state != answering || l.accepted != nil || l.reoffer != nil):
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
