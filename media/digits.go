package media

import (
	"strings"
	"time"

	"github.com/pion/rtp"

	"threering/media/dtmf"
)

const (
	pressTicks = 5  // a key is down for 100 ms
	endPackets = 3  // its end is said three times (RFC 4733 section 2.5.1.4)
	pauseTicks = 3  // 60 ms between two keys
	mostKeys   = 32 // wait to be sent; more are dropped, so that nobody can keep a leg from being heard
)

// digits are the key presses a port has yet to send.
type digits struct {
	queue     []byte  // event codes, the one being sent first
	ticks     int     // how far that one has come
	timestamp uint32  // of its events
	tone      []int16 // what is left of its tone, for a peer that takes no events
	stream    stream
}

// SendDigit sends a key press of 100 ms, 0-9 * # A-D, after those that were asked for before: as telephone-event
// (RFC 4733), or as its tones (DTMF) to a peer that takes none. Other audio is left out meanwhile. It is dropped where the
// peer has us on hold, or the key does not exist.
func (p *Port) SendDigit(key rune) { p.out.press(key) }

func (s *sender) press(key rune) {
	s.mu.Lock()
	defer s.mu.Unlock()
	code := strings.IndexRune(keypad, key)
	if code < 0 || s.silent() || len(s.digits.queue) >= mostKeys {
		s.log.Debug("key press not sent", "known", code >= 0, "muted", s.terms.muted)
		return
	}
	s.digits.queue = append(s.digits.queue, byte(code))
	s.pace()
}

// pressAnew presses a key whose own packets were not relayed: the peer takes none, or the audio beside them is
// transcoded and so on another clock.
func (s *sender) pressAnew(key rune) {
	s.mu.Lock()
	relayed := s.terms.takesKeys && s.feed == nil
	s.mu.Unlock()
	if !relayed {
		s.press(key)
	}
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
	if d.ticks == 0 {
		d.begin(s, at)
	}
	if d.ticks < pressTicks+endPackets && !s.silent() {
		d.send(s, at)
	}
	d.ticks++
	sent := d.ticks <= pressTicks+endPackets
	if d.ticks == pressTicks+endPackets+pauseTicks {
		d.queue, d.ticks = d.queue[1:], 0
	}
	return sent
}

// begin starts the first press that is queued.
func (d *digits) begin(s *sender, at time.Time) {
	d.timestamp, d.tone = s.clock.now(at), nil
	if !s.terms.takesKeys {
		d.tone = dtmf.Tone(rune(keypad[d.queue[0]]), pressTicks*tick)
	}
	s.made++
	d.stream = stream{number: s.made}
}

func (d *digits) send(s *sender, at time.Time) {
	switch {
	case len(d.tone) > 0:
		s.say(d.stream, d.tone[:frame], SampleRate, at)
		d.tone = d.tone[frame:]
	case s.terms.takesKeys:
		d.sendEvent(s, at)
	}
}

func (d *digits) sendEvent(s *sender, at time.Time) {
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
	s.clock.sent(d.stream, h.SequenceNumber, h.Timestamp, uint32(e.duration), at)
}
