package media

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"sync"
	"syscall"
	"time"

	"threering/media/udp"
)

// What the kernel may hold for a socket, in bytes.
const (
	receiveBuffer = 256 << 10 // more than a second of audio
	controlBuffer = 16 << 10
)

// A portRange opens pairs of ports, in turn from a random one on, and keeps a closed pair at rest for a while. Some stay bound
// while they rest, and are used again before others are opened: that spares a call a dozen system calls.
type portRange struct {
	loops      *udp.Loops
	bind       netip.Addr
	first, len int // the first even port, and how many there are
	rest       time.Duration

	homes []netip.Addr // the addresses that datagrams of its ports may come from

	mu     sync.Mutex // guards the fields below
	next   int        // index of the port to try first
	freeAt map[int]time.Time
	kept   []pair          // at rest, and bound, in the order in which they were closed
	keeps  int             // how many of these there may be
	shut   bool            // none is kept any more
	inUse  map[uint16]bool // even ports
}

func newPortRange(c Config, loops *udp.Loops) *portRange {
	first := c.Low + c.Low%2
	count := (c.High-first-1)/2 + 1
	return &portRange{
		loops: loops, bind: c.Bind, first: first, len: count, rest: c.Rest,
		keeps: mostKept(count),
		homes: homes(c), next: rand.IntN(count), freeAt: make(map[int]time.Time), inUse: make(map[uint16]bool),
	}
}

// homes are the addresses of an engine's ports, as their peers may see them.
func homes(c Config) []netip.Addr {
	all := []netip.Addr{c.Bind, c.Advertise, c.Other}
	if !c.Bind.IsUnspecified() {
		return all
	}
	local, err := net.InterfaceAddrs()
	if err != nil {
		c.Log.Warn("the addresses of this host are not known", "error", err)
	}
	for _, a := range local {
		if network, err := netip.ParsePrefix(a.String()); err == nil {
			all = append(all, network.Addr())
		}
	}
	return all
}

// has says whether an address is that of a pair in use.
func (r *portRange) has(a netip.AddrPort) bool {
	if !slices.Contains(r.homes, a.Addr()) {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.inUse[a.Port()&^1]
}

// A pair is the two UDP ports of a Port: RTP on the even one, RTCP on the next (RFC 3550 section 11).
type pair struct{ rtp, rtcp *udp.Socket }

// open opens the next free pair, which is read from now on.
func (r *portRange) open(rtp, rtcp udp.Handler) (pair, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p, ok := r.again(min(aside, r.keeps), rtp, rtcp); ok {
		return p, nil
	}
	for range r.len {
		port := r.first + 2*r.next
		r.next = (r.next + 1) % r.len
		if time.Now().Before(r.freeAt[port]) {
			continue
		}
		delete(r.freeAt, port)
		p, err := r.openAt(uint16(port), rtp, rtcp)
		if errors.Is(err, syscall.EADDRINUSE) {
			continue
		}
		r.inUse[uint16(port)] = err == nil
		return p, err
	}
	if p, ok := r.again(1, rtp, rtcp); ok {
		return p, nil
	}
	return pair{}, fmt.Errorf("%w in %d-%d", ErrNoPort, r.first, r.first+2*(r.len-1))
}

func (r *portRange) openAt(port uint16, rtp, rtcp udp.Handler) (p pair, err error) {
	if p.rtp, err = r.loops.Listen(netip.AddrPortFrom(r.bind, port), receiveBuffer, rtp); err != nil {
		return pair{}, err
	}
	if p.rtcp, err = r.loops.Listen(netip.AddrPortFrom(r.bind, port+1), controlBuffer, rtcp); err != nil {
		return pair{}, errors.Join(err, p.rtp.Close())
	}
	return p, nil
}

// close closes a pair and lets it rest.
func (r *portRange) close(p pair) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	port := p.rtp.Addr().Port()
	r.freeAt[int(port)] = time.Now().Add(r.rest)
	delete(r.inUse, port)
	if !r.shut && len(r.kept) < r.keeps && r.keep(p) {
		return nil
	}
	return errors.Join(p.rtp.Close(), p.rtcp.Close())
}
