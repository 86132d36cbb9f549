package dtls

import (
	"bytes"
	"crypto"
	_ "crypto/sha1" // the hash functions of RFC 8122
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

var (
	// ErrBadFingerprint says that no value of an SDP's a=fingerprint lines can be used.
	ErrBadFingerprint = errors.New("bad fingerprint")
	// ErrFingerprint says that the peer showed another certificate than its SDP announced: someone is in between.
	ErrFingerprint = errors.New("the certificate does not match the fingerprint")
)

// Fingerprints are the certificates that a peer announced, by the strongest hash function it used: it may show any
// of them (RFC 8122 section 5).
type Fingerprints struct {
	hash crypto.Hash
	sums [][]byte
}

// hashes are those of RFC 8122 but for MD2 and MD5, which prove nothing any more; a stronger one has a higher number.
var hashes = map[string]crypto.Hash{
	"sha-1": crypto.SHA1, "sha-224": crypto.SHA224, "sha-256": crypto.SHA256, "sha-384": crypto.SHA384, "sha-512": crypto.SHA512,
}

// ParseFingerprints reads the values of a peer's a=fingerprint lines, what follows the colon. Those with an unknown
// hash function are skipped; the error is ErrBadFingerprint where one is malformed or none is left.
func ParseFingerprints(values ...string) (Fingerprints, error) {
	var f Fingerprints
	for _, value := range values {
		name, text, _ := strings.Cut(strings.TrimSpace(value), " ")
		hash, known := hashes[strings.ToLower(name)]
		if !known {
			continue
		}
		text = strings.TrimSpace(text)
		sum, err := hex.DecodeString(strings.ReplaceAll(text, ":", ""))
		if err != nil || len(sum) != hash.Size() || len(text) != 3*len(sum)-1 {
			return Fingerprints{}, fmt.Errorf("%w: %q: want %d bytes, hexadecimal with colons", ErrBadFingerprint, value, hash.Size())
		}
		switch {
		case hash > f.hash:
			f = Fingerprints{hash, [][]byte{sum}}
		case hash == f.hash:
			f.sums = append(f.sums, sum)
		}
	}
	if len(f.sums) == 0 {
		return Fingerprints{}, fmt.Errorf("%w: want one by sha-256", ErrBadFingerprint)
	}
	return f, nil
}

// check says whether a certificate, in DER, is one of those announced.
func (f Fingerprints) check(certificate []byte) error {
	if len(f.sums) > 0 {
		h := f.hash.New()
		h.Write(certificate)
		shown := h.Sum(nil)
		for _, sum := range f.sums {
			if bytes.Equal(sum, shown) {
				return nil
			}
		}
	}
	return ErrFingerprint
}

// colons writes bytes the way RFC 8122 wants them: "4A:AD".
func colons(sum []byte) string {
	pairs := make([]string, len(sum))
	for i, b := range sum {
		pairs[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(pairs, ":")
}
