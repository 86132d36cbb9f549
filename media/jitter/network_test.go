package jitter_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"threering/media/jitter"

	"github.com/stretchr/testify/require"
)

const (
	ms    = time.Millisecond
	frame = 160
	codec = 8
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// text is what is sent: the numbers from 0 on, in four bytes each, so that every piece tells where it is from.
func text(from, n int) []byte {
	first := from / 4
	out := make([]byte, 0, n+8)
	for word := first; word*4 < from+n; word++ {
		out = binary.LittleEndian.AppendUint32(out, uint32(word))
	}
	return out[from-first*4:][:n]
}

// find is where in the text a piece of it is, or -1 if it is no piece of it.
func find(piece []byte) int {
	for i := range 4 {
		if at := int(binary.LittleEndian.Uint32(piece[i:]))*4 - i; at >= 0 && bytes.Equal(text(at, len(piece)), piece) {
			return at
		}
	}
	return -1
}

const findable = 7 // bytes

// run gives where in the text a frame begins and ends, and whether all of it is of the text and in order. Streams
// may meet within a frame, and what was lost between them is then missing from it.
func run(piece []byte) (from, to int, said bool) {
	if from = find(piece); from >= 0 {
		return from, from + len(piece), true
	}
	for start := range findable { // where a stream ends with less than can be found
		n := len(piece)
		for n >= start+findable && find(piece[start:n]) < 0 {
			n--
		}
		if n < start+findable {
			continue
		}
		from = find(piece[start:n])
		to = from + n - start
		if len(piece)-n < findable {
			return from, to, true
		}
		if next, end, ok := run(piece[n:]); ok && next >= to {
			return from, end, true
		}
	}
	return 0, 0, false
}

// A letter is a packet on its way.
type letter struct {
	arrives time.Duration
	packet  jitter.Packet
	at      int // its place in the text
}

// A sender makes packets, each ready when the last of its audio was said.
type sender struct {
	now     time.Duration // by the receiver's clock
	seq     uint64
	stamp   uint32
	stream  uint32
	said    int     // of the text
	drift   float64 // how much faster its clock is, as a ratio
	letters []letter
}

// say sends n bytes in one packet, which is so long under way.
func (s *sender) say(n int, underway time.Duration) {
	s.pause(n)
	s.letters = append(s.letters, letter{
		arrives: s.now + underway, at: s.said,
		packet: jitter.Packet{Seq: s.seq, Timestamp: s.stamp - uint32(n), Stream: s.stream, Codec: codec, Payload: text(s.said, n)},
	})
	s.seq++
	s.said += n
}

// lose says n bytes that never arrive.
func (s *sender) lose(n int) {
	s.say(n, 0)
	s.letters = s.letters[:len(s.letters)-1]
}

// pause says nothing for n units.
func (s *sender) pause(n int) {
	s.stamp += uint32(n)
	s.now += time.Duration(float64(n) * 125e3 / (1 + s.drift))
}

// A hearing is a frame that came out.
type hearing struct {
	at    time.Duration
	state jitter.State
	text  int // where in the text the payload begins, if played,
	end   int // and ends
	delay time.Duration
}

// An ear asks for a frame every 20 ms.
type ear struct {
	buffer  jitter.Buffer
	quiet   bool
	now     time.Duration
	pending []letter
	heard   []hearing
	cuts    int
}

// hear lets letters arrive, and listens until an instant.
func (e *ear) hear(t require.TestingT, letters []letter, until time.Duration) {
	e.pending = append(e.pending, letters...)
	slices.SortStableFunc(e.pending, func(a, b letter) int { return int(a.arrives - b.arrives) })
	for e.now < until {
		for len(e.pending) > 0 && e.pending[0].arrives <= e.now {
			e.buffer.Put(start.Add(e.pending[0].arrives), e.pending[0].packet)
			e.pending = e.pending[1:]
		}
		e.next(t)
	}
}

func (e *ear) next(t require.TestingT) {
	f := e.buffer.Next(start.Add(e.now))
	h := hearing{at: e.now, state: f.State, delay: e.buffer.Stats().Delay}
	if f.State == jitter.Played {
		var said bool
		if h.text, h.end, said = run(f.Payload); !said || len(f.Payload) != frame || f.Codec != codec {
			require.Fail(t, "what was heard was not said", "at %v", e.now)
		}
		if f.Cut {
			e.cuts++
		}
		e.buffer.Quiet(e.quiet)
	} else if f.Payload != nil {
		require.Fail(t, "there is audio in a frame not played", "at %v", e.now)
	}
	e.heard = append(e.heard, h)
	e.now += 20 * ms
}

// count counts the frames of a state that came out from an instant on.
func (e *ear) count(state jitter.State, from time.Duration) (n int) {
	for _, h := range e.heard {
		if h.at >= from && h.state == state {
			n++
		}
	}
	return n
}

// inOrder requires that no byte was played twice, and all in order.
func (e *ear) inOrder(t require.TestingT) {
	end := 0
	for _, h := range e.heard {
		if h.state == jitter.Played {
			if h.text < end {
				require.Fail(t, "audio was heard twice, or out of order", "at %v", h.at)
			}
			end = h.end
		}
	}
}

// listen hears all that a sender says, and a second more.
func listen(t require.TestingT, s *sender) *ear {
	e, last := &ear{}, s.now
	for _, l := range s.letters {
		last = max(last, l.arrives)
	}
	e.hear(t, s.letters, last+time.Second)
	e.inOrder(t)
	return e
}

func TestFind(t *testing.T) {
	for _, at := range []int{0, 1, 2, 3, 1000, 123457} {
		require.Equal(t, at, find(text(at, frame)))
	}
	require.Equal(t, -1, find(make([]byte, frame)))
}

// longest is the longest delay of any frame.
func (e *ear) longest() (delay time.Duration) {
	for _, h := range e.heard {
		delay = max(delay, h.delay)
	}
	return delay
}
