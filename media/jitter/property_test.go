package jitter_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"threering/media/jitter"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var sizes = []int{80, 160, 240, 320, 480, 960} // 10 to 120 ms

// TestAnyNetwork says what holds however bad the network: what is heard was said, in order and once, and the delay
// keeps its bound.
func TestAnyNetwork(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &sender{
			seq: rapid.Uint64().Draw(t, "seq"), stamp: rapid.Uint32().Draw(t, "timestamp"),
			drift: rapid.Float64Range(-0.01, 0.01).Draw(t, "drift"),
		}
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		loss := rapid.Float64Range(0, 0.5).Draw(t, "loss")
		wild := rapid.Float64Range(0, 0.1).Draw(t, "share of packets at which something happens")
		slowest := rapid.Int64Range(1, int64(500*ms)).Draw(t, "jitter")
		size, duplicates := 160, uint64(0)
		for range rapid.IntRange(1, 500).Draw(t, "packets") {
			if random.Float64() < wild {
				size = sizes[random.IntN(len(sizes))]
				switch random.IntN(6) {
				case 0:
					s.pause(random.IntN(20000))
				case 1:
					s.stamp = random.Uint32()
				case 2:
					s.stream, s.seq, s.stamp = s.stream+1, random.Uint64(), random.Uint32()
				case 3:
					s.now += time.Duration(random.IntN(3000)) * ms
				case 4:
					s.say(size, time.Duration(random.Int64N(slowest)))
					s.letters = append(s.letters, s.letters[len(s.letters)-1])
					duplicates++
				}
			}
			if random.Float64() < loss {
				s.lose(size)
			} else {
				s.say(size, time.Duration(random.Int64N(slowest)))
			}
		}
		// A stream's packets that come when another has begun are the port's to hold back.
		slices.SortStableFunc(s.letters, func(a, b letter) int { return int(a.arrives - b.arrives) })
		slices.SortStableFunc(s.letters, func(a, b letter) int { return int(a.packet.Stream) - int(b.packet.Stream) })
		for i := range s.letters[:len(s.letters)-min(1, len(s.letters))] {
			s.letters[i+1].arrives = max(s.letters[i].arrives, s.letters[i+1].arrives)
		}
		e := listen(t, s)
		stats := e.buffer.Stats()
		require.LessOrEqual(t, e.longest(), 200*ms)
		require.LessOrEqual(t, waited(s, e), 201*ms)
		require.LessOrEqual(t, stats.Duplicate, duplicates)
		require.EqualValues(t, e.count(jitter.Played, 0), stats.Played)
	})
}

// waited is the longest that a frame's beginning lay here beyond the time when it could have been played had there
// been no buffer.
func waited(s *sender, e *ear) (longest time.Duration) {
	letters := slices.Clone(s.letters)
	slices.SortStableFunc(letters, func(a, b letter) int { return a.at - b.at })
	for _, h := range e.heard {
		if h.state == jitter.Played {
			i, found := slices.BinarySearchFunc(letters, h.text, func(l letter, text int) int { return l.at - text })
			if !found {
				i--
			}
			into := time.Duration(h.text-letters[i].at) * 125 * time.Microsecond
			longest = max(longest, h.at-letters[i].arrives-into)
		}
	}
	return longest
}

