package media

import (
	"net/netip"
	"sync"
	"time"

	"threering/media/dtls"
	"threering/media/srtp"
)

// A shield is the encryption of a port. From the moment that it is asked for nothing leaves the port, and nothing is taken,
// that is not encrypted.
type shield struct {
	port *Port

	mu        sync.Mutex // guards the fields below; never held while a pipe is called
	pipe      *dtls.Pipe // nil where keys come from the SDP
	role      dtls.Role
	announced dtls.Fingerprints
	shaking   bool // the handshake has begun
}

// use encrypts with keys from now on.
func (s *shield) use(keys srtp.Keys) error {
	session, err := srtp.NewSession(keys)
	if err != nil {
		return err
	}
	s.port.in.seal(session)
	s.port.out.seal(session)
	return nil
}

// expect waits for a handshake with a peer who has one of the fingerprints; after a check by ICE, or else at once.
func (s *shield) expect(role dtls.Role, announced dtls.Fingerprints, afterCheck bool) {
	s.port.in.seal(nil)
	s.port.out.seal(nil)
	s.mu.Lock()
	former := s.pipe
	s.pipe = dtls.NewPipe(s.port.out.sendBeside)
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
			err = s.use(keys)
		}
		if err != nil && !s.port.out.isClosed() {
			e.config.Log.Warn("a leg's encryption failed", "port", s.port.Addr(), "error", err)
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
	if !p.in.check(datagram, from, at) {
		return
	}
	if d := p.engine.doorway; d != nil {
		d.enter(from, p)
	}
	p.shield.begin()
}

// shake takes in a datagram of a handshake, if it is the peer's.
func (p *Port) shake(datagram []byte, from netip.AddrPort) {
	if p.in.shakes(from) {
		p.shield.deliver(datagram)
	}
}

// seal takes only what is encrypted from now on; nothing at all while session is nil.
func (r *receiver) seal(session *srtp.Session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sealed, r.cipher = true, session
}

// open gives the packet within a datagram, in its place; not ok is one that is not the peer's.
func (r *receiver) open(datagram []byte) (packet []byte, ok bool) {
	switch {
	case !r.sealed:
		return datagram, true
	case r.cipher == nil:
		return nil, false
	}
	packet, err := r.cipher.Open(datagram[:0], datagram)
	return packet, err == nil
}

// openControl is open for RTCP.
func (r *receiver) openControl(datagram []byte) (packet []byte, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case !r.sealed:
		return datagram, true
	case r.cipher == nil:
		return nil, false
	}
	packet, err := r.cipher.OpenControl(datagram[:0], datagram)
	return packet, err == nil
}

// check answers a check, and says whether it has found the way to the peer, or another.
func (r *receiver) check(datagram []byte, from netip.AddrPort, at time.Time) (found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.agent == nil {
		r.ignored++
		return false
	}
	reply, found, err := r.agent.Take(datagram, from, at)
	if reply != nil {
		r.out.sendTo(reply, from)
	}
	if err != nil {
		r.ignored++
		return false
	}
	if way := r.agent.Selected(); way.IsValid() {
		r.source.pin(way, at)
		r.out.follow(way)
	}
	return found
}

// consents says whether the peer may still be sent to (RFC 7675); if not, nothing is until it checks again.
func (r *receiver) consents(at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.agent != nil && r.agent.Selected().IsValid() && !r.agent.Alive(at) {
		r.out.follow(netip.AddrPort{})
	}
}

// shakes says whether a datagram of a handshake comes from the peer: from the way that ICE has found or, without ICE, from
// whoever was first.
func (r *receiver) shakes(from netip.AddrPort) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.agent == nil && r.sealed && !r.source.locked.IsValid() {
		r.source.locked = from
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
