// Package certs opens the certificates that the settings and the center's document name, and goes on with the new ones where
// their files change, for all who show one: HTTPS, SIP over TLS, trunks. It makes none, and knows nothing of what they are for.
package certs

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// ErrExpiring says that a certificate will soon be of no use.
var ErrExpiring = errors.New("the certificate expires")

// ExpiresSoon is how long before its end a certificate is said to expire.
const ExpiresSoon = 7 * 24 * time.Hour

// A Pair is a certificate with its key, of two files (or twice of one). It is safe for use by several goroutines.
type Pair struct {
	certificate, key string
	now              func() time.Time

	mu   sync.Mutex // guards the fields below
	pair *tls.Certificate
	seen [2]mark
}

// A mark tells a file from what it was before.
type mark struct {
	at   time.Time
	size int64
	id   os.FileInfo
}

// Open reads a certificate (PEM, with its chain) and its key.
func Open(certificate, key string) (*Pair, error) {
	p := &Pair{certificate: certificate, key: key, now: time.Now}
	if err := p.Check(); err != nil && !errors.Is(err, ErrExpiring) {
		return nil, err
	}
	return p, nil
}

// Check looks whether the files have changed, and reads them if so. With an error the certificate stays as it was; one that
// wraps [ErrExpiring] is about the present one, which is shown all the same.
func (p *Pair) Check() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen, err := p.look()
	if err != nil {
		return fmt.Errorf("certificate %s: %w", p.certificate, err)
	}
	if p.pair == nil || !same(seen, p.seen) {
		pair, err := tls.LoadX509KeyPair(p.certificate, p.key)
		if err != nil {
			return fmt.Errorf("certificate %s: %w", p.certificate, err)
		}
		p.pair, p.seen = &pair, seen
	}
	if ends := p.pair.Leaf.NotAfter; p.now().Add(ExpiresSoon).After(ends) {
		return fmt.Errorf("certificate %s: %w: %s", p.certificate, ErrExpiring, ends.UTC().Format(time.RFC3339))
	}
	return nil
}

func (p *Pair) look() (seen [2]mark, err error) {
	for i, file := range []string{p.certificate, p.key} {
		info, err := os.Stat(file)
		if err != nil {
			return seen, err
		}
		seen[i] = mark{info.ModTime(), info.Size(), info}
	}
	return seen, nil
}

func same(a, b [2]mark) bool {
	for i := range a {
		if !a[i].at.Equal(b[i].at) || a[i].size != b[i].size || !os.SameFile(a[i].id, b[i].id) {
			return false
		}
	}
	return true
}

// Watch checks now and then, until ctx ends, and tells what is wrong, or nil where nothing is.
func (p *Pair) Watch(ctx context.Context, every time.Duration, tell func(error)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		tell(p.Check())
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// Server shows the certificate to who connects. It fits tls.Config.GetCertificate.
func (p *Pair) Server(*tls.ClientHelloInfo) (*tls.Certificate, error) { return p.present(), nil }

// Client shows the certificate to whom we connect. It fits tls.Config.GetClientCertificate.
func (p *Pair) Client(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	return p.present(), nil
}

func (p *Pair) present() *tls.Certificate {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pair
}
