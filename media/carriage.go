package media

import (
	"slices"
	"strings"

	"github.com/pion/sdp/v3"

	"threering/media/srtp"
)

// A Carriage is how a leg's audio is carried over the network.
type Carriage uint8

// The carriages.
const (
	Plain   Carriage = iota // RTP, for all to hear (RFC 3551)
	SDES                    // SRTP with keys from the SDP (RFC 4568), which must then itself be encrypted
	DTLS                    // SRTP with keys from a DTLS handshake (RFC 5763)
	Browser                 // WebRTC: the same, on a way that ICE has found (RFC 8829)

	// Opportunistic is for an offer alone: SDES where the answer has keys too, else Plain (RFC 8643).
	Opportunistic
	// Preferred is for an offer alone: SDES, and Opportunistic where the peer would not have that (Port.Yield).
	Preferred
)

// protos is the transport that our offers name.
func (c Carriage) protos() []string {
	switch c {
	case SDES:
		return []string{"RTP", "SAVP"}
	case DTLS:
		return []string{"UDP", "TLS", "RTP", "SAVP"}
	case Browser:
		return []string{"UDP", "TLS", "RTP", "SAVPF"}
	}
	return []string{"RTP", "AVP"}
}

// A security is what a media line says of how its audio is carried.
type security struct {
	carriage     Carriage
	crypto       []string // values of a=crypto
	fingerprints []string // values of a=fingerprint
	setup        string
	ufrag        string
	mid          string
	bundled      bool // the line is in a BUNDLE group (RFC 9143)
}

// securityOf reads what a media line, or else the whole description, says; not ok is a carriage that we do not know.
func securityOf(d *sdp.SessionDescription, m *sdp.MediaDescription) (s security, ok bool) {
	s.crypto = values("crypto", m.Attributes)
	s.fingerprints = values("fingerprint", m.Attributes)
	if len(s.fingerprints) == 0 {
		s.fingerprints = values("fingerprint", d.Attributes)
	}
	s.setup, s.ufrag, s.mid = value("setup", d, m), value("ice-ufrag", d, m), value("mid", d, m)
	group := strings.Fields(value("group", d, m))
	s.bundled = len(group) > 1 && group[0] == "BUNDLE" && slices.Contains(group[1:], s.mid)

	switch strings.Join(m.MediaName.Protos, "/") {
	case "RTP/AVP", "RTP/AVPF":
		// Encryption where both can, though the transport's name does not ask for it.
		if _, err := srtp.ChooseCrypto(s.crypto); err == nil {
			s.carriage = SDES
		}
		return s, true
	case "RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF":
	default:
		return s, false
	}
	switch {
	case len(s.fingerprints) == 0:
		s.carriage = SDES
	case s.ufrag != "":
		s.carriage = Browser
	default:
		s.carriage = DTLS
	}
	return s, true
}

// values gives the values of the attributes of a name, the first ones where there are too many.
func values(key string, attributes []sdp.Attribute) (all []string) {
	for _, a := range attributes {
		if a.Key == key && len(all) < maxKeys {
			all = append(all, a.Value)
		}
	}
	return all
}

// value gives the value of an attribute of a media line, or else of the whole description.
func value(key string, d *sdp.SessionDescription, m *sdp.MediaDescription) string {
	if found, ok := m.Attribute(key); ok {
		return found
	}
	found, _ := d.Attribute(key)
	return found
}
