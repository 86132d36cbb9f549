package media

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/sdp/v3"
)

// A session is the SDP side of a port: what we said last, and what was agreed.
type session struct {
	locals [2]netip.AddrPort // what peers are told: usually, and where they are of the other family

	mu      sync.Mutex     // guards the fields below; taken before the receiver's and the sender's
	local   netip.AddrPort // the one of locals in use
	id      uint64
	version uint64
	said    string      // our last description, but for its version
	prefer  Codec       // named first in our offers
	narrow  bool        // wideband is left out of them
	keys    uint8       // payload type of telephone-event in our offers
	pause   bool        // we put the peer on hold
	held    bool        // the peer put us on hold
	index   int         // which m-line is our audio
	lines   []mediaLine // the m-lines of the session, which stay in all later descriptions
	protos  []string    // the transport of our audio, once offered by the peer
	keying  keying
	moved   bool // a browser's leg uses the doorway, and has closed its own sockets
	closed  bool
	kinds   [128]kind // what we take each received payload type for
}

// A mediaLine is an m-line that we refuse; our own audio has only its place there.
type mediaLine struct {
	media   string
	protos  []string
	formats []string
}

func newSession(local, other netip.AddrPort) *session {
	return &session{
		locals: [2]netip.AddrPort{local, other}, local: local, prefer: PCMA, keys: 101, lines: make([]mediaLine, 1),
		id: rand.Uint64N(1 << 62),
	}
}

// Prefer says which codec the leg has that this one is to be joined with. Offers name it first, and leave out wideband where
// it would have to be transcoded; G.711 is never left out, since everybody has it. Without it they name PCMA first, then
// the codec last negotiated.
func (p *Port) Prefer(c Codec) {
	p.session.mu.Lock()
	defer p.session.mu.Unlock()
	p.session.prefer, p.session.narrow = c, c.is711()
}

// Hold says whether the next Offer or Answer puts the peer on hold: it may listen, but not speak (sendonly).
func (p *Port) Hold(on bool) {
	p.session.mu.Lock()
	defer p.session.mu.Unlock()
	p.session.pause = on
}

// Offer describes what the port can do (RFC 3264): PCMA, PCMU, G722 and telephone-event, both ways. It can be called
// at any time, for a first offer, a re-offer or the answer to a request that came without SDP; Accept takes the answer.
func (p *Port) Offer() ([]byte, error) {
	s := p.session
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, fmt.Errorf("making an offer: %w", ErrClosed)
	}
	formats := []format{{uint8(s.prefer), s.prefer}}
	for _, c := range codecs {
		s.kinds[c] = c.kind()
		if c != s.prefer && (c.is711() || !s.narrow) {
			formats = append(formats, format{uint8(c), c})
		}
	}
	s.kinds[s.keys] = event
	p.in.expect(s.kinds)
	protos := s.protos
	if protos == nil {
		protos = s.keying.protos()
	}
	said := s.keying.offer(p)
	return s.describe(description{
		formats: formats, keys: s.keys, hasKeys: true, direction: s.may(), security: said,
		protos: protos, port: s.local.Port(), muxed: true,
	})
}

// Answer reads a peer's offer, or re-offer, and answers it: the first codec in it that we speak, telephone-event if
// offered, its direction mirrored; other media are refused. The error is ErrBadSDP, ErrNoCommonCodec, ErrFamily or
// ErrNoSecurity, and then all stays as it was.
func (p *Port) Answer(offer []byte) ([]byte, error) {
	theirs, audio, err := parseSDP(offer)
	if err != nil {
		return nil, fmt.Errorf("answering an offer: %w", err)
	}
	s := p.session
	s.mu.Lock()
	local, err := s.face(audio)
	var said saying
	if err == nil {
		said, err = s.keying.answer(p, audio.security)
	}
	if err != nil {
		s.mu.Unlock()
		return nil, fmt.Errorf("answering an offer: %w", err)
	}
	s.turn(local)
	s.adopt(theirs, audio)
	chosen := audio.formats[:1]
	s.kinds = kindsOf(audio, chosen)
	d := description{
		formats: chosen, keys: audio.keys, hasKeys: audio.hasKeys,
		direction: audio.direction.mirror() & s.may(),
		protos:    s.protos,
		muxed:     audio.muxed,
		security:  said,
	}
	if audio.remote.Port() != 0 {
		d.port = s.local.Port()
	}
	answer, err := s.describe(d)
	heldChanged := p.agree(audio)
	s.mu.Unlock()

	if heldChanged {
		p.listener.Held(p, !audio.listens())
	}
	return answer, err
}

