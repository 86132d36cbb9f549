package udp

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
)

// Loops read many sockets.
type Loops struct {
	all  []*loop
	next atomic.Uint32 // whose turn it is to get a socket
	runs sync.WaitGroup
}

// Start starts n loops, one at least. Close ends them.
func Start(n int) (*Loops, error) {
	l := &Loops{}
	for range max(n, 1) {
		one, err := newLoop()
		if err != nil {
			return nil, errors.Join(fmt.Errorf("starting to read sockets: %w", err), l.Close())
		}
		l.all = append(l.all, one)
		l.runs.Go(one.run)
	}
	return l, nil
}

// Listen opens a socket at an address, port 0 for a free one, for which the kernel may hold so many bytes of unread datagrams.
// The error is that of the system: syscall.EADDRINUSE where the port is taken.
func (l *Loops) Listen(at netip.AddrPort, buffer int, take Handler) (*Socket, error) {
	s, err := open(at, buffer)
	if err != nil {
		return nil, fmt.Errorf("opening UDP %s: %w", at, err)
	}
	s.take = take
	s.loop = l.all[l.next.Add(1)%uint32(len(l.all))]
	if err := s.loop.add(s); err != nil {
		return nil, errors.Join(fmt.Errorf("reading UDP %s: %w", at, err), s.Close())
	}
	return s, nil
}

// Close ends the loops and waits for them. A Handler must not call it. Sockets that are still open are no longer read.
// Closing again does nothing.
func (l *Loops) Close() error {
	var errs []error
	for _, one := range l.all {
		if err := one.file.Close(); !errors.Is(err, os.ErrClosed) {
			errs = append(errs, err)
		}
	}
	l.runs.Wait()
	return errors.Join(errs...)
}
