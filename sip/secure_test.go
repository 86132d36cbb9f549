package sip

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// authority makes certificates for a test.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t, pool: x509.NewCertPool()}
	var err error
	a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, a.key.Public(), a.key)
	require.NoError(t, err)
	a.cert, err = x509.ParseCertificate(der)
	require.NoError(t, err)
	a.pool.AddCert(a.cert)
	return a
}

func (a *authority) issue(name string) tls.Certificate {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(a.t, err)
	form := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, form, a.cert, key.Public(), a.key)
	require.NoError(a.t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// TestCallsByTLS: a call by TLS to a server that wants to see our certificate, both ways on one connection.
func TestCallsByTLS(t *testing.T) {
	a := newAuthority(t)
	b := newInbox()
	carrier := serve(t, Config{
		Listen: []string{"tls://127.0.0.1:0"}, Devices: devices().trusting(), Incoming: b.incoming,
		TLS: &tls.Config{Certificates: []tls.Certificate{a.issue("sbc.example")}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: a.pool},
	})
	ours := serve(t, Config{Listen: []string{"udp://127.0.0.1:0"}, Devices: devices().trusting()})
	hop := Hop{Network: "tls", Addr: carrier.Addr("tls"), Host: "sbc.example", TLS: &tls.Config{
		RootCAs: a.pool, ServerName: "sbc.example", Certificates: []tls.Certificate{a.issue("we")},
	}}
	code, err := ours.Ping(context.Background(), hop)
	require.NoError(t, err)
	require.Equal(t, 200, code)

	media, diary := newPaper(), newDiary()
	leg, err := ours.DialWay("1", &stages{left: []Stage{{Hop: hop, Trunk: "tls", Called: "1", Caller: "2"}}, failures: make(chan Failure, 9)}, Dial{Media: media, Notify: diary.note})
	require.NoError(t, err)
	theirs := b.next(t)
	theirs.Answer()
	require.Equal(t, Answered{}, diary.next(t))
	require.Equal(t, Answered{}, b.diary.next(t))
	theirs.Hangup(Reason{}) // comes back by the connection that we opened
	require.Equal(t, 200, diary.ended(t, leg).Code)
	b.diary.ended(t, theirs)
}

func TestAServerThatIsNotWhoItShouldBeIsNotTalkedTo(t *testing.T) {
	a, other := newAuthority(t), newAuthority(t)
	carrier := serve(t, Config{
		Listen: []string{"tls://127.0.0.1:0"}, Devices: devices().trusting(), TLS: &tls.Config{Certificates: []tls.Certificate{a.issue("sbc.example")}},
	})
	ours := serve(t, Config{Listen: []string{"udp://127.0.0.1:0"}})
	for name, config := range map[string]*tls.Config{
		"another name":      {RootCAs: a.pool, ServerName: "sbc.other"},
		"another authority": {RootCAs: other.pool, ServerName: "sbc.example"},
		"the machine's":     nil,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ours.Ping(context.Background(), Hop{Network: "tls", Addr: carrier.Addr("tls"), Host: "sbc.example", TLS: config})
			require.ErrorContains(t, err, "certificate")
		})
	}
}

func TestTLSWithoutACertificateIsNotListenedOn(t *testing.T) {
	_, err := Listen(Config{Listen: []string{"tls://127.0.0.1:0"}})
	require.ErrorContains(t, err, "no certificate")
}
