package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// secure runs a center that also listens for TLS, on another port, and gives the file of the authority that vouches for it.
func secure(t *testing.T) (s *server, ca string) {
	t.Helper()
	cert, key := certificate(t)
	s = &server{t: t, dir: t.TempDir(), sip: freePort(t), tls: freePort(t), http: freePort(t), rtp: freeRange(t)}
	s.env = []string{
		fmt.Sprintf("THREERING_SIP_LISTEN=udp://127.0.0.1:%d,tcp://127.0.0.1:%d,tls://127.0.0.1:%d", s.sip, s.sip, s.tls),
		"THREERING_SIP_CERTIFICATE=" + cert, "THREERING_SIP_KEY=" + key,
	}
	t.Parallel()
	s.run()
	t.Cleanup(s.stop)
	return s, cert
}

// certificate makes a certificate for this machine that vouches for itself.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, secret.Public(), secret)
	require.NoError(t, err)
	plain, err := x509.MarshalECPrivateKey(secret)
	require.NoError(t, err)
	cert = write(t, "cert.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	key = write(t, "key.pem", pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: plain}))
	return cert, key
}
