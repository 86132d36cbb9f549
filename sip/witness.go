package sip

import (
	"net"
	"net/netip"

	sipmsg "github.com/emiago/sipgo/sip"
)

// What is sent is recorded where it leaves, so that nothing that the library sends or repeats by itself is missing.

// overheard is a UDP socket whose messages are recorded.
type overheard struct {
	net.PacketConn
	ladders *Ladders
}

func (o overheard) WriteTo(message []byte, to net.Addr) (int, error) {
	o.ladders.said("udp", addrPort(to), message)
	return o.PacketConn.WriteTo(message, to)
}

// overheardStreams makes connections whose messages are recorded, as they are before they are sealed.
type overheardStreams struct {
	net.Listener
	network string
	ladders *Ladders
}

func (o overheardStreams) Accept() (net.Conn, error) {
	conn, err := o.Listener.Accept()
	if err != nil || conn == nil {
		return conn, err
	}
	return overheardConn{conn, o.network, o.ladders}, nil
}

type overheardConn struct {
	net.Conn
	network string
	ladders *Ladders
}

// Write takes one message: the library writes each at once.
func (o overheardConn) Write(message []byte) (int, error) {
	o.ladders.said(o.network, addrPort(o.RemoteAddr()), message)
	return o.Conn.Write(message)
}

// overhear has a listener's messages recorded.
func (s *Server) overhear(l listener) listener {
	switch {
	case s.config.Ladders == nil:
	case l.packets != nil:
		l.packets = overheard{l.packets, s.config.Ladders}
	default:
		l.streams = overheardStreams{l.streams, l.network, s.config.Ladders}
	}
	return l
}

// overhearConn has a connection's messages recorded.
func (s *Server) overhearConn(network string, conn net.Conn) net.Conn {
	if s.config.Ladders == nil {
		return conn
	}
	return overheardConn{conn, network, s.config.Ladders}
}

// witness records a message that came over a stream: of its bytes there is no more than what was read of it.
func (s *Server) witness(msg sipmsg.Message) {
	if s.config.Ladders == nil || msg.Transport() == "UDP" || msg.Transport() == "WS" {
		return
	}
	if source, err := netip.ParseAddrPort(msg.Source()); err == nil {
		s.config.Ladders.heard(msg.Transport(), source, []byte(msg.String()))
	}
}
