//go:build !linux

package udp

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Loops read many sockets. Where there is no epoll, each has a goroutine.
type Loops struct{ reads sync.WaitGroup }

// Start starts to read sockets; n matters only where there is epoll. Close ends it.
func Start(int) (*Loops, error) { return &Loops{}, nil }

// Listen opens a socket at an address, port 0 for a free one, for which the kernel may hold so many bytes of unread datagrams.
// The error is that of the system: syscall.EADDRINUSE where the port is taken.
func (l *Loops) Listen(at netip.AddrPort, buffer int, take Handler) (*Socket, error) {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(at))
	if err != nil {
		return nil, fmt.Errorf("opening UDP %s: %w", at, err)
	}
	if err := conn.SetReadBuffer(buffer); err != nil {
		return nil, errors.Join(fmt.Errorf("opening UDP %s: %w", at, err), conn.Close())
	}
	s := &Socket{conn: conn, take: take}
	l.reads.Go(s.run)
	return s, nil
}

// Close waits until all sockets have been closed, which is its user's to do first. A Handler must not call it.
func (l *Loops) Close() error {
	l.reads.Wait()
	return nil
}

// A Socket is an open UDP port.
type Socket struct {
	conn *net.UDPConn
	take Handler
}

// Addr is where the socket listens.
func (s *Socket) Addr() netip.AddrPort {
	return s.conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

// Send sends one datagram.
func (s *Socket) Send(datagram []byte, to netip.AddrPort) error {
	_, err := s.conn.WriteToUDPAddrPort(datagram, to)
	return closedOr(err)
}

// Close closes the socket. It does not wait for a call of its Handler that is under way. Closing again does nothing.
func (s *Socket) Close() error {
	if err := closedOr(s.conn.Close()); !errors.Is(err, ErrClosed) {
		return err
	}
	return nil
}

// Yield closes the socket; its port cannot be given on where each has a goroutine.
func (s *Socket) Yield(Handler) *Socket {
	_ = s.Close() // nobody is left to be told
	return nil
}

func (s *Socket) run() {
	buffer := make([]byte, MaxDatagram+1)
	for {
		n, from, err := s.conn.ReadFromUDPAddrPort(buffer)
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil: // of the network, not of the socket: it may pass, but must not be asked without end
			time.Sleep(time.Millisecond)
		default:
			s.take(buffer[:n], netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), time.Now())
		}
	}
}

func closedOr(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return ErrClosed
	}
	return err
}
