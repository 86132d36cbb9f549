// Package srtp protects the RTP and RTCP of a leg with AES-128 in counter mode and HMAC-SHA1 (RFC 3711), and reads
// and writes the keys that SDP carries (RFC 4568).
// A [Session] has both directions; where its [Keys] come from, SDP or a DTLS handshake, is not its business.
// The package sends nothing, and does not say when a leg must be encrypted.
package srtp

import (
	"fmt"
	"log/slog"

	pion "github.com/pion/srtp/v3"
)

// The parts of a Master, in bytes.
const (
	KeySize  = 16
	SaltSize = 14
)

// A Master is a master key of 16 bytes and its salt of 14. It is shown to nobody by fmt and slog.
type Master [KeySize + SaltSize]byte

// Format writes a stand-in, so that no key reaches a log.
func (Master) Format(f fmt.State, _ rune) { f.Write([]byte("(secret)")) }

// LogValue is the same stand-in.
func (Master) LogValue() slog.Value { return slog.StringValue("(secret)") }

func (m *Master) key() []byte  { return m[:KeySize] }
func (m *Master) salt() []byte { return m[KeySize:] }

// A Profile says how packets are protected. Of RTCP the tag has 80 bits in both.
type Profile uint8

// The profiles, by the length of the tag on RTP.
const (
	Tag80 Profile = iota // AES_CM_128_HMAC_SHA1_80
	Tag32                // AES_CM_128_HMAC_SHA1_32
)

var profiles = [...]struct {
	name string
	tag  int // bytes on RTP
	pion pion.ProtectionProfile
}{
	Tag80: {"AES_CM_128_HMAC_SHA1_80", 10, pion.ProtectionProfileAes128CmHmacSha1_80},
	Tag32: {"AES_CM_128_HMAC_SHA1_32", 4, pion.ProtectionProfileAes128CmHmacSha1_32},
}

// String is the profile's name as a crypto suite (RFC 4568 section 6.2).
func (p Profile) String() string { return profiles[p].name }

// Keys are what both sides of a leg have agreed upon.
type Keys struct {
	Profile Profile
	Local   Master // protects what we send
	Remote  Master // protects what the peer sends
	// RemoteMKI is the master key identifier that the peer puts into each of its packets; mostly none.
	RemoteMKI []byte
}
