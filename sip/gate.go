package sip

import (
	"bytes"
	"net"
	"net/netip"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

const (
	strangersASecond = 1000 // datagrams of strangers that are looked at in a second; the rest is dropped unread
	longestLetter    = 8192 // bytes of the longest datagram of a stranger's that is looked at
	trickle          = pace // what a REGISTER costs where it is not sure that the banned host is its sender: one a second
)

// gate sees what comes in before the library keeps anything of it. What belongs to a call in progress passes, whoever sends
// it: nobody else can know our tag. So does what a trunk sends, or a device from where it registered. Datagrams of strangers
// go no further, except from a fixed device and with credentials that are right: what the library would keep for each source,
// junk from forged addresses could make grow without end. Over TCP the source is real, and handle drops what strangers send.
func (s *Server) gate(info sipmsg.TransportReadProps, data []byte) ([]byte, error) {
	if info.Transport != "UDP" {
		return data, nil
	}
	source, now := addrPort(info.RemoteAddr), time.Now()
	e, isSIP := readEnvelope(data)
	switch {
	case !isSIP:
		if len(bytes.TrimSpace(data)) > 0 && !s.probed(data) { // else it is a keep-alive
			s.turnAway(source.Addr(), now)
		}
	case s.legs.talks(e):
		return data, nil
	case s.trusts(source.Addr()), s.config.Contacts.anyAt("udp", source):
		if !e.begins() || !s.refuseStateless(info, data) {
			return data, nil
		}
	case e.method == nil && s.legs.talksWith(source.Addr()), e.is("CANCEL") && s.legs.talksWith(source.Addr()):
		return data, nil
	case s.admits(source.Addr(), e, len(data), now) && s.letIn(info, source, data):
		return data, nil
	}
	return nil, nil
}

// turnAway counts a message that gets no answer, and blames its sender.
func (s *Server) turnAway(host netip.Addr, now time.Time) {
	s.counters.dropped.Add(1)
	s.blame(s.sharedOrigin(host, ""), FaultJunk, false, now)
}

// admits says whether a stranger's datagram is looked at: its sender is not banned and keeps to its pace, and there are not
// too many of its kind.
func (s *Server) admits(host netip.Addr, e envelope, size int, now time.Time) bool {
	who, cost := origin{network: networkOfHost(host)}, float32(1)
	if ban, banned := s.bans.holds(who, now); banned {
		if ban.Proven || !e.is("REGISTER") {
			s.counters.banned.Add(1)
			return false
		}
		cost = trickle
	}
	if s.sharesHost(host) {
		cost /= 10 // many telephones may be behind that address
	}
	if size > longestLetter || !s.crowd.allows(who, cost, now) || !s.strangers.take(now) {
		s.counters.dropped.Add(1)
		return false
	}
	return true
}

// trusts says whether calls from a host are taken without credentials: a trunk's, or a trusted network's.
func (s *Server) trusts(host netip.Addr) bool {
	_, trunk := s.config.Trunks.Trunk(host)
	return trunk || s.config.Devices.Trusted(host)
}

// letIn judges a stranger's datagram: a response must be to a request of ours, a request from a fixed device or with the
// right credentials.
func (s *Server) letIn(info sipmsg.TransportReadProps, source netip.AddrPort, data []byte) bool {
	msg, err := sipmsg.ParseMessage(data)
	if err != nil || !complete(msg) {
		s.turnAway(source.Addr(), time.Now())
		return false
	}
	msg.SetTransport("UDP")
	msg.SetSource(source.String())
	fits := false
	switch msg := msg.(type) {
	case *sipmsg.Response:
		fits = s.ours(msg)
	case *sipmsg.Request:
		if msg.Method == sipmsg.REGISTER {
			return s.prove(info, msg, userOf(msg.To().Address))
		}
		party, access := s.visitor(msg)
		if access == doubtful && msg.IsInvite() {
			return s.prove(info, msg, party.Device)
		}
		fits = access != stranger
	}
	if !fits {
		s.turnAway(source.Addr(), time.Now())
	}
	return fits
}

// prove lets a stranger's request with the right credentials of a device in. Any other is answered here, with nothing kept.
func (s *Server) prove(info sipmsg.TransportReadProps, req *sipmsg.Request, name string) bool {
	refusal := inspect(req)
	if refusal != nil {
		s.counters.malformed.Add(1)
	} else {
		device, _ := s.config.Devices.Device(name)
		if s.guard.judge(req, name, device) == right {
			return true // who takes it checks again, and for good
		}
		refusal = s.authenticate(req, name)
	}
	s.answerStateless(info, req, refusal)
	return false
}

func (s *Server) answerStateless(info sipmsg.TransportReadProps, req *sipmsg.Request, r *refusal) {
	s.tagCallee(req)
	res := sipmsg.NewResponseFromRequest(req, r.code, r.reason, nil)
	for _, h := range r.headers {
		res.AppendHeader(h)
	}
	for _, l := range s.listeners {
		if l.packets != nil && l.addr == addrPort(info.LocalAddr) {
			writeTo(l.packets, res, info.RemoteAddr)
			return
		}
	}
}

func writeTo(conn net.PacketConn, res *sipmsg.Response, to net.Addr) {
	// A datagram that the network does not take is as lost as one that it loses: the peer repeats its request.
	_, _ = conn.WriteTo([]byte(res.String()), to)
}

// looksLikeSIP says whether the first line is one of SIP.
func looksLikeSIP(data []byte) bool {
	_, is := readEnvelope(data)
	return is
}

// prepare sees each message that came in before any transaction has.
func (s *Server) prepare(msg sipmsg.Message) {
	req, ok := msg.(*sipmsg.Request)
	if !ok {
		return
	}
	s.pin(req)
	if req.Transport() == "WS" && req.Via() != nil {
		markSource(req)
	}
	s.tagCallee(req) // later, responses may already be copying it
}

// tagCallee puts our tag on a request that may begin a dialog, and on its CANCEL.
func (s *Server) tagCallee(req *sipmsg.Request) {
	if complete(req) && (req.IsInvite() || req.IsCancel()) && !req.To().Params.Has("tag") {
		req.To().Params.Add("tag", s.calleeTag(req))
	}
}

// markSource notes in Via where a browser's request came from (RFC 3261 18.2.1). Where its connection has closed already,
// the library would look up the host that the browser calls itself.
func markSource(req *sipmsg.Request) {
	if source, err := netip.ParseAddrPort(req.Source()); err == nil {
		req.Via().Params.Add("received", source.Addr().String())
	}
}

// pin makes the library send to this source on the socket where it was heard, to the end. The library's own note of that
// goes away while the server closes, and for a request still under way it would then open a socket that nobody closes.
func (s *Server) pin(req *sipmsg.Request) {
	if req.Transport() != "UDP" {
		return
	}
	pool := s.transport.Pool("udp")
	conn := pool.Get(req.Source())
	if conn == nil {
		return
	}
	defer conn.TryClose()
	if own := s.sockets[addrPort(conn.LocalAddr())]; own != nil && conn != sipmsg.Connection(own) {
		pool.Add(req.Source(), own)
	}
}
