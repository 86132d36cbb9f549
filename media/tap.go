package media

import (
	"slices"
	"time"
)

// A Tap hears what a port receives.
type Tap interface {
	// Packet is given each audio packet in order of arrival, with its sequence number and its timestamp (in
	// samples of 8 kHz) as sent; a peer that starts a new stream may let both jump. It must neither block nor
	// keep the payload nor call the port.
	Packet(at time.Time, codec Codec, seq uint16, timestamp uint32, payload []byte)
}

// A tapping is one listener of a port, of which there may be several with the same Tap.
type tapping struct{ Tap }

// Tap gives every received audio packet to t, in order of arrival, until off is called; when off returns t is no
// longer called. A port may have several taps. Closing the port takes them off. A Tap must not call off.
func (p *Port) Tap(t Tap) (off func()) {
	one := &tapping{t}
	r := p.in
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		r.taps = append(r.taps, one)
	}
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.taps = slices.DeleteFunc(r.taps, func(t *tapping) bool { return t == one })
	}
}

// close takes off the taps.
func (r *receiver) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed, r.taps = true, nil
}
