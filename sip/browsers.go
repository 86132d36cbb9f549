package sip

import (
	"context"
	"errors"
	"net/netip"
	"sync"
)

// ErrCrowded says that there are too many connections of that kind already.
var ErrCrowded = errors.New("too many connections")

const (
	mostUnproven  = 200 // browsers that nobody vouches for and that have not registered yet
	mostOfADevice = 20  // browsers with the session of one and the same person
)

// browsers are those that are connected.
type browsers struct {
	ctx    context.Context // ends when all are to go
	cancel context.CancelFunc
	work   sync.WaitGroup

	mu     sync.RWMutex // guards the fields below, and that none comes after they were told to go
	byAddr map[netip.AddrPort]*browser
	closed bool
}

func newBrowsers() *browsers {
	b := &browsers{byAddr: make(map[netip.AddrPort]*browser)}
	b.ctx, b.cancel = context.WithCancel(context.Background())
	return b
}

// add lets a browser in; remove must follow, and work.Done when nothing of it is left. proven says of one that nobody vouches for whether it has registered.
func (l *browsers) add(b *browser, proven func(*browser) bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return ErrClosed
	}
	alike, most := 0, mostOfADevice
	if b.device == "" {
		most = mostUnproven
	}
	for _, other := range l.byAddr {
		if other.device == b.device && (b.device != "" || !proven(other)) {
			alike++
		}
	}
	if alike >= most || l.byAddr[b.source] != nil { // the former one from that port is not gone yet
		return ErrCrowded
	}
	l.byAddr[b.source] = b
	l.work.Add(1)
	return nil
}

func (l *browsers) remove(b *browser) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.byAddr, b.source)
}

// at is the browser that is connected from there, or nil.
func (l *browsers) at(source netip.AddrPort) *browser {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.byAddr[source]
}

// find is the browser at host:port, or nil.
func (l *browsers) find(hop string) *browser {
	source, err := netip.ParseAddrPort(hop)
	if err != nil {
		return nil
	}
	return l.at(source)
}

// close has all go, and returns when they have gone.
func (l *browsers) close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.cancel()
	l.work.Wait()
}
