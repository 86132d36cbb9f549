//go:build linux

package main

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"threering/cmd/internal/bench"
)

const (
	batchSize  = 64  // datagrams a system call carries at most
	packetSize = 172 // bytes of an RTP packet with 20 ms of G.711, before it is encrypted
	bufferSize = 256
)

// A message is one element of what sendmmsg(2) and recvmmsg(2) take: struct mmsghdr.
type message struct {
	header unix.Msghdr
	size   uint32
}

// A stamp is the control message in which the kernel says when a datagram came (SO_TIMESTAMPNS in socket(7)).
type stamp struct {
	header unix.Cmsghdr
	at     unix.Timespec
}

// A batch is datagrams that one system call sends or receives. It points into itself: it must not be copied.
type batch struct {
	messages [batchSize]message
	vectors  [batchSize]unix.Iovec
	names    [batchSize]unix.RawSockaddrInet4
	stamps   [batchSize]stamp
	buffers  [batchSize][bufferSize]byte
	count    int
}

func newBatch() *batch {
	b := &batch{}
	for i := range b.messages {
		b.vectors[i].Base = &b.buffers[i][0]
		h := &b.messages[i].header
		h.Name, h.Namelen = (*byte)(unsafe.Pointer(&b.names[i])), unix.SizeofSockaddrInet4
		h.Iov, h.Iovlen = &b.vectors[i], 1
	}
	return b
}

// add has the next datagram go to an address: what write makes of its buffer.
func (b *batch) add(to unix.RawSockaddrInet4, write func(buffer []byte) (size int)) {
	i := b.count
	b.count++
	b.names[i] = to
	b.vectors[i].SetLen(write(b.buffers[i][:]))
}

// send sends what was added, and says how much of it the kernel took.
func (b *batch) send(fd int) int {
	sent := 0
	for sent < b.count {
		n, _, errno := unix.Syscall6(unix.SYS_SENDMMSG, uintptr(fd), uintptr(unsafe.Pointer(&b.messages[sent])),
			uintptr(b.count-sent), unix.MSG_DONTWAIT, 0, 0)
		if errno == unix.EINTR {
			continue
		}
		if errno != 0 {
			break
		}
		sent += int(n)
	}
	b.count = 0
	return sent
}

// receive takes in what has come, and says how much that is.
func (b *batch) receive(fd int) int {
	for i := range b.messages {
		b.vectors[i].SetLen(bufferSize)
		h := &b.messages[i].header
		h.Control = (*byte)(unsafe.Pointer(&b.stamps[i]))
		h.SetControllen(int(unsafe.Sizeof(stamp{})))
		h.Namelen = unix.SizeofSockaddrInet4
	}
	n, _, errno := unix.Syscall6(unix.SYS_RECVMMSG, uintptr(fd), uintptr(unsafe.Pointer(&b.messages[0])),
		batchSize, unix.MSG_DONTWAIT, 0, 0)
	if errno != 0 {
		return 0
	}
	return int(n)
}

// datagram is the i-th that was received, the port that it came from, and when it came.
func (b *batch) datagram(i int) (data []byte, from uint16, at time.Time) {
	t := &b.stamps[i].at
	return b.buffers[i][:b.messages[i].size], networkOrder(b.names[i].Port), time.Unix(t.Sec, t.Nsec)
}

// networkOrder turns a port from host to network byte order, and back.
func networkOrder(port uint16) uint16 {
	return binary.BigEndian.Uint16(binary.NativeEndian.AppendUint16(nil, port))
}

// nameOf is an IPv4 address as the kernel takes it.
func nameOf(a netip.AddrPort) unix.RawSockaddrInet4 {
	return unix.RawSockaddrInet4{Family: unix.AF_INET, Port: networkOrder(a.Port()), Addr: a.Addr().As4()}
}

// listen opens a UDP socket on bench.Loopback whose datagrams are stamped, with much room for them.
func listen() (fd int, at netip.AddrPort, err error) {
	fd, err = unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return 0, at, fmt.Errorf("opening a socket: %w", err)
	}
	if at, err = bind(fd); err != nil {
		unix.Close(fd)
		return 0, at, fmt.Errorf("opening a socket: %w", err)
	}
	return fd, at, nil
}

func bind(fd int) (at netip.AddrPort, err error) {
	const room = 16 << 20
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, room) != nil { // only root may have more than the limit
		if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, room); err != nil {
			return at, err
		}
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1); err != nil {
		return at, err
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: bench.Loopback.As4()}); err != nil {
		return at, err
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		return at, err
	}
	v4 := name.(*unix.SockaddrInet4)
	return netip.AddrPortFrom(netip.AddrFrom4(v4.Addr), uint16(v4.Port)), nil
}
