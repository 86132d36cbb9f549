package media

import (
	"errors"
	"fmt"
)

// ErrJoined says that a port is already joined with others.
var ErrJoined = errors.New("already joined")

// A joint is what joins ports. A port has one at most.
type joint interface {
	// relay takes in what one of them has received.
	relay(from *Port, pkt *packet)
	// key takes in a key that was pressed on one of them.
	key(from *Port, key rune)
	// leave lets go of a port that is being closed.
	leave(p *Port)
}

// A hold is a port's place in a joint.
type hold struct{ joint }

// hold puts the port into a joint. The error is ErrJoined or ErrClosed.
func (p *Port) hold(h *hold) error {
	if !p.joined.CompareAndSwap(nil, h) {
		return fmt.Errorf("joining %s: %w", p.Addr(), ErrJoined)
	}
	if p.out.isClosed() {
		p.release(h)
		return fmt.Errorf("joining %s: %w", p.Addr(), ErrClosed)
	}
	return nil
}

// release takes the port out of a joint; nothing that came by it is heard any more.
func (p *Port) release(h *hold) {
	if p.joined.CompareAndSwap(h, nil) {
		p.out.unfeed()
	}
}

// A Bridge relays what each of two ports receives to the other.
type Bridge struct {
	a, b  *Port
	hold  *hold
	talks *talks
}

// Join relays between two ports from now on. Audio of the same codec, or of the two of G.711, is sent on as it arrives;
// other audio is transcoded, which delays it by a jitter buffer. Keys are sent on with the other leg's payload type, or as
// tones where it takes no telephone-event. A port is in one bridge or mix at most: ErrJoined. ErrClosed where one is closed.
func Join(a, b *Port) (*Bridge, error) {
	if a == b {
		return nil, fmt.Errorf("joining a port with itself: %w", ErrJoined)
	}
	bridge := &Bridge{a: a, b: b, talks: newTalks()}
	bridge.hold = &hold{bridge}
	for _, p := range []*Port{a, b} {
		if err := p.hold(bridge.hold); err != nil {
			bridge.Close()
			return nil, err
		}
	}
	return bridge, nil
}

// Close ends the relay; both ports may be joined anew. Closing again does nothing.
func (b *Bridge) Close() {
	b.a.release(b.hold)
	b.b.release(b.hold)
}

func (b *Bridge) leave(*Port) { b.Close() }

func (b *Bridge) other(p *Port) *Port {
	if p == b.a {
		return b.b
	}
	return b.a
}

// relay sends on what one of the two has received.
func (b *Bridge) relay(from *Port, pkt *packet) {
	b.other(from).out.relay(pkt)
	b.talks.take(from == b.a, pkt)
}

// key presses a key on the other side where its packets were not sent on.
func (b *Bridge) key(from *Port, key rune) { b.other(from).out.pressAnew(key) }
