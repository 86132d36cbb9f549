package recording

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/media"
)

func TestPacketAllocatesNothing(t *testing.T) {
	s, tape := newSide(0, time.Now()), newTape(nowhere{&memory{}})
	at, payload := s.origin, make([]byte, 160)
	var n uint32
	require.Zero(t, testing.AllocsPerRun(1000, func() { s.Packet(at, media.PCMA, uint16(n), n*160, payload); step(s, tape, &n, &at) }))
	require.Zero(t, s.dropped.Load())
}

// nowhere is a file that keeps nothing.
type nowhere struct{ *memory }

func (nowhere) WriteAt(p []byte, _ int64) (int, error) { return len(p), nil }

// step records the piece that waits, and 20 ms pass.
func step(s *side, tape *tape, n *uint32, at *time.Time) {
	p, _ := s.next()
	s.record(&p, tape)
	*n++
	*at = at.Add(20 * ms)
}

func BenchmarkPacket(b *testing.B) {
	s, tape := newSide(0, time.Now()), newTape(nowhere{&memory{}})
	at, payload := s.origin, make([]byte, 160)
	var n uint32
	b.ReportAllocs()
	for b.Loop() {
		s.Packet(at, media.PCMA, uint16(n), n*160, payload)
		step(s, tape, &n, &at)
	}
}

// BenchmarkSecond is the cost of a second of one talk, files and all.
func BenchmarkSecond(b *testing.B) {
	h := newHouse(b)
	rec, origin := h.begin(Meta{Call: "call"})
	f, err := h.create(rec.file)
	require.NoError(b, err)
	c := newCapture(h.Archive, rec, origin)
	c.tape = newTape(f)
	payload := make([]byte, 160)
	var n uint32
	b.ReportAllocs()
	for b.Loop() {
		for range 2 {
			for range 25 {
				at := origin.Add(time.Duration(n) * 20 * ms)
				c.left.Packet(at, media.PCMA, uint16(n), n*160, payload)
				c.right.Packet(at, media.PCMU, uint16(n), n*160, payload)
				n++
			}
			c.record(origin.Add(time.Duration(n) * 20 * ms))
		}
	}
	require.Zero(b, c.left.dropped.Load())
	_, err = c.tape.close()
	require.NoError(b, err)
}
