package web

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const (
	certificateLife = 397 * 24 * time.Hour // the most that browsers take
	renewBefore     = 30 * 24 * time.Hour
)

// ownCertificate is a certificate that the server made for itself, with its key in
// one file, so that browsers which trust it go on doing so after a restart. It is
// made anew before it expires, and where it lacks one of the names.
type ownCertificate struct {
	file  string
	names []string // DNS names and IP addresses
	clock func() time.Time
	log   *slog.Logger

	mu   sync.Mutex // guards pair, and the file while it is written
	pair *tls.Certificate
}

// get fits tls.Config.GetCertificate.
func (c *ownCertificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pair == nil {
		if err := c.load(); err != nil {
			return nil, fmt.Errorf("load the server's own certificate: %w", err)
		}
	}
	if c.pair != nil && c.suits(c.pair.Leaf) {
		return c.pair, nil
	}
	made, err := c.make()
	if err != nil && c.pair != nil {
		c.log.Error("the server's own certificate was not renewed", "error", err)
		return c.pair, nil
	}
	if err != nil {
		return nil, fmt.Errorf("make a certificate for HTTPS: %w", err)
	}
	c.pair = made
	return c.pair, nil
}

// load reads the file, if there is one. What cannot be read as a pair is no use
// to anybody and will be made anew.
func (c *ownCertificate) load() error {
	text, err := os.ReadFile(c.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	pair, err := tls.X509KeyPair(text, text)
	if err != nil {
		c.log.Warn("the file of the server's own certificate is damaged; a new one is made", "file", c.file, "error", err)
		return nil
	}
	c.pair = &pair
	return nil
}

// suits says whether a certificate can still be shown.
func (c *ownCertificate) suits(leaf *x509.Certificate) bool {
	for _, name := range c.names {
		if leaf.VerifyHostname(name) != nil {
			return false
		}
	}
	now := c.clock()
	return now.After(leaf.NotBefore) && now.Before(leaf.NotAfter.Add(-renewBefore))
}

// make makes a certificate and keeps it.
func (c *ownCertificate) make() (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	form, err := c.form()
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: der})
	pem.Encode(&text, &pem.Block{Type: "PRIVATE KEY", Bytes: secret})
	if err := c.keep(text.Bytes()); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(der)
	c.log.Info("the server made itself a certificate for HTTPS; browsers will ask whether to trust it",
		"file", c.file, "sha256", hex.EncodeToString(sum[:]), "expires", form.NotAfter)
	pair, err := tls.X509KeyPair(text.Bytes(), text.Bytes())
	return &pair, err
}

// form is what the certificate says.
func (c *ownCertificate) form() (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	from := c.clock().Add(-time.Hour) // for clocks that are behind
	form := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Threering"},
		NotBefore: from, NotAfter: from.Add(certificateLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	for _, name := range c.names {
		if ip := net.ParseIP(name); ip != nil {
			form.IPAddresses = append(form.IPAddresses, ip)
		} else {
			form.DNSNames = append(form.DNSNames, name)
		}
	}
	return form, nil
}

// keep puts the text in the place of the file, all of it or nothing.
func (c *ownCertificate) keep(text []byte) error {
	folder := filepath.Dir(c.file)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, "https-*.pem") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it has the other name
	_, err = f.Write(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), c.file)
}
