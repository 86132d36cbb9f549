package sip

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"
)

// probes are datagrams of our own that are awaited at our own sockets.
type probes struct {
	mu      sync.Mutex // guards awaited
	awaited map[string]chan struct{}
}

const (
	probeMark  = "probe "
	probeAgain = 200 * time.Millisecond
)

// ErrDeaf says that what is sent to one of our sockets does not get read.
var ErrDeaf = errors.New("SIP is not being read")

// Hears sends each UDP socket of ours a datagram and waits until it was read, or ctx ends. The error is ErrDeaf.
func (s *Server) Hears(ctx context.Context) error {
	for _, l := range s.listeners {
		if l.packets == nil {
			continue
		}
		if err := s.hears(ctx, l.addr); err != nil {
			return fmt.Errorf("%s: %w", l.addr, err)
		}
	}
	return nil
}

func (s *Server) hears(ctx context.Context, to netip.AddrPort) error {
	if to.Addr().IsUnspecified() {
		loopback := netip.IPv6Loopback()
		if to.Addr().Is4() {
			loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})
		}
		to = netip.AddrPortFrom(loopback, to.Port())
	}
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to))
	if err != nil {
		return err
	}
	defer conn.Close()
	text := probeMark + rand.Text()
	read := s.probes.await(text)
	defer s.probes.forget(text)
	again := time.NewTicker(probeAgain)
	defer again.Stop()
	for {
		if _, err := conn.Write([]byte(text)); err != nil {
			return err
		}
		select {
		case <-read:
			return nil
		case <-again.C: // it may have been lost in a flood
		case <-ctx.Done():
			return ErrDeaf
		}
	}
}

func (p *probes) await(text string) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.awaited == nil {
		p.awaited = make(map[string]chan struct{})
	}
	read := make(chan struct{})
	p.awaited[text] = read
	return read
}

func (p *probes) forget(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.awaited, text)
}

// probed says whether a datagram is one of our own, and has it awaited no more.
func (s *Server) probed(data []byte) bool {
	if !bytes.HasPrefix(data, []byte(probeMark)) {
		return false
	}
	p := &s.probes
	p.mu.Lock()
	defer p.mu.Unlock()
	read, ours := p.awaited[string(data)]
	if ours {
		close(read)
		delete(p.awaited, string(data))
	}
	return ours
}
