package trunk

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// Resolver looks names up; *net.Resolver does.
type Resolver interface {
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// A target is an address that a trunk's calls may go to.
type target struct {
	server  server // of which it is one
	name    string // by which its certificate is verified
	network string
	addr    netip.AddrPort
}

var errNoAddress = errors.New("no address")

// resolve finds the targets of a trunk's servers in the order in which they are to be tried: the servers as the document
// has them, each one's by SRV (RFC 3263 4.2, RFC 2782). What was found is given with an error too.
func resolve(ctx context.Context, r Resolver, servers []server, draw func(int) int) ([]target, error) {
	var targets []target
	var errs []error
	for _, s := range servers {
		found, err := resolveServer(ctx, r, s, draw)
		targets = append(targets, found...)
		if err != nil {
			errs = append(errs, fmt.Errorf("look up %s: %w", s.host, err))
		}
	}
	return targets, errors.Join(errs...)
}

func resolveServer(ctx context.Context, r Resolver, s server, draw func(int) int) ([]target, error) {
	if addr, ok := s.addr(); ok {
		return []target{{s, s.host, s.network, netip.AddrPortFrom(addr, uint16(s.standardPort()))}}, nil
	}
	if s.port == 0 {
		if targets, err := resolveSRV(ctx, r, s, draw); err == nil && len(targets) > 0 {
			return targets, nil
		}
	}
	return resolveHost(ctx, r, s, s.host, s.standardPort())
}

func resolveSRV(ctx context.Context, r Resolver, s server, draw func(int) int) ([]target, error) {
	service, proto := "sip", s.network
	if s.network == "tls" {
		service, proto = "sips", "tcp"
	}
	_, records, err := r.LookupSRV(ctx, service, proto, s.host)
	if err != nil {
		return nil, err
	}
	records = inOrder(records, func(r *net.SRV) int { return int(r.Priority) }, func(r *net.SRV) int { return int(r.Weight) }, draw)
	var targets []target
	for _, record := range records {
		host := strings.TrimSuffix(record.Target, ".")
		if host == "" { // the service is decidedly not there (RFC 2782)
			continue
		}
		found, err := resolveHost(ctx, r, s, host, int(record.Port))
		if err == nil {
			targets = append(targets, found...)
		}
	}
	return targets, nil
}

func resolveHost(ctx context.Context, r Resolver, s server, host string, port int) ([]target, error) {
	addrs, err := r.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	if len(addrs) == 0 {
		return nil, errNoAddress
	}
	var targets []target
	for _, addr := range addrs {
		targets = append(targets, target{s, s.host, s.network, netip.AddrPortFrom(addr.Unmap(), uint16(port))})
	}
	return targets, nil
}
