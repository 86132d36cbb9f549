package web

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"threering/config/certs"
)

// newTLS is how the server speaks HTTPS: with the certificate of the settings, or,
// where it can be reached from other machines or the settings ask for it, with
// one made by itself. Nil: plain HTTP, on this machine only.
func (s *Server) newTLS() (*tls.Config, error) {
	set := s.cfg.Settings.HTTP
	switch {
	case set.Certificate != "":
		pair, err := certs.Open(set.Certificate, set.Key)
		if err != nil {
			return nil, fmt.Errorf("load the certificate for HTTPS: %w", err)
		}
		s.pair = pair
		return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: pair.Server}, nil
	case set.SelfSigned || !s.Addr().Addr().IsLoopback():
		own := &ownCertificate{
			file: filepath.Join(s.cfg.Settings.DataDir, "https.pem"), names: s.names(), clock: time.Now, log: s.cfg.Log,
		}
		if _, err := own.get(nil); err != nil {
			return nil, err
		}
		return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: own.get}, nil
	}
	return nil, nil
}

// names is what the server may be called by: names and addresses, sorted.
func (s *Server) names() []string {
	host, _, _ := net.SplitHostPort(s.cfg.Settings.HTTP.Listen)
	machine, _ := os.Hostname()
	names := []string{"localhost", "127.0.0.1", "::1", s.cfg.Settings.PublicAddress, machine}
	bound := s.Addr().Addr().Unmap()
	if bound.IsUnspecified() {
		names = append(names, localAddresses()...)
	} else {
		names = append(names, host, bound.WithZone("").String())
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), unnameable)
}

// unnameable: a certificate holds ASCII only (RFC 5280, section 4.2.1.6).
func unnameable(name string) bool {
	return name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' })
}

// localAddresses is the addresses of this machine's network cards.
func localAddresses() []string {
	var list []string
	addrs, _ := net.InterfaceAddrs() // without them the certificate names fewer, and that is all
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() {
			list = append(list, n.IP.String())
		}
	}
	return list
}
