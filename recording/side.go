package recording

import (
	"sync/atomic"
	"time"

	"threering/media"
)

const (
	chunk   = 160 // bytes of a piece: 20 ms of G.711
	backlog = 128 // pieces that wait for the writer: 2.5 s at 20 ms, so a disk may stall for 2 s
)

// A piece is one packet, or 20 ms of a longer one.
type piece struct {
	arrival int64 // samples since the recording began
	stamp   uint32
	seq     uint16
	codec   media.Codec
	size    uint8
	rest    bool // goes on where the piece before it ends
	payload [chunk]byte
}

// A side is one direction of a talk. Packet may run beside all else; the rest
// belongs to the capture's goroutine.
type side struct {
	channel int
	origin  time.Time  // when the recording began
	queue   chan piece // by value: its buffer is all the memory that packets need
	dropped atomic.Int64

	line timeline
	late int64
	at   int64   // where the last piece began
	end  int64   // and ended
	last int16   // its last sample
	lost bool    // it was not placed
	pcm  []int16 // scratch

	decoder media.Decoder
}

func newSide(channel int, origin time.Time) *side {
	return &side{channel: channel, origin: origin, queue: make(chan piece, backlog), pcm: make([]int16, 0, chunk+1)}
}

// Packet takes in one packet. It copies it into the queue, and drops and
// counts it where there is no room; it never waits and allocates nothing.
func (s *side) Packet(at time.Time, codec media.Codec, seq uint16, timestamp uint32, payload []byte) {
	p := piece{arrival: samples(at.Sub(s.origin)), stamp: timestamp, seq: seq, codec: codec}
	for len(payload) > 0 {
		n := copy(p.payload[:], payload)
		p.size = uint8(n)
		select {
		case s.queue <- p:
		default:
			s.dropped.Add(1)
			return
		}
		payload = payload[n:]
		p.rest = true
	}
}

// next is the piece that has waited longest; false: none waits.
func (s *side) next() (piece, bool) {
	select {
	case p := <-s.queue:
		return p, true
	default:
		return piece{}, false
	}
}

// record puts the piece on the tape.
func (s *side) record(p *piece, t *tape) {
	if !s.locate(p) {
		return
	}
	at := s.at
	s.pcm = s.pcm[:0]
	if at == s.end+1 { // the timeline moved on by a sample: say the last one twice rather than click
		s.pcm = append(s.pcm, s.last)
		at--
	}
	s.pcm = s.decoder.Decode(s.pcm, p.codec, p.payload[:p.size])
	if !t.put(at, s.channel, s.pcm) {
		s.late++
	}
	s.end = at + int64(len(s.pcm))
	s.last = s.pcm[len(s.pcm)-1]
}

// locate finds where the piece begins; false: nowhere.
func (s *side) locate(p *piece) bool {
	if p.rest {
		s.at += chunk
		return !s.lost
	}
	at, v := s.line.place(p.arrival, p.seq, p.stamp)
	if v == late {
		s.late++
	}
	s.at, s.lost = at, v != placed
	return !s.lost
}
