package srtp

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

var (
	// ErrBadCrypto says that the value of an a=crypto line cannot be understood.
	ErrBadCrypto = errors.New("bad crypto attribute")
	// ErrUnsupported says that a crypto attribute asks for something we do not do.
	ErrUnsupported = errors.New("unsupported")
	// ErrNoCrypto says that an offer has no crypto attribute that we can take.
	ErrNoCrypto = errors.New("no common crypto suite")
)

// A Crypto is one a=crypto line of SDP (RFC 4568): the key that its writer will send with. Such SDP must itself
// travel encrypted, or the key is everyone's.
type Crypto struct {
	Tag     int // 1 to 999999999; the answer bears the offer's
	Profile Profile
	Key     Master
	// MKI is put into every packet protected with the key; mostly none.
	MKI []byte
	// Lifetime is for how many packets the key is good, 0 where not said. It is told, not enforced: the shortest in
	// use, 2^20, lasts six hours at 50 packets a second.
	Lifetime uint64
}

// NewCrypto makes a line with a key of its own.
func NewCrypto(tag int, profile Profile) Crypto {
	c := Crypto{Tag: tag, Profile: profile}
	rand.Read(c.Key[:]) //nolint:errcheck // never fails
	return c
}

// ParseCrypto reads the value of an a=crypto line, what follows the colon. The error is ErrBadCrypto, or
// ErrUnsupported for another suite, several keys, or session parameters that weaken or change the protection.
func ParseCrypto(value string) (Crypto, error) {
	fields := strings.Fields(value)
	if len(fields) < 3 {
		return Crypto{}, fmt.Errorf("%w: want tag, suite and key", ErrBadCrypto)
	}
	tag, err := strconv.ParseUint(fields[0], 10, 32)
	if err != nil || len(fields[0]) > 9 {
		return Crypto{}, fmt.Errorf("%w: tag %q: want a number of 1 to 9 digits", ErrBadCrypto, fields[0])
	}
	c := Crypto{Tag: int(tag)}
	if c.Profile, err = profileNamed(fields[1]); err != nil {
		return Crypto{}, err
	}
	if err := c.readKey(fields[2]); err != nil {
		return Crypto{}, err
	}
	for _, parameter := range fields[3:] {
		if !strings.HasPrefix(parameter, "WSH=") { // a hint for our window, which needs none
			return Crypto{}, fmt.Errorf("%w: session parameter %q", ErrUnsupported, parameter)
		}
	}
	return c, nil
}

func profileNamed(suite string) (Profile, error) {
	for i, profile := range profiles {
		if suite == profile.name {
			return Profile(i), nil
		}
	}
	return 0, fmt.Errorf("%w: crypto suite %q", ErrUnsupported, suite)
}

// readKey reads "inline:" key, lifetime and MKI (RFC 4568 section 6.1). No error repeats the key.
func (c *Crypto) readKey(text string) error {
	info, ok := strings.CutPrefix(text, "inline:")
	if !ok {
		return fmt.Errorf("%w: want inline: and a key", ErrBadCrypto)
	}
	if strings.Contains(info, ";") {
		return fmt.Errorf("%w: more than one key", ErrUnsupported)
	}
	parts := strings.Split(info, "|")
	key, err := base64.StdEncoding.DecodeString(parts[0])
	if err != nil || len(key) != len(c.Key) {
		return fmt.Errorf("%w: want key and salt of %d bytes in base64", ErrBadCrypto, len(c.Key))
	}
	copy(c.Key[:], key)
	rest := parts[1:]
	if len(rest) > 0 && !strings.Contains(rest[0], ":") {
		if c.Lifetime, err = parseLifetime(rest[0]); err != nil {
			return err
		}
		rest = rest[1:]
	}
	if len(rest) > 0 {
		if c.MKI, err = parseMKI(rest[0]); err != nil {
			return err
		}
		rest = rest[1:]
	}
	if len(rest) > 0 {
		return fmt.Errorf("%w: %d things after the key's MKI", ErrBadCrypto, len(rest))
	}
	return nil
}

// parseLifetime reads a number of packets, plain or as a power of two: "2^31".
func parseLifetime(text string) (uint64, error) {
	power, isPower := strings.CutPrefix(text, "2^")
	if isPower {
		n, err := strconv.ParseUint(power, 10, 8)
		if err != nil || n > 48 {
			return 0, fmt.Errorf("%w: lifetime %q: want at most 2^48", ErrBadCrypto, text)
		}
		return 1 << n, nil
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n == 0 || n > 1<<48 {
		return 0, fmt.Errorf("%w: lifetime %q: want 1 to 2^48", ErrBadCrypto, text)
	}
	return n, nil
}

// parseMKI reads "value:length", the length in bytes. Of those only up to 4 bytes are taken.
func parseMKI(text string) ([]byte, error) {
	value, length, _ := strings.Cut(text, ":")
	v, valueErr := strconv.ParseUint(value, 10, 32)
	n, lengthErr := strconv.ParseUint(length, 10, 8)
	if valueErr != nil || lengthErr != nil || n < 1 || n > 4 || v>>(8*n) != 0 {
		return nil, fmt.Errorf("%w: MKI %q: want a value and its length of 1 to 4 bytes", ErrUnsupported, text)
	}
	var mki [4]byte
	binary.BigEndian.PutUint32(mki[:], uint32(v))
	return mki[4-n:], nil
}

// Line is the value of the a=crypto line. It bears the key: it belongs into SDP, and nowhere else.
func (c Crypto) Line() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s inline:%s", c.Tag, c.Profile, base64.StdEncoding.EncodeToString(c.Key[:]))
	if c.Lifetime > 0 {
		fmt.Fprintf(&b, "|%d", c.Lifetime)
	}
	if len(c.MKI) > 0 {
		var mki [4]byte
		copy(mki[4-len(c.MKI):], c.MKI)
		fmt.Fprintf(&b, "|%d:%d", binary.BigEndian.Uint32(mki[:]), len(c.MKI))
	}
	return b.String()
}

// ChooseCrypto takes the first a=crypto value of an offer that we can take, the peer's favourite. What cannot be
// taken is skipped; the error is ErrNoCrypto where nothing is left, and says what was wrong with each.
func ChooseCrypto(offered []string) (Crypto, error) {
	none := ErrNoCrypto
	for _, value := range offered {
		c, err := ParseCrypto(value)
		if err == nil {
			return c, nil
		}
		none = fmt.Errorf("%w; %w", none, err)
	}
	return Crypto{}, none
}

// Agree joins our line with the peer's, whichever of the two was the answer. The error is ErrNoCrypto where the
// answer bears another tag or suite than the offer.
func Agree(local, remote Crypto) (Keys, error) {
	if local.Tag != remote.Tag || local.Profile != remote.Profile {
		return Keys{}, fmt.Errorf("%w: %d %s against %d %s", ErrNoCrypto, local.Tag, local.Profile, remote.Tag, remote.Profile)
	}
	return Keys{Profile: local.Profile, Local: local.Key, Remote: remote.Key, RemoteMKI: remote.MKI}, nil
}
