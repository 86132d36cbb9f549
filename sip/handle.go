package sip

import (
	"strings"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// handle takes each request that is no repetition, in a goroutine of the library's.
func (s *Server) handle(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	if !s.begin() {
		tx.Terminate()
		return
	}
	defer s.work.Done()
	leg := s.legOf(req)
	if req.IsAck() {
		tx.Terminate() // nothing is ever replied
		if leg != nil {
			leg.box.post(func() { leg.acknowledged(req) })
		}
		return
	}
	party, access := s.visitor(req)
	if access == stranger && leg == nil && s.ignores(req) {
		tx.Terminate()
		return
	}
	if fault := inspect(req); fault != nil {
		s.counters.malformed.Add(1)
		s.refuseRequest(tx, req, fault)
		return
	}
	if leg != nil {
		leg.receive(req, tx)
		return
	}
	s.handleAlone(req, tx, party, access)
}

// ignores says whether a stranger's request gets no answer, and counts it then.
func (s *Server) ignores(req *sipmsg.Request) bool {
	host, now := hostOf(req), time.Now()
	switch {
	case req.Method != sipmsg.REGISTER:
		s.counters.dropped.Add(1)
		if sipmsg.NetworkToLower(req.Transport()) != webSocket { // a proxy's address is not a browser's
			s.blame(s.sharedOrigin(host, ""), FaultJunk, sipmsg.IsReliable(req.Transport()), now)
		}
		return true
	case s.bars(host):
		return true
	}
	return false
}

// handleAlone takes a sound request that belongs to no leg.
func (s *Server) handleAlone(req *sipmsg.Request, tx *sipmsg.ServerTx, party Party, access access) {
	inDialog := !s.initial(req) && tagOf(req.To().Params) != ""
	switch {
	case req.Method == sipmsg.REGISTER:
		s.registrar.handle(req, tx)
	case !understood(req.Method):
		s.respond(tx, req, 405, "Method Not Allowed", sipmsg.NewHeader("Allow", allowed))
	case !inDialog && req.IsInvite():
		s.handleInvite(req, tx, party, access)
	case !inDialog && req.Method == sipmsg.REFER:
		s.respond(tx, req, 403, "Only Within A Call")
	case !inDialog && req.Method == sipmsg.OPTIONS:
		s.respond(tx, req, 200, "OK", sipmsg.NewHeader("Allow", allowed), sipmsg.NewHeader("Supported", supported),
			sipmsg.NewHeader("Accept", "application/sdp"))
	default:
		s.respond(tx, req, 481, "Call/Transaction Does Not Exist")
	}
}

// handleInvite takes a call, after a challenge where the source could be somebody else's.
func (s *Server) handleInvite(req *sipmsg.Request, tx *sipmsg.ServerTx, party Party, access access) {
	switch access {
	case foreign:
		s.respond(tx, req, 403, "Forbidden")
		return
	case doubtful:
		if refusal := s.authenticate(req, party.Device); refusal != nil {
			s.refuseRequest(tx, req, refusal)
			return
		}
	}
	moves := field(req, "Replaces") != "" // a call in progress
	if refusal := s.refusesCalls(); refusal != nil && !moves {
		s.refuseRequest(tx, req, refusal)
		return
	}
	s.incoming(req, tx, party)
}

// legOf finds the leg that a request is sent within.
func (s *Server) legOf(req *sipmsg.Request) *Leg {
	if req.CallID() == nil || req.To() == nil {
		return nil
	}
	return s.legs.find(req.CallID().Value(), tagOf(req.To().Params))
}

func understood(method sipmsg.RequestMethod) bool {
	for name := range strings.SplitSeq(allowed, ", ") {
		if name == string(method) {
			return true
		}
	}
	return false
}

func (s *Server) refuseRequest(tx *sipmsg.ServerTx, req *sipmsg.Request, r *refusal) {
	s.respond(tx, req, r.code, r.reason, r.headers...)
}

func (s *Server) respond(tx *sipmsg.ServerTx, req *sipmsg.Request, code int, reason string, headers ...sipmsg.Header) {
	res := sipmsg.NewResponseFromRequest(req, code, reason, nil)
	for _, h := range headers {
		res.AppendHeader(h)
	}
	if err := tx.Respond(res); err != nil {
		s.log.Debug("response not sent", "method", req.Method, "code", code, "to", req.Source(), "error", err)
	}
}
