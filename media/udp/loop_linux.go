package udp

import (
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	batch = 64 // sockets that are read before other goroutines get their turn
	most  = 16 // datagrams that one socket may have read before others get theirs
)

// A loop reads the sockets that its epoll descriptor says are ready. The descriptor itself is watched by the
// runtime, so that a loop with nothing to read rests like any goroutine and holds up no thread.
type loop struct {
	file *os.File
	conn syscall.RawConn // of the file

	mu      sync.Mutex // guards the fields below
	sockets []*Socket  // by slot; nil where free
	free    []int32    // slots to use again
	lives   int32      // sockets so far

	// The goroutine's own.
	events [batch]unix.EpollEvent
	ready  [batch]*Socket
	again  []*Socket // have more to read, of which the descriptor will not tell once more
	buffer [MaxDatagram + 1]byte
}

func newLoop() (*loop, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil { // else os.NewFile would not have the runtime watch it
		unix.Close(fd)
		return nil, err
	}
	l := &loop{file: os.NewFile(uintptr(fd), "epoll")}
	if l.conn, err = l.file.SyscallConn(); err != nil {
		l.file.Close()
		return nil, err
	}
	return l, nil
}

// run reads until the descriptor is closed.
func (l *loop) run() {
	_ = l.conn.Read(func(fd uintptr) bool {
		for l.round(int(fd)) {
			runtime.Gosched() // the calls below never give way by themselves
		}
		return false
	})
}

// round reads the sockets that are ready, and says whether there was any.
func (l *loop) round(epoll int) bool {
	before := l.again
	l.again = nil
	n := wait(epoll, l.events[:])
	l.find(n)
	for _, s := range before {
		l.read(s)
	}
	for _, s := range l.ready[:n] {
		if s != nil {
			l.read(s)
		}
	}
	clear(l.ready[:n])
	return n > 0 || len(l.again) > 0
}

// read takes in what a socket has received, until there is no more or others must get their turn.
func (l *loop) read(s *Socket) {
	for range most {
		size, from, ok := s.read(l.buffer[:])
		if !ok {
			return
		}
		s.take(l.buffer[:size], from, time.Now())
	}
	l.again = append(l.again, s)
}

// find looks up the sockets that the first n events speak of, nil for those that have been closed meanwhile.
func (l *loop) find(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, e := range l.events[:n] {
		if s := l.sockets[e.Fd]; s != nil && s.life == e.Pad {
			l.ready[i] = s
		}
	}
}

// add has a socket read from now on.
func (l *loop) add(s *Socket) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.free); n > 0 {
		s.slot, l.free = l.free[n-1], l.free[:n-1]
	} else {
		s.slot = int32(len(l.sockets))
		l.sockets = append(l.sockets, nil)
	}
	l.sockets[s.slot] = s
	l.lives++
	s.life = l.lives
	return l.control(func(epoll int) error {
		return unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, s.fd, &unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET, Fd: s.slot, Pad: s.life})
	})
}

// remove forgets a socket; closing its descriptor takes it off the epoll.
func (l *loop) remove(s *Socket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sockets[s.slot] == s {
		l.sockets[s.slot] = nil
		l.free = append(l.free, s.slot)
	}
}

// replace has another socket take the slot of one, with the same descriptor.
func (l *loop) replace(s, heir *Socket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sockets[s.slot] = heir
}

func (l *loop) control(f func(epoll int) error) error {
	var err error
	if closed := l.conn.Control(func(fd uintptr) { err = f(int(fd)) }); closed != nil {
		return ErrClosed
	}
	return err
}