// Accept reads the peer's answer to the last Offer. The error is ErrBadSDP, ErrNoCommonCodec, ErrFamily or
// ErrNoSecurity, and then all stays as it was. An answer may come again, as in 183 and 200, or change from one to the next.
func (p *Port) Accept(answer []byte) error {
	_, audio, err := parseSDP(answer)
	if err != nil {
		return fmt.Errorf("reading an answer: %w", err)
	}
	s := p.session
	s.mu.Lock()
	local, err := s.face(audio)
	if err == nil {
		err = s.keying.accept(p, audio.security)
	}
	if err != nil {
		s.mu.Unlock()
		return fmt.Errorf("reading an answer: %w", err)
	}
	s.turn(local)
	if !audio.hasKeys {
		s.kinds[s.keys] = unknown
	}
	for payloadType, k := range kindsOf(audio, audio.formats) {
		if k != unknown && s.kinds[payloadType] == unknown {
			s.kinds[payloadType] = k // some peers send with their own numbers instead of ours
		}
	}
	heldChanged := p.agree(audio)
	s.mu.Unlock()

	if heldChanged {
		p.listener.Held(p, !audio.listens())
	}
	return nil
}

// face chooses the address that we tell a peer by the family of the peer's own. The error is ErrFamily, or ErrClosed.
func (s *session) face(audio audioLine) (netip.AddrPort, error) {
	remote := audio.remote.Addr()
	switch {
	case s.closed:
		return s.local, ErrClosed
	case audio.found(), remote.IsUnspecified(): // the latter is the old way of a hold
		return s.local, nil
	}
	for _, local := range s.locals {
		if local.Addr().IsValid() && local.Addr().Is4() == remote.Is4() {
			return local, nil
		}
	}
	return s.local, fmt.Errorf("%w: the peer is at %s", ErrFamily, remote)
}

// turn tells the peer a local address from now on; a leg that has moved to the doorway tells that.
func (s *session) turn(local netip.AddrPort) {
	if !s.moved {
		s.local = local
	}
}

// agree puts into force what a peer's description says, and tells whether it changed our being on hold. The
// session's lock is held.
func (p *Port) agree(audio audioLine) (heldChanged bool) {
	s := p.session
	chosen := audio.formats[0]
	s.prefer = chosen.codec
	remote := audio.remote
	if remote.Port() == 0 || remote.Addr().IsUnspecified() || audio.found() {
		remote = netip.AddrPort{}
	}
	p.in.agree(s.kinds, remote, audio.hasKeys)
	p.in.watch(audio.speaks() && !s.pause, audio.listens() && !s.pause)
	p.control.agree(audio.muxed, audio.control, time.Now())
	if audio.security.carriage == DTLS && !audio.muxed {
		s.keying.agreeApart(p)
	}
	p.out.agree(terms{
		muted: !audio.listens(),
		codec: chosen.codec, audio: chosen.payloadType,
		keys: audio.keys, takesKeys: audio.hasKeys,
	})
	heldChanged = s.held == audio.listens()
	s.held = !audio.listens()
	return heldChanged
}

// adopt takes over the m-lines of an offer, which later descriptions keep in place.
func (s *session) adopt(theirs *sdp.SessionDescription, audio audioLine) {
	s.index = audio.index
	s.protos = theirs.MediaDescriptions[audio.index].MediaName.Protos
	s.lines = make([]mediaLine, len(theirs.MediaDescriptions))
	for i, m := range theirs.MediaDescriptions {
		s.lines[i] = mediaLine{m.MediaName.Media, m.MediaName.Protos, m.MediaName.Formats}
	}
	if audio.hasKeys {
		s.keys = audio.keys
	}
}

// may is the direction that we want.
func (s *session) may() direction {
	if s.pause {
		return sends
	}
	return sends | receives
}

func kindsOf(audio audioLine, formats []format) (kinds [128]kind) {
	for _, f := range formats {
		kinds[f.payloadType] = f.codec.kind()
	}
	if audio.hasKeys {
		kinds[audio.keys] = event
	}
	return kinds
}
