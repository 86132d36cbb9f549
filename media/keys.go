package media

import "encoding/binary"

// keypad lists the keys by their event code (RFC 4733 section 3.2).
const keypad = "0123456789*#ABCD"

// keyEvent is a telephone-event payload (RFC 4733 section 2.3).
type keyEvent struct {
	code     byte
	end      bool
	duration uint16 // in samples
}

const (
	keyEventSize = 4
	keyVolume    = 10 // -10 dBm0
)

func parseKeyEvent(payload []byte) (keyEvent, bool) {
	if len(payload) < keyEventSize {
		return keyEvent{}, false
	}
	return keyEvent{
		code:     payload[0],
		end:      payload[1]&0x80 != 0,
		duration: binary.BigEndian.Uint16(payload[2:]),
	}, true
}

func (e keyEvent) put(payload []byte) {
	payload[0], payload[1] = e.code, keyVolume
	if e.end {
		payload[1] |= 0x80
	}
	binary.BigEndian.PutUint16(payload[2:], e.duration)
}

// A press is told apart from others by its SSRC and the timestamp that all its packets bear.
type press struct {
	ssrc      uint32
	timestamp uint32
	code      byte
}

// keys reports each press at the first of its packets that comes, whichever that is.
type keys struct {
	recent [16]press // the last presses, so that a late or repeated packet is not taken for a new one
	next   int       // where the next one goes
	count  int
}

// press returns the key of a telephone-event payload if this is the first packet of its press, else 0.
func (k *keys) press(ssrc, timestamp uint32, payload []byte) rune {
	e, ok := parseKeyEvent(payload)
	if !ok || int(e.code) >= len(keypad) {
		return 0
	}
	p := press{ssrc, timestamp, e.code}
	fresh := !k.seen(p)
	// A key held for longer than a duration can say goes on as a new event that starts where the first one
	// ended (RFC 4733 section 2.5.1.3): the same press, which moves on to the new timestamp.
	goesOn := k.seen(press{ssrc, timestamp - 0xFFFF, e.code})
	if fresh {
		k.recent[k.next] = p
		k.next = (k.next + 1) % len(k.recent)
		k.count = min(k.count+1, len(k.recent))
	}
	if !fresh || goesOn {
		return 0
	}
	return rune(keypad[e.code])
}

func (k *keys) seen(p press) bool {
	for _, known := range k.recent[:k.count] {
		if known == p {
			return true
		}
	}
	return false
}
