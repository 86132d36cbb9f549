package dtls

import (
	"bytes"
	"errors"
	"sync"
)

// ErrClosed says that a pipe was closed, or its handshake was held before.
var ErrClosed = errors.New("DTLS pipe closed")

const (
	queueSize = 16 // datagrams; a flight of a handshake is three or four

	// Content types of records (RFC 6347 section 4.1, RFC 5246 section 6.2.1).
	recordAlert     = 21
	recordHandshake = 22
)

// A phase is how far a pipe has come.
type phase uint8

const (
	fresh     phase = iota // datagrams wait for the handshake to begin
	shaking                // datagrams go to the handshake
	parting                // the handshake is done; its goodbye is kept for later
	connected              // nothing runs any more
	closed
)

// A Pipe joins a leg's socket, which is another's, with its handshake: datagrams of the peer's go in by Deliver,
// those for the peer come out by the send function. See Handshake. All methods may be called from any goroutine.
type Pipe struct {
	send func(datagram []byte) error

	mu       sync.Mutex // guards the fields below
	phase    phase
	wire     *wire  // what the handshake holds of the pipe; nil once it is done
	last     []byte // the last datagram of a passive side's handshake, which the peer may have missed
	farewell []byte // says that we close, made by the handshake and encrypted
	dropped  uint64
}

// NewPipe makes a pipe. The function sends one datagram to where the peer is; it must neither block nor keep the
// datagram.
func NewPipe(send func(datagram []byte) error) *Pipe {
	return &Pipe{send: send, wire: newWire()}
}

// Deliver takes in a datagram of DTLS that came from the peer, and copies what it keeps. It never blocks: what comes
// faster than it is read is dropped, and DTLS will send it again. After the handshake a passive side answers a peer
// that repeats itself with the datagram that it must have missed (RFC 6347 section 4.2.4); all else is ignored, an
// alert too, since what ends a leg is signalling or ICE.
func (p *Pipe) Deliver(datagram []byte) {
	if repeat := p.take(datagram); repeat != nil {
		p.send(repeat) //nolint:errcheck // lost, like any datagram may be
	}
}

// take gives a datagram to the handshake, or returns what is to be sent in reply.
func (p *Pipe) take(datagram []byte) (repeat []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch p.phase {
	case fresh, shaking, parting:
		select {
		case p.wire.arrived <- bytes.Clone(datagram):
		default:
			p.dropped++
		}
	case connected:
		if len(datagram) > 0 && datagram[0] == recordHandshake {
			return p.last
		}
	}
	return nil
}

// Dropped counts the datagrams for which there was no room.
func (p *Pipe) Dropped() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dropped
}

// Close tells the peer that the connection ends (close_notify), or ends a handshake that is under way. The keys that
// came of it stay good. Closing again does nothing.
func (p *Pipe) Close() error {
	if farewell := p.shut(); farewell != nil {
		return p.send(farewell)
	}
	return nil
}

// shut closes the pipe, and returns what the peer has to be told.
func (p *Pipe) shut() (farewell []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.phase == connected {
		farewell = p.farewell
	}
	p.phase = closed
	if p.wire != nil {
		p.wire.Close()
	}
	return farewell
}

// begin hands the pipe to its handshake.
func (p *Pipe) begin() (*wire, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.phase != fresh {
		return nil, ErrClosed
	}
	p.phase = shaking
	p.wire.write = p.write
	return p.wire, nil
}

// write sends a datagram of the handshake's, but for its goodbye.
func (p *Pipe) write(datagram []byte) error {
	if p.keep(datagram) {
		return nil
	}
	return p.send(datagram)
}

// keep notes a datagram of the handshake's, and says whether it is for later alone.
func (p *Pipe) keep(datagram []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.phase == parting && datagram[0] == recordAlert {
		p.farewell = bytes.Clone(datagram)
		return true
	}
	p.last = append(p.last[:0], datagram...)
	return false
}

// part keeps what the handshake sends as its goodbye from now on. It says whether the pipe is still open.
func (p *Pipe) part() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.phase != shaking {
		return false
	}
	p.phase = parting
	return true
}

// settle ends the handshake's hold on the pipe. Only a passive side has a last word that its peer waits for.
func (p *Pipe) settle(role Role) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.phase == parting {
		p.phase = connected
	} else {
		p.phase = closed
	}
	p.wire.Close()
	p.wire = nil
	if role == Active {
		p.last = nil
	}
}