// TestASteadyNetworkLosesNothing has jitter that repeats itself within two seconds: once that is known, nothing is
// lost, whatever the packets' sizes, and only the drift of the clocks adds or leaves out a frame now and then.
func TestASteadyNetworkLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &sender{
			seq: rapid.Uint64Range(0, 1<<17).Draw(t, "seq"), stamp: rapid.Uint32().Draw(t, "timestamp"),
			drift: rapid.Float64Range(-200e-6, 200e-6).Draw(t, "drift"),
		}
		n := rapid.IntRange(1, 16).Draw(t, "packets that repeat")
		packets := rapid.SliceOfN(rapid.SampledFrom(sizes), n, n).Draw(t, "sizes")
		// A larger packet is longer in the making: that is jitter as well.
		making := time.Duration(slices.Max(packets)-slices.Min(packets)) * 125 * time.Microsecond
		underway := rapid.SliceOfN(rapid.Int64Range(0, int64(165*ms-making)), n, n).Draw(t, "jitter")
		const known, end = 40 * time.Second, 60 * time.Second
		for i := 0; s.now < end; i++ {
			s.say(packets[i%n], time.Duration(underway[i%n]))
		}
		e := &ear{}
		e.hear(t, s.letters, known)
		before := e.buffer.Stats()
		e.hear(t, nil, end-time.Second)
		e.inOrder(t)
		after := e.buffer.Stats()
		require.Equal(t, before.Late, after.Late)
		require.Equal(t, before.Lost, after.Lost)
		require.Equal(t, before.Dropped, after.Dropped)
		require.LessOrEqual(t, after.Added+after.LeftOut, before.Added+before.LeftOut+1)
		require.LessOrEqual(t, e.longest(), 200*ms)
		if after.LeftOut == before.LeftOut {
			heard := e.heard[known/(20*ms):]
			for i, h := range heard[1:] {
				if h.state == jitter.Played && heard[i].state == jitter.Played && h.text != heard[i].text+frame {
					require.Fail(t, "a byte is missing", "at %v", h.at)
				}
			}
		}
	})
}

func TestBadNetworks(t *testing.T) {
	for _, c := range []struct {
		name   string
		loss   float64
		jitter time.Duration
		leaps  bool
		heard  float64 // the share of the packets that came
	}{
		{"good", 0, 10 * ms, false, 0.99},
		{"20 % lost", 0.2, 10 * ms, false, 0.99},
		{"100 ms of jitter", 0, 100 * ms, false, 0.97},
		{"200 ms of jitter", 0, 200 * ms, false, 0.9},
		{"400 ms of jitter", 0, 400 * ms, false, 0.35},
		{"all of it, and leaps of the timestamp", 0.2, 200 * ms, true, 0.6},
	} {
		t.Run(c.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(7, 8))
			s := &sender{}
			for i := range 3000 {
				if c.leaps && i%100 == 0 {
					s.stamp += uint32(random.IntN(32000)) - 16000
				}
				if random.Float64() < c.loss {
					s.lose(160)
				} else {
					s.say(160, time.Duration(random.Int64N(int64(c.jitter))))
				}
			}
			e := listen(t, s)
			stats := e.buffer.Stats()
			t.Logf("of %d packets %+v", len(s.letters), stats)
			require.GreaterOrEqual(t, float64(stats.Played)/float64(len(s.letters)), c.heard)
			require.LessOrEqual(t, e.longest(), 200*ms)
		})
	}
}

// FuzzBuffer runs programs of four bytes a step: what to do, and by how much sequence number, timestamp and clock
// go on.
func FuzzBuffer(f *testing.F) {
	f.Add([]byte{0, 1, 1, 20, 200, 0, 0, 20, 0, 1, 1, 20, 200, 0, 0, 20})
	f.Add([]byte{3, 1, 1, 0, 3, 255, 255, 0, 7, 128, 128, 128, 200, 0, 0, 1})
	f.Fuzz(func(t *testing.T, program []byte) {
		var b jitter.Buffer
		var p jitter.Packet
		payload := make([]byte, 2000)
		now, put := start, uint64(0)
		for ; len(program) >= 4; program = program[4:] {
			do, seq, stamp, clock := program[0], int8(program[1]), int8(program[2]), int8(program[3])
			now = now.Add(time.Duration(clock) * ms)
			p.Seq += uint64(int64(seq))
			p.Timestamp += uint32(int32(stamp)) * 80
			switch {
			case do >= 128:
				f := b.Next(now)
				require.Equal(t, f.State == jitter.Played, len(f.Payload) == frame)
				require.LessOrEqual(t, b.Stats().Delay, 200*ms)
				b.Quiet(do&1 == 0)
				continue
			case do >= 120:
				p.Stream++
			case do >= 112:
				p.Seq += 1 << (do & 7 * 9)
				p.Timestamp += 1 << (do & 7 * 4)
				now = now.Add(time.Duration(stamp) * time.Hour)
			}
			p.Codec = do & 1
			p.Payload = payload[:int(do&15)*100]
			put += uint64(len(p.Payload))
			b.Put(now, p)
		}
		require.LessOrEqual(t, b.Stats().Played*frame, put, "something was invented")
	})
}
