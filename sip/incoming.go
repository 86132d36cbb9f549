package sip

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"sync/atomic"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// incoming makes a leg of an INVITE that may come in.
func (s *Server) incoming(req *sipmsg.Request, tx *sipmsg.ServerTx, party Party) {
	if r := cmp.Or(foreignBody(req), s.tooBrief(req)); r != nil {
		s.refuseRequest(tx, req, r)
		return
	}
	var instead *Leg
	if replaces := field(req, "Replaces"); replaces != "" {
		if instead = s.replaced(replaces); instead == nil {
			s.respond(tx, req, 481, "Call/Transaction Does Not Exist")
			return
		}
	}
	origin := callKey{req.CallID().Value(), tagOf(req.From().Params), req.CSeq().SeqNo}
	if !s.legs.claim(origin) {
		s.respond(tx, req, 482, "Loop Detected")
		return
	}
	// The library says 100 where nothing else has been said within 200 ms (RFC 3261 17.2.1).
	l := s.newLeg(req.CallID().Value(), tagOf(req.To().Params))
	l.state, l.instead, l.origin = offered, instead, origin
	l.from, l.to = party, s.dialled(req)
	if party.Trunk != "" {
		l.to = s.config.Trunks.Read(party.Trunk, l.to)
	}
	hop := ""
	if party.Device != "" || sipmsg.IsReliable(req.Transport()) {
		hop = req.Source()
	}
	l.dialog = answeredDialog(req, hop)
	l.invite, l.tx = req, tx
	l.meet(party.Source.Addr())
	if !tx.OnCancel(l.cancelling()) {
		l.release() // cancelled while it was being read; the transaction has said 487
		return
	}
	l.opening = true
	s.load.opening.Add(1)
	if !s.start(l, func() { s.config.Incoming(l) }) {
		l.opened()
		l.release()
		s.respond(tx, req, 503, "Service Unavailable")
	}
}

// cancelling is what a CANCEL does. The transaction outlives the leg by half a minute, and must not keep all that was the leg's.
func (l *Leg) cancelling() func(*sipmsg.Request) {
	leg := new(atomic.Pointer[Leg])
	leg.Store(l)
	l.held = leg
	return func(cancel *sipmsg.Request) {
		if l := leg.Load(); l != nil {
			l.box.post(func() { l.end(Ended{Code: 487, Text: reasonOf(cancel)}) })
		}
	}
}

// opened says that somebody has looked at an incoming call.
func (l *Leg) opened() {
	if l.opening {
		l.opening = false
		l.server.load.opening.Add(-1)
	}
}

// newLeg makes what all legs have.
func (s *Server) newLeg(callID, tag string) *Leg {
	l := &Leg{server: s, log: s.log.With("leg", callID), id: callID, tag: tag, box: newMailbox(), done: make(chan struct{})}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	return l
}

// meet lets an address through the gate for as long as the leg lives.
func (l *Leg) meet(addr netip.Addr) {
	l.peers = append(l.peers, addr)
	l.server.legs.meet(addr)
}

// release takes back what a leg holds outside itself.
func (l *Leg) release() {
	l.cancel()
	l.server.legs.remove(l)
	l.server.config.Ladders.close(l.id)
	for _, addr := range l.peers {
		l.server.legs.part(addr)
	}
	l.peers = nil
}

func (l *Leg) ring() {
	switch {
	case l.state != offered || !l.describe():
	case hasOption(l.invite, "100rel", "Require"):
		l.alertReliably()
	default:
		l.respondInvite(l.response(l.invite, 180, "Ringing", nil))
	}
}

func (l *Leg) answer() {
	if l.state != offered || !l.describe() {
		return
	}
	if u := l.unacknowledged; u != nil && u.asked {
		l.wanted = true // no 2xx before the PRACK of a response with an offer (RFC 3262 3)
		return
	}
	l.unacknowledged = nil
	res := l.response(l.invite, 200, "OK", l.described.body)
	for _, h := range l.agreeSession(l.invite) {
		res.AppendHeader(h)
	}
	if !l.respondInvite(res) {
		return
	}
	l.state = answering
	l.awaitAck(l.tx, res, l.described.asked)
}

// description is our side of the offer and answer of the INVITE that began the leg.
type description struct {
	body    []byte
	asked   bool // it is an offer: the ACK, or the PRACK, has the answer
	settled bool // offer and answer are complete already
}

