//go:build linux

package bench

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Wire is what the loopback carries to and from a UDP port over IPv4, at the kernel's time: the slowness of those who
// send, receive and measure is not in it.
type Wire struct {
	fd int
}

// A Packet is one datagram on the wire. Its payload is valid until the next one.
type Packet struct {
	At       time.Time
	From, To netip.AddrPort
	Payload  []byte
}

const (
	look    = 100 * time.Millisecond // between two looks whether the watching is to end
	backlog = 4 << 20                // bytes that the kernel keeps for a slow watcher
)

// OpenWire needs the right to read what others send (CAP_NET_RAW, which root has).
func OpenWire(port uint16) (*Wire, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0) // hears nothing until it is bound
	if err != nil {
		return nil, fmt.Errorf("opening the wire: %w", err)
	}
	w := &Wire{fd: fd}
	if err := w.listen(port); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the wire: %w", err), w.Close())
	}
	return w, nil
}

func (w *Wire) listen(port uint16) error {
	loopback, err := net.InterfaceByName("lo")
	if err != nil {
		return err
	}
	filter := onlyUDP(port)
	wait := unix.NsecToTimeval(int64(look))
	ip := binary.BigEndian.Uint16(binary.NativeEndian.AppendUint16(nil, unix.ETH_P_IP)) // in the network's order
	return errors.Join(
		unix.SetsockoptSockFprog(w.fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}),
		unix.SetsockoptInt(w.fd, unix.SOL_PACKET, unix.PACKET_IGNORE_OUTGOING, 1), // the loopback shows each packet leaving and arriving
		unix.SetsockoptInt(w.fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1),
		unix.SetsockoptInt(w.fd, unix.SOL_SOCKET, unix.SO_RCVBUF, backlog),
		unix.SetsockoptTimeval(w.fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &wait),
		unix.Bind(w.fd, &unix.SockaddrLinklayer{Protocol: ip, Ifindex: loopback.Index}),
	)
}

// onlyUDP passes packets of IPv4 that are UDP from or to a port, as bpf(4) has it.
func onlyUDP(port uint16) []unix.SockFilter {
	const protocol = 9 // where the header of IP says it
	return []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: protocol},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.IPPROTO_UDP, Jf: 6},
		{Code: unix.BPF_LDX | unix.BPF_B | unix.BPF_MSH}, // the length of the header
		{Code: unix.BPF_LD | unix.BPF_H | unix.BPF_IND},  // from
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: uint32(port), Jt: 2},
		{Code: unix.BPF_LD | unix.BPF_H | unix.BPF_IND, K: 2}, // to
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: uint32(port), Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: 1 << 16},
		{Code: unix.BPF_RET | unix.BPF_K},
	}
}

// Watch tells of each packet until the context ends.
func (w *Wire) Watch(ctx context.Context, heard func(Packet)) error {
	packet, control := make([]byte, 1<<16), make([]byte, 256)
	for ctx.Err() == nil {
		n, c, _, _, err := unix.Recvmsg(w.fd, packet, control, 0)
		if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return fmt.Errorf("watching the wire: %w", err)
		}
		if p, ok := parse(packet[:n]); ok {
			p.At = stamp(control[:c])
			heard(p)
		}
	}
	return nil
}

// Close ends what Watch, which has returned, has listened on.
func (w *Wire) Close() error { return unix.Close(w.fd) }

// parse reads the headers of IPv4 and UDP (RFC 791, RFC 768), which the filter has looked at already.
func parse(packet []byte) (p Packet, ok bool) {
	const udp = 8 // bytes of its header
	if len(packet) < 20 {
		return p, false
	}
	header := int(packet[0]&0xf) * 4
	if len(packet) < header+udp {
		return p, false
	}
	end := func(address, port int) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(packet[address:])), binary.BigEndian.Uint16(packet[header+port:]))
	}
	return Packet{From: end(12, 0), To: end(16, 2), Payload: packet[header+udp:]}, true
}

// stamp is the kernel's time of a packet.
func stamp(control []byte) time.Time {
	messages, _ := unix.ParseSocketControlMessage(control) // the kernel's own are whole
	for _, m := range messages {
		if m.Header.Level == unix.SOL_SOCKET && m.Header.Type == unix.SCM_TIMESTAMPNS && len(m.Data) >= int(unsafe.Sizeof(unix.Timespec{})) {
			t := (*unix.Timespec)(unsafe.Pointer(&m.Data[0]))
			return time.Unix(t.Unix())
		}
	}
	return time.Now()
}
