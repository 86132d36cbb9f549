package udp

import (
	"encoding/binary"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The calls here are made without telling the scheduler, which would cost as much as some of them: none of them waits.
// An address is written and read as the kernel has it, since package unix would allocate one for each datagram.

// wait asks which sockets are ready; 0 for none, or when interrupted.
func wait(epoll int, events []unix.EpollEvent) int {
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(epoll), uintptr(unsafe.Pointer(&events[0])), uintptr(len(events)), 0, 0, 0)
	if errno != 0 {
		return 0
	}
	return int(n)
}

// sockaddr has room for the address of either family.
type sockaddr = unix.RawSockaddrInet6

func sendTo(fd int, datagram []byte, to netip.AddrPort, v6 bool) error {
	if !v6 && !to.Addr().Unmap().Is4() {
		return unix.EAFNOSUPPORT
	}
	var address sockaddr
	size := put(&address, to, v6)
	var data unsafe.Pointer
	if len(datagram) > 0 {
		data = unsafe.Pointer(&datagram[0])
	}
	_, _, errno := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(data), uintptr(len(datagram)), 0,
		uintptr(unsafe.Pointer(&address)), size)
	if errno != 0 {
		return errno
	}
	return nil
}

func receiveFrom(fd int, buffer []byte) (n int, from netip.AddrPort, ok bool) {
	var address sockaddr
	size := uint32(unsafe.Sizeof(address))
	got, _, errno := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(&buffer[0])), uintptr(len(buffer)), 0,
		uintptr(unsafe.Pointer(&address)), uintptr(unsafe.Pointer(&size)))
	if errno != 0 { // nothing there, or news of a peer that does not listen
		return 0, from, false
	}
	return int(got), get(&address), true
}

// put writes an address, and says how long it is.
func put(into *sockaddr, a netip.AddrPort, v6 bool) uintptr {
	if v6 {
		into.Family, into.Addr = unix.AF_INET6, a.Addr().As16()
		binary.BigEndian.PutUint16(bytesOf(&into.Port), a.Port())
		return unix.SizeofSockaddrInet6
	}
	v4 := (*unix.RawSockaddrInet4)(unsafe.Pointer(into))
	v4.Family = unix.AF_INET
	v4.Addr = a.Addr().Unmap().As4()
	binary.BigEndian.PutUint16(bytesOf(&v4.Port), a.Port())
	return unix.SizeofSockaddrInet4
}

func get(from *sockaddr) netip.AddrPort {
	port := binary.BigEndian.Uint16(bytesOf(&from.Port)) // at the same place in both families
	if from.Family == unix.AF_INET6 {
		return netip.AddrPortFrom(netip.AddrFrom16(from.Addr).Unmap(), port)
	}
	v4 := (*unix.RawSockaddrInet4)(unsafe.Pointer(from))
	return netip.AddrPortFrom(netip.AddrFrom4(v4.Addr), port)
}

func bytesOf(port *uint16) []byte { return (*[2]byte)(unsafe.Pointer(port))[:] }