// describe settles the description once, before the caller hears anything of us: an offer that we cannot take is refused
// before it rings. False: it was.
func (l *Leg) describe() bool {
	if l.described != nil {
		return true
	}
	body, asked, err := l.negotiate(l.invite.Body())
	if err != nil {
		l.log.Info("offer refused", "error", err)
		l.reject(488, "Not Acceptable Here")
		return false
	}
	l.described = &description{body: body, asked: asked}
	return true
}

var errNoMedia = errors.New("the leg has no media")

// negotiate answers an offer, or makes one where the peer left that to us (asked): its answer comes with the ACK.
func (l *Leg) negotiate(offer []byte) (body []byte, asked bool, err error) {
	if l.media == nil {
		return nil, false, errNoMedia
	}
	if len(offer) == 0 {
		body, err = l.media.Offer()
		return body, true, err
	}
	body, err = l.media.Answer(offer)
	return body, false, err
}

func (l *Leg) reject(code int, reason string) {
	if l.state != offered {
		return
	}
	if code < 300 || code > 699 {
		code = 480
	}
	if l.respondInvite(l.response(l.invite, code, reason, nil)) {
		l.end(Ended{Code: code, Local: true, Text: reason})
	}
}

// respondInvite answers the INVITE that began the leg. False: the leg ends instead, because a CANCEL came first or
// the connection is gone.
func (l *Leg) respondInvite(res *sipmsg.Response) bool {
	switch err := l.tx.Respond(res); {
	case err == nil:
		return true
	case errors.Is(err, sipmsg.ErrTransactionCanceled):
		l.box.post(func() { l.end(Ended{Code: 487}) }) // behind the note that the CANCEL has left, which says why
	default:
		l.breakOff(err.Error())
	}
	return false
}

// response builds a response with what those within a dialog bear.
func (l *Leg) response(req *sipmsg.Request, code int, reason string, body []byte) *sipmsg.Response {
	res := sipmsg.NewResponseFromRequest(req, code, oneLine(reason), body)
	if body != nil {
		res.AppendHeader(sipmsg.NewHeader("Content-Type", "application/sdp"))
	}
	if code < 300 && (req.IsInvite() || req.Method == sipmsg.UPDATE) {
		local := l.server.bound(l.dialog.network, req.Source())
		res.AppendHeader(l.server.contact(l.dialog.network, l.server.told(local, req.Source())))
	}
	if code == 405 || code < 300 {
		res.AppendHeader(sipmsg.NewHeader("Allow", allowed))
		res.AppendHeader(sipmsg.NewHeader("Supported", supported))
	}
	return res
}

// An accepted INVITE got its 2xx, which is ours to repeat until the ACK comes (RFC 3261 13.3.1.4), over TCP too.
type accepted struct {
	tx    *sipmsg.ServerTx
	res   *sipmsg.Response
	every time.Duration
	asked bool // the ACK has the answer to our offer
}

func (l *Leg) awaitAck(tx *sipmsg.ServerTx, res *sipmsg.Response, asked bool) {
	l.accepted = &accepted{tx: tx, res: res, every: l.server.config.T1, asked: asked}
	l.retransmit.set(l.box, l.accepted.every, l.repeat)
	l.deadline.set(l.box, l.server.config.giveUp(), func() {
		l.accepted = nil
		l.retransmit.stop()
		l.bye(Reason{Code: 408, Text: "No ACK"}, Ended{Code: 408, Local: true, Text: "no ACK"})
	})
}

func (l *Leg) repeat() {
	a := l.accepted
	if a == nil {
		return
	}
	if err := a.tx.Respond(a.res); err != nil {
		l.log.Debug("2xx not repeated", "error", err)
	}
	a.every = min(2*a.every, l.server.config.t2())
	l.retransmit.set(l.box, a.every, l.repeat)
}

// acknowledged takes an ACK. What does not fit is ignored: there is no reply to an ACK.
func (l *Leg) acknowledged(ack *sipmsg.Request) {
	a := l.accepted
	if a == nil || ack.CSeq() == nil || ack.CSeq().SeqNo != a.res.CSeq().SeqNo {
		return
	}
	l.accepted = nil
	l.retransmit.stop()
	l.deadline.stop()
	if a.asked {
		if err := l.media.Accept(ack.Body()); err != nil {
			l.log.Info("answer refused", "error", err)
			l.bye(Reason{Code: 488, Text: "Answer not acceptable"}, Ended{Code: 488, Local: true, Text: err.Error()})
			return
		}
	}
	if l.state == answering {
		l.state = up
		l.tell(Answered{})
		if r := l.leaving; r != nil {
			l.bye(*r, Ended{Code: 200, Local: true, Text: r.Text})
		}
	}
	l.settled()
}
