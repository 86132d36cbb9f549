package media

import (
	"strings"
	"time"

	"github.com/pion/rtp"
)

const (
	pressTicks = 5 // a key is down for 100 ms
	endPackets = 3 // its end is said three times (RFC 4733 section 2.5.1.4)
	pauseTicks = 3 // 60 ms between two keys
)

// digits are the key presses a port has yet to send.
type digits struct {
	queue     []byte // event codes, the one being sent first
	ticks     int    // how far that one has come
	timestamp uint32
}

// SendDigit sends a key press, 0-9 * # A-D, as telephone-event (RFC 4733) of 100 ms, after those that were asked for
// before. Audio is left out meanwhile. It is dropped where the peer takes none, has us on hold, or the key does not exist.
func (p *Port) SendDigit(key rune) {
	code := strings.IndexRune(keypad, key)
	s := p.out
	s.mu.Lock()
	defer s.mu.Unlock()
	if code < 0 || s.silent() || !s.terms.takesKeys {
		s.log.Debug("key press not sent", "takes_keys", s.terms.takesKeys, "muted", s.terms.muted)
		return
	}
	s.digits.queue = append(s.digits.queue, byte(code))
	s.pace()
}

// pending says whether there is something left to send.
func (d *digits) pending() bool { return len(d.queue) > 0 }

// pressing says whether a key is down, so that audio is left out.
func (d *digits) pressing() bool { return d.ticks > 0 && d.ticks < pressTicks+endPackets }

// tick sends the next packet of a press, and says whether there was one to send.
func (d *digits) tick(s *sender, at time.Time) bool {
	if !d.pending() {
		return false
	}
	if d.ticks < pressTicks+endPackets {
		d.send(s, at)
	}
	d.ticks++
	sent := d.ticks <= pressTicks+endPackets
	if d.ticks == pressTicks+endPackets+pauseTicks {
		d.queue, d.ticks = d.queue[1:], 0
	}
	return sent
}

func (d *digits) send(s *sender, at time.Time) {
	if s.silent() || !s.terms.takesKeys {
		return
	}
	if d.ticks == 0 {
		d.timestamp = s.clock.now(at)
		s.made++
	}
	e := keyEvent{
		code:     d.queue[0],
		end:      d.ticks >= pressTicks,
		duration: uint16(min(d.ticks+1, pressTicks) * frame),
	}
	payload := s.scratch[:keyEventSize]
	e.put(payload)
	h := rtp.Header{
		Marker:         d.ticks == 0,
		PayloadType:    s.terms.keys,
		SequenceNumber: s.clock.seq,
		Timestamp:      d.timestamp,
	}
	s.send(h, payload)
	s.clock.sent(stream{number: s.made}, h.SequenceNumber, h.Timestamp, uint32(e.duration), at)
}
