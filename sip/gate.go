package sip

import (
	"bytes"
	"net"
	"net/netip"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// strangersASecond is how many datagrams of strangers are looked at in a second; the rest is dropped unread.
const strangersASecond = 1000

// gate sees what comes in before the library keeps anything of it. Datagrams of strangers go no further, except from a
// fixed device and with credentials that are right: what the library would keep for each source, junk from forged
// addresses could make grow without end. Over TCP the source is real, and handle drops what strangers send.
func (s *Server) gate(info sipmsg.TransportReadProps, data []byte) ([]byte, error) {
	if info.Transport != "UDP" {
		return data, nil
	}
	source := addrPort(info.RemoteAddr)
	switch {
	case !looksLikeSIP(data):
		if len(bytes.TrimSpace(data)) > 0 { // else it is a keep-alive
			s.counters.dropped.Add(1)
		}
		return nil, nil
	case s.knows(source.Addr()):
		return data, nil
	case s.strangers.take(time.Now()) && s.letIn(info, source, data):
		return data, nil
	}
	return nil, nil
}

// trusts says whether calls from a host are taken without credentials: a trunk's, or a trusted network's.
func (s *Server) trusts(host netip.Addr) bool {
	_, trunk := s.config.Trunks.Trunk(host)
	return trunk || s.config.Devices.Trusted(host)
}

// knows says whether anybody at that host is one of ours.
func (s *Server) knows(host netip.Addr) bool {
	return s.trusts(host) || s.config.Contacts.anyAtHost(host) || s.legs.talksWith(host)
}

// letIn judges a stranger's datagram: a response must be to a request of ours, a request from a fixed device or with the
// right credentials.
func (s *Server) letIn(info sipmsg.TransportReadProps, source netip.AddrPort, data []byte) bool {
	msg, err := sipmsg.ParseMessage(data)
	if err != nil || !complete(msg) {
		s.counters.dropped.Add(1)
		return false
	}
	tidy(msg)
	msg.SetTransport("UDP")
	msg.SetSource(source.String())
	fits := false
	switch msg := msg.(type) {
	case *sipmsg.Response:
		fits = s.ours(msg)
	case *sipmsg.Request:
		if msg.Method == sipmsg.REGISTER {
			return s.letRegister(info, msg)
		}
		_, access := s.visitor(msg)
		fits = access != stranger
	}
	if !fits {
		s.counters.dropped.Add(1)
	}
	return fits
}

// letRegister lets a stranger's REGISTER with the right credentials in. Any other is answered here, with nothing kept.
func (s *Server) letRegister(info sipmsg.TransportReadProps, req *sipmsg.Request) bool {
	refusal := inspect(req)
	if refusal != nil {
		s.counters.malformed.Add(1)
	} else {
		name := userOf(req.To().Address)
		device, _ := s.config.Devices.Device(name)
		if s.guard.judge(req, name, device) == right {
			return true // the registrar checks again, and for good
		}
		refusal = s.authenticate(req, name)
	}
	s.answerStateless(info, req, refusal)
	return false
}

func (s *Server) answerStateless(info sipmsg.TransportReadProps, req *sipmsg.Request, r *refusal) {
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

// looksLikeSIP says whether the first line is one of SIP, of any version.
func looksLikeSIP(data []byte) bool {
	line, _, _ := bytes.Cut(data, []byte("\r\n"))
	if bytes.HasPrefix(line, []byte("SIP/2.0 ")) {
		return true
	}
	version := line[bytes.LastIndexByte(line, ' ')+1:]
	return len(version) < len(line) && bytes.HasPrefix(version, []byte("SIP/")) && len(version) == len("SIP/2.0")
}

// prepare sees each message that came in before any transaction has.
func (s *Server) prepare(msg sipmsg.Message) {
	tidy(msg)
	req, ok := msg.(*sipmsg.Request)
	if !ok {
		return
	}
	s.pin(req)
	if req.Transport() == "WS" && req.Via() != nil {
		markSource(req)
	}
	if complete(req) && (req.IsInvite() || req.IsCancel()) && !req.To().Params.Has("tag") {
		req.To().Params.Add("tag", s.calleeTag(req)) // later, responses may already be copying it
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
