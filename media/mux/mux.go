// Package mux tells apart the datagrams that share one UDP port of an encrypted leg: STUN, DTLS, SRTP and SRTCP
// (RFC 7983, RFC 5761). It looks at two bytes and believes them; whoever is given the datagram checks the rest.
package mux

// A Kind is the protocol that a datagram belongs to.
type Kind uint8

// The kinds of datagrams. Other is none of those that a leg takes: TURN channels, ZRTP, junk, or too short to tell.
const (
	Other Kind = iota
	STUN
	DTLS
	RTP
	RTCP
)

var names = [...]string{"other", "STUN", "DTLS", "RTP", "RTCP"}

// String names a kind.
func (k Kind) String() string { return names[k] }

// KindOf tells the kind of a datagram by its first byte (RFC 7983 section 7), and RTCP from RTP by the second
// (RFC 5761 section 4).
func KindOf(datagram []byte) Kind {
	if len(datagram) < 2 {
		return Other
	}
	switch first := datagram[0]; {
	case first <= 3:
		return STUN
	case first >= 20 && first <= 63:
		return DTLS
	case first >= 128 && first <= 191:
		if second := datagram[1]; second >= 192 && second <= 223 {
			return RTCP
		}
		return RTP
	}
	return Other
}
