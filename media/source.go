package media

import (
	"net/netip"
	"time"
)

const (
	moveAfter   = 5                      // packets in a row a new source must send before it is believed
	silentAfter = 500 * time.Millisecond // how long the old source must have said nothing by then
)

// A source decides whose packets a port takes (symmetric RTP): those of the first that sends something
// plausible, since a peer behind NAT sends from another address than its SDP names. The address of the SDP
// itself always may speak and is then kept. A third party is ignored, unless it goes on while the source
// is silent: then the peer has moved.
type source struct {
	declared netip.AddrPort // what the SDP says; not valid while unknown
	locked   netip.AddrPort // whose packets are taken; not valid before the first
	ssrc     uint32         // of its last packet
	heard    time.Time      // when the locked one was last heard

	candidate     netip.AddrPort // who may be the peer's new address
	candidateSSRC uint32
	run           int // how many packets it has sent in a row

	pinned bool // ICE has found the peer: nobody else is believed
}

// pin takes the packets of an address that ICE has found, and no others'.
func (s *source) pin(way netip.AddrPort, at time.Time) {
	if s.locked != way || !s.pinned {
		s.locked, s.heard, s.pinned = way, at, true
	}
}

// expect notes the address of an SDP, and says whether it is new: then the search starts afresh.
func (s *source) expect(declared netip.AddrPort) bool {
	if s.pinned || !declared.IsValid() || declared == s.declared {
		return false
	}
	*s = source{declared: declared}
	return true
}

// isPeer says whether an address is the peer's, by its SDP or by what it has sent.
func (s *source) isPeer(a netip.Addr) bool {
	return s.locked.IsValid() && s.locked.Addr() == a || s.declared.IsValid() && s.declared.Addr() == a
}

// admit says whether a packet is the peer's, and whether the peer has just been found at a new address.
// Plausible is a packet with a payload type that was negotiated.
func (s *source) admit(from netip.AddrPort, ssrc uint32, plausible bool, at time.Time) (mine, moved bool) {
	switch {
	case from == s.locked:
		s.heard, s.run = at, 0
		if plausible {
			s.ssrc = ssrc
		}
		return true, false
	case !plausible, s.pinned:
		return false, false
	case !s.locked.IsValid(), from == s.declared, s.movedTo(from, ssrc, at):
		s.locked, s.ssrc, s.heard, s.run = from, ssrc, at, 0
		return true, true
	}
	return false, false
}

// movedTo counts the packets of a third party until it can be taken for the peer: it must go on with the peer's stream.
func (s *source) movedTo(from netip.AddrPort, ssrc uint32, at time.Time) bool {
	if ssrc != s.ssrc {
		return false
	}
	if from != s.candidate || ssrc != s.candidateSSRC {
		s.candidate, s.candidateSSRC, s.run = from, ssrc, 0
	}
	s.run++
	return s.run >= moveAfter && at.Sub(s.heard) >= silentAfter
}
