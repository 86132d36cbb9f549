package dtls

import (
	"context"
	"net"
	"os"
	"sync"
	"time"
)

// A wire is a pipe the way pion/dtls wants it: a net.PacketConn with one peer.
type wire struct {
	arrived chan []byte
	write   func(datagram []byte) error

	closing sync.Once
	closed  chan struct{}

	mu       sync.Mutex         // guards the fields below
	deadline context.Context    // of reading; its end may mean that another has taken its place
	lift     context.CancelFunc // ends it
}

func newWire() *wire {
	w := &wire{arrived: make(chan []byte, queueSize), closed: make(chan struct{})}
	w.deadline, w.lift = context.WithCancel(context.Background())
	return w
}

func (w *wire) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		deadline := w.currentDeadline()
		if w.isClosed() {
			return 0, nil, net.ErrClosed
		}
		if deadline.Err() != nil && deadline == w.currentDeadline() {
			return 0, nil, os.ErrDeadlineExceeded
		}
		select {
		case datagram := <-w.arrived:
			return copy(b, datagram), peer{}, nil
		case <-w.closed:
		case <-deadline.Done():
		}
	}
}

func (w *wire) isClosed() bool {
	select {
	case <-w.closed:
		return true
	default:
		return false
	}
}

func (w *wire) currentDeadline() context.Context {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.deadline
}

func (w *wire) WriteTo(b []byte, _ net.Addr) (int, error) {
	if w.isClosed() {
		return 0, net.ErrClosed
	}
	if err := w.write(b); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (w *wire) Close() error {
	w.closing.Do(func() {
		close(w.closed)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.lift()
	})
	return nil
}

func (w *wire) SetReadDeadline(at time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lift() // wakes whoever reads, to look at the new one
	if at.IsZero() {
		w.deadline, w.lift = context.WithCancel(context.Background())
	} else {
		w.deadline, w.lift = context.WithDeadline(context.Background(), at)
	}
	return nil
}

func (w *wire) SetDeadline(at time.Time) error { return w.SetReadDeadline(at) }

// SetWriteDeadline does nothing, since writing never waits.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

func (w *wire) LocalAddr() net.Addr { return peer{} }

// peer is the address of whoever is at the other end; only the port knows where.
type peer struct{}

func (peer) Network() string { return "udp" }
func (peer) String() string  { return "peer" }
