package dtls

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"time"
)

// A Certificate is what a side of a handshake shows: ECDSA on P-256, signed by itself, since its fingerprint in the
// SDP is all that vouches for it. One serves all legs. The zero value is of no use; see NewCertificate.
type Certificate struct {
	pair        tls.Certificate
	fingerprint string
}

// NewCertificate makes a certificate that names nobody.
func NewCertificate() (Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Certificate{}, fmt.Errorf("making a DTLS key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return Certificate{}, fmt.Errorf("making a DTLS certificate: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial.Add(serial, big.NewInt(1)),
		Subject:      pkix.Name{CommonName: "RTP"},
		NotBefore:    time.Now().AddDate(0, 0, -1),                     // a peer's clock may be late
		NotAfter:     time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), // never (RFC 5280 section 4.1.2.5)
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return Certificate{}, fmt.Errorf("making a DTLS certificate: %w", err)
	}
	sum := sha256.Sum256(raw)
	return Certificate{
		pair:        tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key},
		fingerprint: "sha-256 " + colons(sum[:]),
	}, nil
}

// Fingerprint is the value of the a=fingerprint line, "sha-256 4A:AD:…" (RFC 8122 section 5).
func (c Certificate) Fingerprint() string { return c.fingerprint }
