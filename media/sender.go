package media

import (
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/rtp"

	"threering/media/rtcp"
	"threering/media/srtp"
)

// A sender is all that goes out of a port: one SSRC, one line of sequence numbers and timestamps, whoever the
// audio comes from. Whoever has something to send calls it with the lock of the sender held.
type sender struct {
	pacer *pacer
	log   *slog.Logger

	mu       sync.Mutex // guards the fields below
	wire     wire       // nil before attach
	terms    terms
	remote   netip.AddrPort // where to send; not valid while unknown
	closed   bool
	paced    bool // the pacer calls tick
	playback *Playback
	digits   digits
	feed     *feed    // what has to be transcoded; nil while there is nothing
	encoder  *Encoder // of what is not relayed; nil before it is needed
	clock    clock
	made     uint32 // number of the last stream the port itself made up
	relayed  mapping
	packets  uint64
	octets   uint64
	doubt    doubt
	failed   bool // sending has failed and was logged
	sealed   bool // only what is encrypted is sent
	cipher   *srtp.Session
	buffer   [maxPacket + srtp.Overhead + srtp.ControlOverhead]byte
	scratch  [maxPacket]byte // payload under construction
}

// terms is what signalling has agreed upon for sending.
type terms struct {
	muted     bool // the peer wants nothing
	codec     Codec
	audio     uint8 // payload type of the codec
	keys      uint8 // payload type of telephone-event
	takesKeys bool  // the peer takes telephone-event
}

// A wire takes datagrams on their way, without blocking.
type wire interface {
	Send(datagram []byte, to netip.AddrPort) error
}

func newSender(p *pacer, log *slog.Logger) *sender {
	return &sender{
		pacer: p, log: log,
		terms: terms{muted: true, codec: PCMA, audio: uint8(PCMA)},
		clock: clock{ssrc: rand.Uint32(), seq: uint16(rand.Uint32N(1 << 15)), end: rand.Uint32()},
	}
}

// attach has packets leave by a wire.
func (s *sender) attach(w wire) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wire = w
}

// agree takes over new terms.
func (s *sender) agree(t terms) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.terms = t
	if t.muted {
		s.clock.source = stream{} // whoever is heard afterwards begins anew
	}
}

// follow sends to where the peer is, by its SDP or by what it sends.
func (s *sender) follow(remote netip.AddrPort) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remote = remote
}

func (s *sender) currentCodec() Codec {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.terms.codec
}

func (s *sender) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

func (s *sender) sent() (packets, octets uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.packets, s.octets
}

// sum is what a report tells the peer of what was sent.
func (s *sender) sum(at time.Time) rtcp.Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return rtcp.Sent{Packets: s.packets, Octets: s.octets, Timestamp: s.clock.now(at)}
}

// sendBeside sends a datagram that is neither RTP nor RTCP the same way.
func (s *sender) sendBeside(datagram []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || !s.remote.IsValid() {
		return nil
	}
	return s.wire.Send(datagram, s.remote)
}

// sendReport sends RTCP by a wire of its own to where the peer takes it, or, with none, where RTP goes.
func (s *sender) sendReport(report []byte, own wire, to netip.AddrPort) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.sealed && s.cipher == nil {
		return
	}
	if own == nil {
		own, to = s.wire, s.remote
	}
	if s.sealed {
		var err error
		if report, err = s.cipher.SealControl(s.buffer[:0], report); err != nil {
			return
		}
	}
	if to.IsValid() {
		_ = own.Send(report, to) // reports may get lost
	}
}

// close ends what is played; nothing is sent any more.
func (s *sender) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.digits = digits{}
	s.feed = nil
	if s.playback != nil {
		s.playback.end()
	}
}

// silent says whether packets cannot be sent now.
func (s *sender) silent() bool {
	return s.closed || s.terms.muted || !s.remote.IsValid() || s.sealed && s.cipher == nil
}

// pace has the pacer call tick.
func (s *sender) pace() {
	if !s.paced {
		s.paced = true
		s.pacer.add(s)
	}
}

// tick sends what the port plays at this instant of the grid, and says whether there is more to come.
func (s *sender) tick(at time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	pressing := s.digits.tick(s, at)
	switch {
	case s.playback != nil:
		s.playback.tick(at, !pressing)
	case s.feed != nil:
		if !s.feed.tick(s, at, !pressing) {
			s.feed = nil
		}
	}
	s.paced = s.playback != nil || s.digits.pending() || s.feed != nil
	return s.paced
}

// send writes one packet. The payload is scratch or someone else's.
func (s *sender) send(h rtp.Header, payload []byte) {
	if !s.doubt.allows(s.remote.Addr()) {
		return
	}
	h.Version, h.SSRC = 2, s.clock.ssrc
	n, err := h.MarshalTo(s.buffer[:])
	if err != nil || n+len(payload) > maxPacket {
		return
	}
	datagram := s.buffer[:n+copy(s.buffer[n:], payload)]
	if s.sealed {
		if datagram, err = s.cipher.Seal(datagram[:0], datagram); err != nil {
			return
		}
	}
	if err := s.wire.Send(datagram, s.remote); err != nil {
		if !s.failed && !s.closed {
			s.failed = true
			s.log.Warn("RTP cannot be sent", "to", s.remote, "error", err)
		}
		return
	}
	s.packets++
	s.octets += uint64(len(payload))
}
