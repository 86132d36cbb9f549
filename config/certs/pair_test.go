package certs

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// write writes a new certificate with its key, of some serial number, into the two files.
func write(t *testing.T, certificate, key string, serial int64, lasts time.Duration) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	form := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "test"}, NotAfter: time.Now().Add(lasts), DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, form, form, secret.Public(), secret)
	require.NoError(t, err)
	plain, err := x509.MarshalPKCS8PrivateKey(secret)
	require.NoError(t, err)
	put := func(file, kind string, bytes []byte) {
		next := file + ".new"
		require.NoError(t, os.WriteFile(next, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}), 0o600))
		require.NoError(t, os.Rename(next, file))
	}
	put(certificate, "CERTIFICATE", der)
	put(key, "PRIVATE KEY", plain)
}

func files(t *testing.T) (certificate, key string) {
	t.Helper()
	return filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
}

func serial(t *testing.T, p *Pair) int64 {
	t.Helper()
	pair, err := p.Server(nil)
	require.NoError(t, err)
	same, err := p.Client(nil)
	require.NoError(t, err)
	require.Same(t, pair, same)
	return pair.Leaf.SerialNumber.Int64()
}

const year = 365 * 24 * time.Hour

func TestANewCertificateIsTakenUp(t *testing.T) {
	certificate, key := files(t)
	write(t, certificate, key, 1, year)
	p, err := Open(certificate, key)
	require.NoError(t, err)
	require.EqualValues(t, 1, serial(t, p))
	require.NoError(t, p.Check())
	require.EqualValues(t, 1, serial(t, p))

	write(t, certificate, key, 2, year)
	require.NoError(t, p.Check())
	require.EqualValues(t, 2, serial(t, p))
}

func TestABrokenFileKeepsTheCertificate(t *testing.T) {
	certificate, key := files(t)
	write(t, certificate, key, 1, year)
	p, err := Open(certificate, key)
	require.NoError(t, err)

	good, err := os.ReadFile(certificate)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(certificate, good[:len(good)/2], 0o600))
	require.ErrorContains(t, p.Check(), certificate)
	require.Error(t, p.Check(), "it is not taken for good because it was seen before")
	require.EqualValues(t, 1, serial(t, p))

	require.NoError(t, os.Remove(certificate))
	require.ErrorIs(t, p.Check(), os.ErrNotExist)
	require.EqualValues(t, 1, serial(t, p))

	write(t, certificate, key, 3, year)
	require.NoError(t, p.Check())
	require.EqualValues(t, 3, serial(t, p))
}

// TestHalfOfAChange: certificate and key are two files, and between the two writes they do not fit.
func TestHalfOfAChange(t *testing.T) {
	certificate, key := files(t)
	write(t, certificate, key, 1, year)
	p, err := Open(certificate, key)
	require.NoError(t, err)
	other := filepath.Join(t.TempDir(), "key.pem")
	write(t, certificate, other, 2, year)
	require.Error(t, p.Check())
	require.EqualValues(t, 1, serial(t, p))
	require.NoError(t, os.Rename(other, key))
	require.NoError(t, p.Check())
	require.EqualValues(t, 2, serial(t, p))
}

func TestACertificateThatExpires(t *testing.T) {
	certificate, key := files(t)
	write(t, certificate, key, 1, year)
	p, err := Open(certificate, key)
	require.NoError(t, err)
	p.now = func() time.Time { return time.Now().Add(year - 2*time.Hour) }
	require.ErrorIs(t, p.Check(), ErrExpiring)
	require.EqualValues(t, 1, serial(t, p), "it is shown all the same")
}

func TestOpenWithoutFiles(t *testing.T) {
	certificate, key := files(t)
	_, err := Open(certificate, key)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestWatchTellsOfABrokenFile(t *testing.T) {
	certificate, key := files(t)
	write(t, certificate, key, 1, year)
	p, err := Open(certificate, key)
	require.NoError(t, err)
	told, ended := make(chan error), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer close(ended)
		p.Watch(ctx, time.Millisecond, func(err error) {
			select {
			case told <- err:
			case <-ctx.Done():
			}
		})
	}()
	require.NoError(t, <-told)
	require.NoError(t, os.WriteFile(certificate, []byte("no certificate"), 0o600))
	require.Eventually(t, func() bool { return <-told != nil }, 5*time.Second, time.Millisecond)
	cancel()
	<-ended
}
