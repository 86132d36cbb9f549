package media

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"
)

// receiveBuffer is what the kernel may hold for a socket, in bytes: more than a second of audio.
const receiveBuffer = 256 << 10

// A portRange opens sockets on the even ports of a range, in turn from a random one on, and keeps a closed
// port at rest for a while.
type portRange struct {
	bind       netip.Addr
	first, len int // the first even port, and how many there are
	rest       time.Duration

	mu     sync.Mutex // guards the fields below
	next   int        // index of the port to try first
	freeAt map[int]time.Time
}

func newPortRange(c Config) *portRange {
	first := c.Low + c.Low%2
	count := (c.High-first)/2 + 1
	return &portRange{
		bind: c.Bind, first: first, len: count, rest: c.Rest,
		next: rand.IntN(count), freeAt: make(map[int]time.Time),
	}
}

func (r *portRange) open() (*net.UDPConn, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for range r.len {
		port := r.first + 2*r.next
		r.next = (r.next + 1) % r.len
		if time.Now().Before(r.freeAt[port]) {
			continue
		}
		delete(r.freeAt, port)
		conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(r.bind, uint16(port))))
		if errors.Is(err, syscall.EADDRINUSE) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := conn.SetReadBuffer(receiveBuffer); err != nil {
			return nil, errors.Join(fmt.Errorf("setting the receive buffer: %w", err), conn.Close())
		}
		return conn, nil
	}
	return nil, fmt.Errorf("%w in %d-%d", ErrNoPort, r.first, r.first+2*(r.len-1))
}

func (r *portRange) close(conn *net.UDPConn) error {
	port := conn.LocalAddr().(*net.UDPAddr).Port
	r.mu.Lock()
	r.freeAt[port] = time.Now().Add(r.rest)
	r.mu.Unlock()
	return conn.Close()
}
