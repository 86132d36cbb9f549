package web

import (
	"net/netip"
	"sync"
	"time"
)

const (
	freeTries  = 3                // wrong passwords that cost no waiting
	waitMost   = time.Minute      // for the next try
	forgetting = 15 * time.Minute // after the last try
	triesKept  = 10_000           // names and addresses at most
)

// guard slows down who guesses passwords. It counts for each name and address, so
// that nobody is locked out by what others do elsewhere.
type guard struct {
	mu    sync.Mutex // guards tries
	tries map[origin]*tries
}

// origin is who tries: a name from an address (of IPv6 its network, of which
// one machine has all).
type origin struct {
	name    string
	network netip.Prefix
}

type tries struct {
	count int
	last  time.Time
	free  time.Time // when the next one is allowed
}

func newGuard() *guard { return &guard{tries: map[origin]*tries{}} }

func originOf(name string, addr netip.Addr) origin {
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	network, _ := addr.Prefix(bits) // the zero prefix for no address
	return origin{name, network}
}

// enter counts a try and says how long to wait first; 0: go on. It counts before
// the password is looked at, so that tries side by side are counted too.
func (g *guard) enter(o origin, now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.tries[o]
	if t == nil || now.Sub(t.last) > forgetting {
		g.makeRoom()
		t = &tries{}
		g.tries[o] = t
	}
	if wait := t.free.Sub(now); wait > 0 {
		return wait
	}
	t.count++
	t.last, t.free = now, now.Add(pause(t.count))
	return 0
}

// pause is the wait after so many wrong passwords: none, then a second, doubling.
func pause(count int) time.Duration {
	if count <= freeTries {
		return 0
	}
	return min(time.Second<<min(count-freeTries-1, 10), waitMost)
}

// pass forgets the tries: the password was right.
func (g *guard) pass(o origin) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.tries, o)
}

// makeRoom keeps the memory bounded, whatever names are tried. The lock is held.
func (g *guard) makeRoom() {
	for o := range g.tries {
		if len(g.tries) < triesKept {
			return
		}
		delete(g.tries, o)
	}
}

// forget drops the tries that are over long since.
func (g *guard) forget(now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for o, t := range g.tries {
		if now.Sub(t.last) > forgetting {
			delete(g.tries, o)
		}
	}
}
