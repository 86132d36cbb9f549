package media

import (
	"errors"
	"fmt"
)

// ErrJoined says that a port already has a bridge.
var ErrJoined = errors.New("already joined")

// A Bridge relays what each of two ports receives to the other, on arrival.
type Bridge struct{ a, b *Port }

// Join relays between two ports from now on: audio, translated where the codecs differ, and telephone-event
// with the other leg's payload type. A port is in one bridge at most: ErrJoined. ErrClosed where one is closed.
func Join(a, b *Port) (*Bridge, error) {
	if a == b {
		return nil, fmt.Errorf("joining a port with itself: %w", ErrJoined)
	}
	bridge := &Bridge{a, b}
	if !a.bridge.CompareAndSwap(nil, bridge) {
		return nil, fmt.Errorf("joining %s: %w", a.Addr(), ErrJoined)
	}
	if !b.bridge.CompareAndSwap(nil, bridge) {
		a.bridge.CompareAndSwap(bridge, nil)
		return nil, fmt.Errorf("joining %s: %w", b.Addr(), ErrJoined)
	}
	if a.out.isClosed() || b.out.isClosed() {
		bridge.Close()
		return nil, fmt.Errorf("joining %s and %s: %w", a.Addr(), b.Addr(), ErrClosed)
	}
	return bridge, nil
}

// Close ends the relay; both ports may be joined anew. Closing again does nothing.
func (b *Bridge) Close() {
	b.a.bridge.CompareAndSwap(b, nil)
	b.b.bridge.CompareAndSwap(b, nil)
}

// relay sends on what one of the two has received.
func (b *Bridge) relay(from *Port, pkt *packet) {
	to := b.a
	if from == b.a {
		to = b.b
	}
	to.out.relay(pkt)
}
