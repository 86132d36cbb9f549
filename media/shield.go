package media

import (
	"net/netip"
	"sync"
	"time"

	"threering/media/dtls"
	"threering/media/srtp"
)

// A shield agrees on keys by handshakes: one for a port's audio, and one for its reports where these have a port of their own
// (RFC 5764 section 3). From the moment that it is asked for nothing leaves, and nothing is taken, that is not encrypted.
type shield struct {
	port *Port
	of   string                      // what is encrypted, for the log
	send func(datagram []byte) error // to where the peer is
	seal func(*srtp.Session)         // encrypts from now on; nothing comes and goes while the session is nil

	mu        sync.Mutex // guards the fields below; taken before the control's and the receiver's, never held while a pipe is called
	pipe      *dtls.Pipe // nil where keys come from the SDP
	role      dtls.Role
	announced dtls.Fingerprints
	shaking   bool // the handshake has begun
}

// use encrypts with the keys of a handshake from now on, unless another has begun since.
func (s *shield) use(pipe *dtls.Pipe, keys srtp.Keys) error {
	session, err := srtp.NewSession(keys)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pipe == pipe {
		s.seal(session)
	}
	return nil
}

// expect waits for a handshake with a peer who has one of the fingerprints; after a check by ICE, or else at once.
func (s *shield) expect(role dtls.Role, announced dtls.Fingerprints, afterCheck bool) {
	s.seal(nil)
	s.mu.Lock()
	former := s.pipe
	s.pipe = dtls.NewPipe(s.send)
	s.role, s.announced, s.shaking = role, announced, false
	s.mu.Unlock()
	if former != nil {
		former.Close()
		afterCheck = false // the way is known
	}
	if !afterCheck {
		s.begin()
	}
}

// begin holds the handshake, once.
func (s *shield) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pipe == nil || s.shaking {
		return
	}
	s.shaking = true
	pipe, role, announced := s.pipe, s.role, s.announced
	e := s.port.engine
	e.handshakes.Go(func() {
		keys, err := dtls.Handshake(e.ctx, pipe, role, e.certificate, announced)
		if err == nil {
			err = s.use(pipe, keys)
		}
		if err != nil && !s.port.out.isClosed() {
			e.config.Log.Warn("a leg's encryption failed", "of", s.of, "port", s.port.Addr(), "error", err)
		}
	})
}

// deliver takes in a datagram of the handshake.
func (s *shield) deliver(datagram []byte) {
	s.mu.Lock()
	pipe := s.pipe
	s.mu.Unlock()
	if pipe != nil {
		pipe.Deliver(datagram)
	}
}

// close says goodbye, or ends a handshake that is under way.
func (s *shield) close() {
	s.mu.Lock()
	pipe := s.pipe
	s.mu.Unlock()
	if pipe != nil {
		pipe.Close()
	}
}

// check answers a check of the peer's (ICE).
func (p *Port) check(datagram []byte, from netip.AddrPort, at time.Time) {
	way := p.in.check(datagram, from, at)
	if d := p.engine.doorway; !way.IsValid() || d != nil && !d.enter(way, p) {
		return
	}
	p.in.pin(way, at)
	p.shield.begin()
}

// shake takes in a datagram of a handshake, if it is the peer's.
func (p *Port) shake(datagram []byte, from netip.AddrPort) {
	if p.in.shakes(from) {
		p.shield.deliver(datagram)
	}
}

// seal has audio encrypted, both ways; and RTCP, unless that has keys of its own.
func (p *Port) seal(session *srtp.Session) {
	p.in.seal(session)
	p.out.seal(session)
}

// seal takes only what is encrypted from now on; nothing at all while session is nil.
func (r *receiver) seal(session *srtp.Session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sealed, r.cipher = true, session
}

// open gives the packet within a datagram, in its place; not ok is one that is not the peer's.
func (r *receiver) open(datagram []byte) (packet []byte, ok bool) {
	return r.unseal(datagram, (*srtp.Session).Open)
}

// unseal opens a datagram in its place by one of the session's two ways.
func (r *receiver) unseal(datagram []byte, by func(s *srtp.Session, dst, packet []byte) ([]byte, error)) (packet []byte, ok bool) {
	switch {
	case !r.sealed:
		return datagram, true
	case r.cipher == nil:
		return nil, false
	}
	packet, err := by(r.cipher, datagram[:0], datagram)
	return packet, err == nil
}

// openControl is open for RTCP.
func (r *receiver) openControl(datagram []byte) (packet []byte, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unseal(datagram, (*srtp.Session).OpenControl)
}

// check answers a check, and gives the way to the peer that checks have found; not valid while there is none.
func (r *receiver) check(datagram []byte, from netip.AddrPort, at time.Time) (way netip.AddrPort) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.agent == nil {
		r.ignored++
		return way
	}
	reply, _, err := r.agent.Take(datagram, from, at)
	if reply != nil {
		r.out.sendTo(reply, from)
	}
	if err != nil {
		r.ignored++
		return way
	}
	return r.agent.Selected()
}

// pin takes packets from the way that ICE has found, and sends there.
func (r *receiver) pin(way netip.AddrPort, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.believe(way.Addr())
	r.source.pin(way, at)
	r.out.follow(way)
}

// consents says whether the peer may still be sent to (RFC 7675); if not, nothing is until it checks again.
func (r *receiver) consents(at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.agent != nil && r.agent.Selected().IsValid() && !r.agent.Alive(at) {
		r.out.follow(netip.AddrPort{})
	}
}

// shakes says whether a datagram of a handshake comes from the peer: from the way that ICE has found or, without ICE, from the
// host that the SDP names. Until there are keys the very address that it names goes before another port of the host.
func (r *receiver) shakes(from netip.AddrPort) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := &r.source
	if r.agent == nil && r.sealed && r.cipher == nil && from.Addr() == s.declared.Addr() &&
		(!s.locked.IsValid() || from == s.declared) {
		s.locked = from
		r.out.follow(from)
	}
	if !r.sealed || r.source.locked != from {
		r.ignored++
		return false
	}
	return true
}

// seal sends only what is encrypted from now on; nothing at all while session is nil.
func (s *sender) seal(session *srtp.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sealed, s.cipher = true, session
}

// sendTo sends a datagram somewhere else than to the peer.
func (s *sender) sendTo(datagram []byte, to netip.AddrPort) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		_ = s.wire.Send(datagram, to)
	}
}
