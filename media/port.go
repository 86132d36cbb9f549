package media

import (
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"time"
)

// A Listener is told what happens to a port. Its methods must not block; they may call the port's methods,
// Close included.
type Listener interface {
	// Digit reports a key press that the peer sent as telephone-event (RFC 4733), once: 0-9 * # A-D.
	Digit(p *Port, key rune)
	// Held reports that the peer's SDP put us on hold (sendonly, inactive, 0.0.0.0, port 0) or took us back.
	// It comes from within Answer or Accept, and only when it changes; a new port is not held.
	Held(p *Port, held bool)
}

// deaf is the Listener of a port whose owner wants to know nothing.
type deaf struct{}

func (deaf) Digit(*Port, rune) {}
func (deaf) Held(*Port, bool)  {}

// A Port is one leg's audio and its SDP: a UDP socket, what comes in by it and what goes out. Its receiver
// sees one SSRC, unbroken sequence numbers and timestamps that never jump back, whatever is played to it or
// relayed. All methods may be called from any goroutine.
type Port struct {
	engine   *Engine
	conn     *net.UDPConn
	listener Listener
	session  *session
	in       *receiver
	out      *sender
	bridge   atomic.Pointer[Bridge] // nil while the port is not joined
}

func newPort(e *Engine, conn *net.UDPConn, l Listener) *Port {
	if l == nil {
		l = deaf{}
	}
	local := netip.AddrPortFrom(e.config.Advertise, conn.LocalAddr().(*net.UDPAddr).AddrPort().Port())
	out := newSender(conn, e.pacer, e.config.Log)
	return &Port{
		engine: e, conn: conn, listener: l,
		session: newSession(local), in: &receiver{out: out}, out: out,
	}
}

// Addr is the address the port tells its peers.
func (p *Port) Addr() netip.AddrPort { return p.session.local }

// Codec is the codec the port sends: PCMA or PCMU once negotiated, PCMA before.
func (p *Port) Codec() Codec { return p.out.currentCodec() }

// Tap gives every received audio packet to t, in order of arrival; nil takes the tap off. When Tap returns the
// former tap is no longer called.
func (p *Port) Tap(t Tap) { p.in.setTap(t) }

// Stats tells what has come and gone so far. It can still be asked after Close.
func (p *Port) Stats() Stats {
	s := p.in.stats()
	s.PacketsOut, s.OctetsOut = p.out.sent()
	return s
}

// Close ends what is played and the port's bridge, and closes the socket. It does not wait for a call to the
// Listener or Tap that is under way; Engine.Close does. Closing again does nothing.
func (p *Port) Close() error {
	if !p.engine.forget(p) {
		return nil
	}
	p.out.close()
	if b := p.bridge.Load(); b != nil {
		b.Close()
	}
	err := p.engine.sockets.close(p.conn)
	p.in.setTap(nil)
	return err
}

// read takes in packets until the socket is closed.
func (p *Port) read() {
	buffer := make([]byte, maxPacket+1) // one more than is taken, to know what was cut off
	var pkt packet
	for {
		n, from, err := p.conn.ReadFromUDPAddrPort(buffer)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // of the network, not of the socket: it may pass, but must not be asked without end
			time.Sleep(tick)
			continue
		}
		p.take(&pkt, buffer[:n], from)
	}
}
