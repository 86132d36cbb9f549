package udp

import (
	"net/netip"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// A Socket is an open UDP port.
type Socket struct {
	fd   int
	v6   bool // its family is IPv6, which takes IPv4 addresses in mapped form
	addr netip.AddrPort
	take Handler
	loop *loop
	slot int32 // where the loop finds it
	life int32 // tells it from others that had the slot before

	// use is held for reading while the descriptor is in use, so that its number is not given to another meanwhile.
	use    sync.RWMutex
	closed bool
}

func open(at netip.AddrPort, buffer int) (*Socket, error) {
	family := unix.AF_INET
	if at.Addr().Is6() && !at.Addr().Is4In6() {
		family = unix.AF_INET6
	}
	fd, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	s := &Socket{fd: fd, v6: family == unix.AF_INET6}
	if err := s.bind(at, buffer); err != nil {
		unix.Close(fd)
		return nil, err
	}
	return s, nil
}

func (s *Socket) bind(at netip.AddrPort, buffer int) error {
	if s.v6 { // one socket for both families where the address is ::
		if err := unix.SetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 0); err != nil {
			return os.NewSyscallError("setsockopt", err)
		}
	}
	if err := unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_RCVBUF, buffer); err != nil {
		return os.NewSyscallError("setsockopt", err)
	}
	if err := unix.Bind(s.fd, sockaddrOf(at, s.v6)); err != nil {
		return os.NewSyscallError("bind", err)
	}
	if s.addr = at; at.Port() != 0 {
		return nil
	}
	bound, err := unix.Getsockname(s.fd)
	if err != nil {
		return os.NewSyscallError("getsockname", err)
	}
	s.addr = netip.AddrPortFrom(at.Addr(), portOf(bound))
	return nil
}

func sockaddrOf(a netip.AddrPort, v6 bool) unix.Sockaddr {
	if v6 {
		return &unix.SockaddrInet6{Port: int(a.Port()), Addr: a.Addr().As16()}
	}
	return &unix.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().Unmap().As4()}
}

func portOf(a unix.Sockaddr) uint16 {
	if v6, ok := a.(*unix.SockaddrInet6); ok {
		return uint16(v6.Port)
	}
	return uint16(a.(*unix.SockaddrInet4).Port)
}

// Addr is where the socket listens.
func (s *Socket) Addr() netip.AddrPort { return s.addr }

// Send sends one datagram. It does not block: where the kernel can take no more the error is unix.EAGAIN.
func (s *Socket) Send(datagram []byte, to netip.AddrPort) error {
	s.use.RLock()
	defer s.use.RUnlock()
	if s.closed {
		return ErrClosed
	}
	return sendTo(s.fd, datagram, to, s.v6)
}

// read takes in one datagram, if there is any.
func (s *Socket) read(buffer []byte) (n int, from netip.AddrPort, ok bool) {
	s.use.RLock()
	defer s.use.RUnlock()
	if s.closed {
		return 0, from, false
	}
	return receiveFrom(s.fd, buffer)
}

// Yield closes the socket for whoever has it, and gives its port to another Handler, which is all a new socket would cost a
// system call for. What has come and was not read yet is dropped. nil: it is closed for all.
func (s *Socket) Yield(take Handler) *Socket {
	s.use.Lock()
	defer s.use.Unlock()
	if s.closed {
		return nil
	}
	heir := &Socket{fd: s.fd, v6: s.v6, addr: s.addr, take: take, loop: s.loop, slot: s.slot, life: s.life}
	var rest [1]byte
	for range mostDropped {
		if _, _, more := receiveFrom(s.fd, rest[:]); !more {
			break
		}
	}
	s.closed = true
	s.loop.replace(s, heir)
	return heir
}

// mostDropped bounds the datagrams that are dropped at once, so that no flood can hold up who opens a port.
const mostDropped = 1000

// Close closes the socket. It does not wait for a call of its Handler that is under way. Closing again does nothing.
func (s *Socket) Close() error {
	s.use.Lock()
	defer s.use.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.loop != nil {
		s.loop.remove(s)
	}
	return os.NewSyscallError("close", unix.Close(s.fd))
}
