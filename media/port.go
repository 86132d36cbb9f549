package media

import (
	"net/netip"
	"sync/atomic"
	"time"

	"threering/media/rtcp"
)

// A Listener is told what happens to a port. Its methods must not block; they may call the port's methods,
// Close included.
type Listener interface {
	// Digit reports a key press, once: 0-9 * # A-D. It is one that the peer sent as telephone-event (RFC 4733), or its
	// tones (DTMF) in the audio of a peer that does not send those.
	Digit(p *Port, key rune)
	// Held reports that the peer's SDP put us on hold (sendonly, inactive, 0.0.0.0, port 0) or took us back.
	// It comes from within Answer or Accept, and only when it changes; a new port is not held.
	Held(p *Port, held bool)
	// Silent reports that nothing has come for so long (Config.Silence), neither RTP nor RTCP, from a peer that by
	// what was agreed is to send; once for each silence.
	Silent(p *Port, lasts time.Duration)
}

// deaf is the Listener of a port whose owner wants to know nothing.
type deaf struct{}

func (deaf) Digit(*Port, rune)           {}
func (deaf) Held(*Port, bool)            {}
func (deaf) Silent(*Port, time.Duration) {}

// A Port is one leg's audio and its SDP: a UDP socket, what comes in by it and what goes out. Its receiver
// sees one SSRC, unbroken sequence numbers and timestamps that never jump back, whatever is played to it or
// relayed. All methods may be called from any goroutine.
type Port struct {
	engine   *Engine
	pair     pair
	listener Listener
	session  *session
	in       *receiver
	out      *sender
	control  control
	shield   shield
	joined   atomic.Pointer[hold] // nil while the port is not joined
}

func newPort(e *Engine, l Listener) *Port {
	if l == nil {
		l = deaf{}
	}
	out := newSender(e.pacers.one(), e.config.Log)
	out.doubt = newDoubt(e.config.Silence)
	in := &receiver{out: out, ours: e.sockets.has}
	p := &Port{
		engine: e, listener: l, in: in, out: out,
		control: control{in: in, out: out, reporter: rtcp.NewReporter(out.clock.ssrc, e.cname)},
	}
	p.shield = shield{port: p, of: "audio", send: p.out.sendBeside, seal: p.seal}
	p.control.shield = shield{port: p, of: "reports", send: p.control.sendBeside, seal: p.control.seal}
	return p
}

// open opens the port's sockets. What comes before SDP was exchanged is ignored.
func (p *Port) open() error {
	var err error
	if p.pair, err = p.engine.sockets.open(p.take, p.takeControl); err != nil {
		return err
	}
	port, c := p.pair.rtp.Addr().Port(), &p.engine.config
	p.session = newSession(netip.AddrPortFrom(c.Advertise, port), netip.AddrPortFrom(c.Other, port))
	p.out.attach(p.pair.rtp)
	p.control.attach(p.pair.rtcp)
	return nil
}

// Addr is the address the port tells its peers, but those of the other family and browsers.
func (p *Port) Addr() netip.AddrPort { return p.session.locals[0] }

// Codec is the codec the port sends, once negotiated; PCMA before.
func (p *Port) Codec() Codec { return p.out.currentCodec() }

// Stats tells what has come and gone so far. It can still be asked after Close.
func (p *Port) Stats() Stats {
	s := p.in.stats()
	s.PacketsOut, s.OctetsOut = p.out.sent()
	return s
}

// Close ends what is played, takes the port out of its bridge or mix, and closes the socket. It does not wait for a call to the
// Listener or Tap that is under way; Engine.Close does. Closing again does nothing.
func (p *Port) Close() error {
	if !p.engine.forget(p) {
		return nil
	}
	p.control.close()
	p.control.shield.close()
	p.shield.close()
	p.out.close()
	if h := p.joined.Load(); h != nil {
		h.leave(p)
	}
	p.in.close()
	return p.closeSockets()
}

func (p *Port) closeSockets() error {
	p.session.mu.Lock()
	defer p.session.mu.Unlock()
	p.session.closed = true
	if p.session.moved {
		p.engine.doorway.leave(p)
		return nil
	}
	return p.engine.sockets.close(p.pair)
}
