package sip

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"

	"golang.org/x/sync/singleflight"
)

// A connector makes the connections by TLS that we open, each secured as whoever wants it says. The library has one way for
// all, and could not tell one carrier's authorities from another's.
type connector struct {
	door   *door // that they come to the library by
	flight singleflight.Group
}

// secure sees to it that there is a connection by TLS to an address; where there is one, that stays in use.
func (s *Server) secure(ctx context.Context, to netip.AddrPort, config *tls.Config) error {
	if s.connected(secured, to.String()) {
		return nil
	}
	_, err, _ := s.connector.flight.Do(to.String(), func() (any, error) {
		if s.connected(secured, to.String()) {
			return nil, nil
		}
		return nil, s.connect(ctx, to, config)
	})
	if err != nil {
		return fmt.Errorf("connect to %s: %w", to, err)
	}
	return nil
}

func (s *Server) connect(ctx context.Context, to netip.AddrPort, config *tls.Config) error {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", to.String())
	if err != nil {
		return err
	}
	if config == nil {
		config = &tls.Config{ServerName: to.Addr().String()}
	}
	line := tls.Client(patientConn{conn}, config)
	if err := line.HandshakeContext(ctx); err != nil {
		conn.Close()
		return err
	}
	if !s.connector.door.enter(line, ctx.Done()) {
		line.Close()
		return ErrClosed
	}
	s.connector.door.enter(nil, ctx.Done()) // taken when the library has the one before
	return nil
}

// secured is TLS as a transport.
const secured = "tls"
