package sip

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// A listener is one bound address.
type listener struct {
	network string         // "udp", "tcp" or "tls"
	addr    netip.AddrPort // as bound
	packets net.PacketConn // of udp
	streams net.Listener   // of tcp and tls
}

// bind binds one address of the form udp://host:port. What comes in by tls:// is secured as config says; doorstep counts
// what comes in over TCP.
func bind(where string, config *tls.Config, doorstep *doorstep) (listener, error) {
	network, hostPort, ok := strings.Cut(where, "://")
	switch {
	case !ok || network != "udp" && network != "tcp" && network != secured:
		return listener{}, fmt.Errorf("listen on %q: %w, want udp://host:port, tcp://host:port or tls://host:port", where, ErrAddress)
	case network == secured && config == nil:
		return listener{}, fmt.Errorf("listen on %q: no certificate", where)
	}
	addr, err := netip.ParseAddrPort(hostPort)
	if err != nil {
		return listener{}, fmt.Errorf("listen on %q: %w: %w", where, ErrAddress, err)
	}
	l, err := bindAddr(network, addr, doorstep)
	if err == nil && network == secured {
		l.streams = tls.NewListener(l.streams, config)
	}
	if err != nil {
		return listener{}, fmt.Errorf("listen on %s: %w", where, err)
	}
	return l, nil
}

// receiveBuffer is how many bytes of datagrams may wait to be read: some thousands, as come in a moment of a flood, or of many calls.
const receiveBuffer = 4 << 20

func bindAddr(network string, addr netip.AddrPort, doorstep *doorstep) (listener, error) {
	// The family is said, so that a wildcard address stays what was asked for: the library finds sockets by address.
	family := "6"
	if addr.Addr().Is4() {
		family = "4"
	}
	if network == "udp" {
		packets, err := net.ListenPacket(network+family, addr.String())
		if err != nil {
			return listener{}, err
		}
		if conn, ok := packets.(*net.UDPConn); ok {
			_ = conn.SetReadBuffer(receiveBuffer) // as much of it as the system allows
		}
		return listener{network: network, addr: addrPort(packets.LocalAddr()), packets: packets}, nil
	}
	streams, err := net.Listen("tcp"+family, addr.String())
	if err != nil {
		return listener{}, err
	}
	return listener{network: network, addr: addrPort(streams.Addr()), streams: counter{streams, doorstep}}, nil
}

// serve reads until the listener is closed.
func (l listener) serve(transport *sipmsg.TransportLayer) error {
	var err error
	switch l.network {
	case "udp":
		err = transport.ServeUDP(l.packets)
	case secured:
		err = transport.ServeTLS(l.streams)
	default:
		err = transport.ServeTCP(l.streams)
	}
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func (l listener) close() error {
	if l.packets != nil {
		return l.packets.Close()
	}
	return l.streams.Close()
}

// addrPort is a socket's address as a value; IPv4 never in its IPv6 form.
func addrPort(a net.Addr) netip.AddrPort {
	var addr netip.AddrPort
	switch a := a.(type) {
	case *net.UDPAddr:
		addr = a.AddrPort()
	case *net.TCPAddr:
		addr = a.AddrPort()
	}
	return netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
}

// A counter is a listener whose connections belong to a doorstep.
type counter struct {
	net.Listener
	doorstep *doorstep
}

func (c counter) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		switch {
		case err == nil:
			if k := c.doorstep.admit(conn); k != nil {
				return k, nil
			}
			conn.Close()
		case !errors.Is(err, syscall.EMFILE) && !errors.Is(err, syscall.ENFILE) && !errors.Is(err, syscall.ECONNABORTED):
			return nil, err
		default:
			time.Sleep(100 * time.Millisecond) // no file is free; the port stays open
		}
	}
}

// patience is how long a peer on TCP may take to read what we send.
const patience = 5 * time.Second

// A patientConn is a connection that no peer can block a writer of for ever by not reading.
type patientConn struct{ net.Conn }

func (c patientConn) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}
