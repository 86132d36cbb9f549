package srtp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/pion/rtp"
	pion "github.com/pion/srtp/v3"
)

var (
	// ErrAuth says that a packet was not made with the peer's key, or was changed on the way.
	ErrAuth = errors.New("authentication failed")
	// ErrReplay says that a packet has come before, or is too old to tell.
	ErrReplay = errors.New("replayed")
	// ErrPacket says that a packet is none that can be protected or opened.
	ErrPacket = errors.New("bad packet")
)

const (
	// Overhead is how many bytes Seal adds at most.
	Overhead = 10
	// ControlOverhead is how many bytes SealControl adds: index and tag.
	ControlOverhead = 4 + controlTag

	controlTag    = 10
	controlHeader = 8
	window        = 128 // packets that may come out of order (RFC 3711 section 3.3.2 asks for 64)

	// maxSources bounds the SSRCs of one peer, since each costs memory for as long as the session lasts. A leg that
	// is transferred and put on hold all day needs few.
	maxSources = 64
)

// A Session protects and opens the packets of one leg. The Seal methods keep one state and the Open methods
// another: each pair must be called by one goroutine at a time. Nothing is allocated for a packet but the first of
// its SSRC, if dst has room.
type Session struct {
	out, in *pion.Context
	least   int // size of the smallest packet to open, beyond its header
	mki     int

	sent, got         rtp.Header // here so that parsing allocates nothing
	sources, controls sources
}

// NewSession makes a session of what was agreed upon.
func NewSession(keys Keys) (*Session, error) {
	profile := profiles[keys.Profile]
	out, err := pion.CreateContext(keys.Local.key(), keys.Local.salt(), profile.pion)
	if err != nil {
		return nil, fmt.Errorf("SRTP keys for sending: %w", err)
	}
	options := []pion.ContextOption{pion.SRTPReplayProtection(window), pion.SRTCPReplayProtection(window)}
	if len(keys.RemoteMKI) > 0 {
		options = append(options, pion.MasterKeyIndicator(keys.RemoteMKI))
	}
	in, err := pion.CreateContext(keys.Remote.key(), keys.Remote.salt(), profile.pion, options...)
	if err != nil {
		return nil, fmt.Errorf("SRTP keys for receiving: %w", err)
	}
	return &Session{out: out, in: in, least: profile.tag + len(keys.RemoteMKI), mki: len(keys.RemoteMKI)}, nil
}

// Seal protects an RTP packet and returns the result, written to dst from its start where its capacity suffices
// (Overhead more than the packet); packet[:0] seals in place. No two packets of an SSRC may bear the same sequence
// number before it has wrapped, or both can be read. The first had better be below 2^15, so that a peer who misses the
// wrap's other side can still count the turns (RFC 3711 section 3.3.1).
func (s *Session) Seal(dst, packet []byte) ([]byte, error) {
	sealed, err := s.out.EncryptRTP(dst, packet, &s.sent)
	if err != nil {
		return nil, fmt.Errorf("sealing RTP: %w: %w", ErrPacket, err)
	}
	return sealed, nil
}

// SealControl protects an RTCP packet, simple or compound, the way Seal does RTP. It adds ControlOverhead.
func (s *Session) SealControl(dst, packet []byte) ([]byte, error) {
	if len(packet) < controlHeader {
		return nil, fmt.Errorf("sealing RTCP: %w: %d bytes", ErrPacket, len(packet))
	}
	sealed, err := s.out.EncryptRTCP(dst, packet, nil)
	if err != nil {
		return nil, fmt.Errorf("sealing RTCP: %w: %w", ErrPacket, err)
	}
	return sealed, nil
}

// Open checks a packet of the peer's and returns the RTP packet within, written to dst from its start where its
// capacity suffices; packet[:0] opens in place. The error is ErrAuth, ErrReplay or ErrPacket; dst is then of
// no use.
func (s *Session) Open(dst, packet []byte) ([]byte, error) {
	size, err := s.got.Unmarshal(packet)
	if err != nil || s.got.Version != 2 || len(packet) < size+s.least || hidden(&s.got) {
		return nil, ErrPacket
	}
	if !s.sources.admit(s.got.SSRC) {
		return nil, errSources
	}
	opened, err := s.in.DecryptRTP(dst, packet, &s.got)
	if err != nil {
		return nil, verdict(err)
	}
	s.sources.add(s.got.SSRC)
	return opened, nil
}

// OpenControl checks a packet of the peer's and returns the RTCP packet within, the way Open does RTP.
func (s *Session) OpenControl(dst, packet []byte) ([]byte, error) {
	if len(packet) < controlHeader+ControlOverhead+s.mki || packet[0]>>6 != 2 {
		return nil, ErrPacket
	}
	ssrc := binary.BigEndian.Uint32(packet[4:])
	if !s.controls.admit(ssrc) {
		return nil, errSources
	}
	opened, err := s.in.DecryptRTCP(dst, packet, nil)
	if err != nil {
		return nil, verdict(err)
	}
	s.controls.add(ssrc)
	return opened, nil
}

// hidden says whether a header was encrypted too (RFC 9335), to which we never agree.
func hidden(h *rtp.Header) bool {
	return h.Extension && (h.ExtensionProfile == rtp.CryptexProfileOneByte || h.ExtensionProfile == rtp.CryptexProfileTwoByte)
}

// verdict names what pion/srtp has against a packet of the right form. It exports no error for a replay, and has
// nothing else left to complain about.
func verdict(err error) error {
	if errors.Is(err, pion.ErrFailedToVerifyAuthTag) || errors.Is(err, pion.ErrMKINotFound) {
		return ErrAuth
	}
	return ErrReplay
}

// sources are the SSRCs that a peer has proved to be its own.
type sources []uint32

var errSources = fmt.Errorf("%w: more than %d SSRCs", ErrPacket, maxSources)

func (s sources) admit(ssrc uint32) bool { return len(s) < maxSources || slices.Contains(s, ssrc) }

func (s *sources) add(ssrc uint32) {
	if !slices.Contains(*s, ssrc) {
		*s = append(*s, ssrc)
	}
}
