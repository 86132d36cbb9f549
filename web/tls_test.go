package web

import (
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// trusting makes a client trust the server's own certificate, and only it.
func (h *house) trusting(c *client) *client {
	text, err := os.ReadFile(filepath.Join(h.cfg.Settings.DataDir, "https.pem"))
	require.NoError(h.t, err)
	pool := x509.NewCertPool()
	require.True(h.t, pool.AppendCertsFromPEM(text))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}
	h.t.Cleanup(transport.CloseIdleConnections)
	c.http.Transport = transport
	return c
}

func TestOwnCertificate(t *testing.T) {
	h := open(t, func(c *Config) { c.Settings.HTTP.SelfSigned = true })
	require.Contains(t, h.URL(), "https://")
	c := h.trusting(h.browser())
	a := c.signIn("1001", "right")
	require.Equal(t, http.StatusOK, a.status)
	require.True(t, cookieOf(t, a).Secure)
	require.Equal(t, http.StatusOK, c.get("/api/v1/session").status)
	head, ok := c.watch(t, "").next()
	require.True(t, ok)
	require.Contains(t, head, "id: ", "streams go over HTTP/2 too")

	again := open(t, func(c *Config) {
		c.Settings.HTTP.SelfSigned, c.Settings.DataDir = true, h.cfg.Settings.DataDir
	})
	require.Equal(t, http.StatusOK, again.trusting(again.browser()).get("/healthz").status)
	first, err := h.tls.GetCertificate(nil)
	require.NoError(t, err)
	second, err := again.tls.GetCertificate(nil)
	require.NoError(t, err)
	require.Equal(t, first.Certificate, second.Certificate, "used again after a restart")

	info, err := os.Stat(filepath.Join(h.cfg.Settings.DataDir, "https.pem"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestBeyondLoopbackThereIsAlwaysTLS(t *testing.T) {
	h := build(t, func(c *Config) { c.Settings.HTTP.Listen = "0.0.0.0:0"; c.Settings.PublicAddress = "203.0.113.5" })
	defer h.Close()
	require.NotNil(t, h.tls)
	pair, err := h.tls.GetCertificate(nil)
	require.NoError(t, err)
	for _, name := range append(localAddresses(), "localhost", "127.0.0.1", "::1", "203.0.113.5") {
		require.NoError(t, pair.Leaf.VerifyHostname(name))
	}
	plain := build(t)
	defer plain.Close()
	require.Nil(t, plain.tls)
}

func TestOwnCertificateIsRenewed(t *testing.T) {
	now := past(9, 0)
	c := &ownCertificate{file: filepath.Join(t.TempDir(), "new", "https.pem"), names: []string{"localhost"}, clock: func() time.Time { return now }, log: slog.New(slog.DiscardHandler)}
	get := func() *x509.Certificate {
		pair, err := c.get(nil)
		require.NoError(t, err)
		return pair.Leaf
	}
	first := get()
	require.LessOrEqual(t, first.NotAfter.Sub(first.NotBefore), 397*24*time.Hour)
	now = now.Add(360 * 24 * time.Hour)
	require.Equal(t, first, get())
	now = now.Add(10 * 24 * time.Hour)
	second := get()
	require.NotEqual(t, first.SerialNumber, second.SerialNumber, "before it expires")
	c.names = append(c.names, "192.0.2.7")
	third := get()
	require.True(t, third.IPAddresses[0].Equal(net.ParseIP("192.0.2.7")), "with another name")

	require.NoError(t, os.WriteFile(c.file, []byte("damaged"), 0o600))
	require.Equal(t, third, get(), "what is in use stays")
	c.pair = nil
	require.NotEqual(t, third.SerialNumber, get().SerialNumber)
}

func TestGivenCertificate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "https.pem")
	c := &ownCertificate{file: file, names: []string{"127.0.0.1"}, clock: time.Now, log: slog.New(slog.DiscardHandler)}
	_, err := c.get(nil)
	require.NoError(t, err)
	h := open(t, func(c *Config) {
		c.Settings.HTTP.Certificate, c.Settings.HTTP.Key, c.Settings.DataDir = file, file, filepath.Dir(file)
	})
	require.Equal(t, http.StatusOK, h.trusting(h.browser()).get("/healthz").status)

	broken := h.cfg
	broken.Metrics = nil
	broken.Settings.HTTP.Key = filepath.Join(t.TempDir(), "none.pem")
	_, err = Listen(t.Context(), broken)
	require.ErrorContains(t, err, "certificate")
	require.ErrorIs(t, err, os.ErrNotExist)
}

// TestANewCertificateIsShownWithoutARestart: as one that is renewed by another program is.
func TestANewCertificateIsShownWithoutARestart(t *testing.T) {
	first, second := filepath.Join(t.TempDir(), "https.pem"), filepath.Join(t.TempDir(), "https.pem")
	for _, file := range []string{first, second} {
		own := &ownCertificate{file: file, names: []string{"localhost"}, clock: time.Now, log: slog.New(slog.DiscardHandler)}
		_, err := own.get(nil)
		require.NoError(t, err)
	}
	h := open(t, func(c *Config) { c.Settings.HTTP.Certificate, c.Settings.HTTP.Key = first, first })
	before, err := h.tls.GetCertificate(nil)
	require.NoError(t, err)
	require.NoError(t, os.Rename(second, first))
	require.NoError(t, h.pair.Check())
	after, err := h.tls.GetCertificate(nil)
	require.NoError(t, err)
	require.NotEqual(t, before.Certificate, after.Certificate)
}
