package certs

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"threering/config/certs/certstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

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
	certstest.Write(t, certificate, key, 1, year)
	p, err := Open(certificate, key)
	require.NoError(t, err)
	require.EqualValues(t, 1, serial(t, p))
	require.NoError(t, p.Check())
	require.EqualValues(t, 1, serial(t, p))

	certstest.Write(t, certificate, key, 2, year)
	require.NoError(t, p.Check())
	require.EqualValues(t, 2, serial(t, p))
}

func TestABrokenFileKeepsTheCertificate(t *testing.T) {
	certificate, key := files(t)
	certstest.Write(t, certificate, key, 1, year)
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

	certstest.Write(t, certificate, key, 3, year)
	require.NoError(t, p.Check())
	require.EqualValues(t, 3, serial(t, p))
}

// TestHalfOfAChange: certificate and key are two files, and between the two writes they do not fit.
func TestHalfOfAChange(t *testing.T) {
	certificate, key := files(t)
	certstest.Write(t, certificate, key, 1, year)
	p, err := Open(certificate, key)
	require.NoError(t, err)
	other := filepath.Join(t.TempDir(), "key.pem")
	certstest.Write(t, certificate, other, 2, year)
	require.Error(t, p.Check())
	require.EqualValues(t, 1, serial(t, p))
	require.NoError(t, os.Rename(other, key))
	require.NoError(t, p.Check())
	require.EqualValues(t, 2, serial(t, p))
}

func TestACertificateThatExpires(t *testing.T) {
	certificate, key := files(t)
	certstest.Write(t, certificate, key, 1, year)
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
	certstest.Write(t, certificate, key, 1, year)
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
