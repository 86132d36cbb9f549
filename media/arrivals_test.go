package media

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// arrive counts a packet of a stream that began at start with sequence number 65000 and timestamp 0: its nth,
// delay later than it should.
func arrive(a *arrivals, start time.Time, n int, delay time.Duration) packet {
	p := packet{
		at: start.Add(time.Duration(n)*tick + delay), kind: PCMA.kind(),
		seq: uint64(uint16(65000 + n)), timestamp: uint32(n * frame), payload: make([]byte, frame),
	}
	a.count(&p, 1)
	return p
}

func TestLostPacketsAreCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const n = 1000 // sequence numbers wrap within
		start := time.Now()
		came := rapid.SliceOfN(rapid.IntRange(1, n-2), 0, 200).Draw(t, "lost")
		lost := map[int]bool{}
		for _, i := range came {
			lost[i] = true
		}
		var a arrivals
		for i := range n {
			if lost[i] {
				continue
			}
			p := arrive(&a, start, i, 0)
			require.EqualValues(t, 1, p.stream.number)
			require.EqualValues(t, 1<<32+65000+i, p.seq)
		}
		s := a.stats()
		require.EqualValues(t, len(lost), s.Lost)
		require.EqualValues(t, n-len(lost), s.PacketsIn)
		require.EqualValues(t, frame*(n-len(lost)), s.OctetsIn)
	})
}

func TestLatePacketsAreNotLost(t *testing.T) {
	var a arrivals
	for _, i := range []int{5, 2, 3, 4, 9, 8, 7, 6, 6} {
		p := arrive(&a, time.Now(), i, 0)
		require.EqualValues(t, 1<<32+65000+i, p.seq)
	}
	require.Zero(t, a.stats().Lost)
	arrive(&a, time.Now(), 14, 0)
	require.EqualValues(t, 4, a.stats().Lost, "10 to 13, though a packet came twice")
	require.EqualValues(t, 1, a.window.duplicates)
	require.EqualValues(t, 6, a.window.outOfOrder)
}

func TestANewStreamKeepsTheOldCount(t *testing.T) {
	var a arrivals
	start := time.Now()
	arrive(&a, start, 0, 0)
	arrive(&a, start, 2, 0)
	again := packet{at: start.Add(time.Second), kind: PCMA.kind(), seq: 40000, timestamp: 5, payload: []byte{1}}
	a.count(&again, 2)
	require.EqualValues(t, 2, again.stream.number)
	require.EqualValues(t, 1, a.stats().Lost)
	require.EqualValues(t, 3, a.stats().PacketsIn)
}

func TestJitter(t *testing.T) {
	start := time.Now()
	var steady, shaky arrivals
	for i := range 1000 {
		arrive(&steady, start, i, 0)
		arrive(&shaky, start, i, time.Duration(i%2)*10*time.Millisecond)
	}
	require.InDelta(t, 0, steady.stats().Jitter, 0.001)
	require.InDelta(t, 10, shaky.stats().Jitter, 0.1, "each packet is 10 ms nearer to or farther from the one before")
}

func TestAHeldKeyIsNoNewStream(t *testing.T) {
	var a arrivals
	start := time.Now()
	arrive(&a, start, 0, 0)
	for i := 1; i < 200; i++ { // 8 s, during which audio goes on
		p := arrive(&a, start, 2*i, 0)
		key := packet{at: p.at, kind: event, seq: uint64(uint16(65000 + 2*i + 1)), timestamp: 160}
		a.count(&key, 1)
		require.EqualValues(t, 1, key.stream.number)
	}
}
