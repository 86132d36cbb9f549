package media

import (
	"time"

	"github.com/pion/rtp"
)

// idleAfter is how many frames of silence a feed waits for more: 2 s.
const idleAfter = 100

// A feed is a peer's voice that has to be put into another codec before it is sent. It takes the time that a jitter buffer
// needs, which a relay does not.
type feed struct {
	voice  *voice
	stream stream
	idle   int // frames since something was heard
}

// transcode takes in a packet in a codec that the peer of this sender does not take.
func (s *sender) transcode(pkt *packet) {
	if s.feed == nil {
		s.made++
		s.feed = &feed{voice: newVoice(), stream: stream{number: s.made}}
		s.pace()
	}
	s.feed.voice.put(pkt)
}

// unfeed forgets what others have still to say: what is to be transcoded, and keys.
func (s *sender) unfeed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.feed, s.digits = nil, digits{}
}

// tick sends the next frame where it is to be heard, and says whether more may come.
func (f *feed) tick(s *sender, at time.Time, heard bool) (more bool) {
	pcm, rate := f.voice.frame(at)
	if pcm == nil {
		f.idle++
		return f.idle < idleAfter
	}
	f.idle = 0
	if heard && !s.silent() {
		s.say(f.stream, pcm, rate, at)
	}
	return true
}

// say sends 20 ms of samples, taken at a rate of 8000 or 16000 a second.
func (s *sender) say(source stream, pcm []int16, rate int, at time.Time) {
	if s.encoder == nil {
		s.encoder = new(Encoder)
	}
	s.sendFrame(source, s.encoder.Encode(s.scratch[:0], s.terms.codec, pcm, rate), at)
}

// sendFrame sends 20 ms of audio in the peer's codec.
func (s *sender) sendFrame(source stream, payload []byte, at time.Time) {
	h := rtp.Header{
		Marker:         !s.clock.follows(source, at),
		PayloadType:    s.terms.audio,
		SequenceNumber: s.clock.seq,
		Timestamp:      s.clock.now(at),
	}
	s.send(h, payload)
	s.clock.sent(source, h.SequenceNumber, h.Timestamp, frame, at)
}
