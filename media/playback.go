package media

import "time"

// A Playback is something played to a port.
type Playback struct {
	sender *sender
	done   chan struct{}

	// The rest is guarded by the sender's lock.
	stream stream
	loop   bool
	sounds []*Sound
	index  int // of the sound that plays
	offset int // of the next sample in it
}

// Play plays sounds one after the other, without a gap, from the next 20 ms tick on; with loop over and over.
// It takes the place of what was playing, whose Done is then closed. While it runs nothing is relayed to this
// port. Time passes for it also while the peer has us on hold. With no audio at all, or on a closed port, it is done
// at once.
func (p *Port) Play(loop bool, sounds ...*Sound) *Playback {
	s := p.out
	b := &Playback{sender: s, done: make(chan struct{}), loop: loop, sounds: sounds}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.playback != nil {
		s.playback.end()
	}
	if s.closed || !audible(sounds) {
		close(b.done)
		return b
	}
	s.made++
	b.stream = stream{number: s.made}
	s.playback, s.feed = b, nil
	s.pace()
	return b
}

func audible(sounds []*Sound) bool {
	for _, s := range sounds {
		if len(s.pcma) > 0 {
			return true
		}
	}
	return false
}

// Done is closed when the last packet was sent, or when the playback was stopped or replaced.
func (b *Playback) Done() <-chan struct{} { return b.done }

// Stop ends the playback, if it still runs, before it returns.
func (b *Playback) Stop() {
	b.sender.mu.Lock()
	defer b.sender.mu.Unlock()
	if b.sender.playback == b {
		b.end()
	}
}

// end makes room for others; b is the sender's present playback.
func (b *Playback) end() {
	b.sender.playback = nil
	close(b.done)
}

// tick moves on by a frame, and sends it where it is to be heard.
func (b *Playback) tick(at time.Time, heard bool) {
	s := b.sender
	heard = heard && !s.silent()
	var more bool
	if codec := s.terms.codec; codec.is711() {
		more = b.fill(s.scratch[:frame], codec)
		if heard {
			s.sendFrame(b.stream, s.scratch[:frame], at)
		}
	} else {
		var narrow [frame]byte
		var pcm [frame]int16
		more = b.fill(narrow[:], PCMU)
		if heard {
			s.say(b.stream, decode711(pcm[:0], PCMU, narrow[:]), SampleRate, at)
		}
	}
	if !more {
		b.end()
	}
}

// fill takes the next samples, across the borders of sounds, and says whether there are more. What the last
// sound leaves over of the frame is silence.
func (b *Playback) fill(payload []byte, codec Codec) bool {
	filled := 0
	for filled < len(payload) && b.index < len(b.sounds) {
		n := copy(payload[filled:], b.sounds[b.index].bytes(codec)[b.offset:])
		filled += n
		b.offset += n
		b.advance()
	}
	for i := range payload[filled:] {
		payload[filled+i] = codec.silence()
	}
	return b.index < len(b.sounds)
}

// advance moves on to the next sound when the present one is over.
func (b *Playback) advance() {
	for b.index < len(b.sounds) && b.offset == len(b.sounds[b.index].pcma) {
		b.index, b.offset = b.index+1, 0
		if b.loop && b.index == len(b.sounds) {
			b.index = 0
		}
	}
}
