package conceal_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"threering/media/conceal"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestNearerThanSilence compares what is heard with what was said, 5 % of it lost at random, in the gaps and the
// frame before and after.
func TestNearerThanSilence(t *testing.T) {
	for _, c := range []struct {
		name   string
		rate   int
		pcm    []int16
		better float64 // than silence, in dB
	}{
		{"speech", 8000, speech(t), 3.5},
		{"a gliding vowel", 8000, vowel(8000), 7},
		{"a gliding vowel, wide", 16000, vowel(16000), 7},
		{"440 Hz", 8000, sweep(440, 440, 8000), 15},
		{"1004 Hz", 8000, sweep(1004, 1004, 8000), 6},
		{"2700 Hz", 8000, sweep(2700, 2700, 8000), 15},
		{"3400 Hz, wide", 16000, sweep(3400, 3400, 16000), 10},
		{"a sweep", 8000, sweep(200, 1200, 8000), 3},
		{"a sweep, wide", 16000, sweep(200, 1200, 16000), 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			const runs = 20
			random := rand.New(rand.NewPCG(1, 2))
			var better float64
			for range runs {
				l := lose(random, c.pcm, c.rate, 0.05)
				better += (l.nearness(l.concealed()) - l.nearness(l.silenced())) / runs
			}
			t.Logf("%.1f dB nearer than silence", better)
			require.Greater(t, better, c.better)
		})
	}
}

func TestNoClicks(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	clicks := 0
	for _, pcm := range [][]int16{speech(t), vowel(8000), sweep(440, 440, 8000)} {
		l := lose(random, pcm, 8000, 0.2)
		heard := l.concealed()
		silenced := l.silenced()
		for _, border := range l.borders() {
			usual := float64(steepest(pcm[max(0, border-3*l.frame):min(len(pcm), border+3*l.frame)]))
			step := func(pcm []int16) float64 { return float64(steepest(pcm[border-1 : border+1])) }
			require.LessOrEqual(t, step(heard), 1.25*usual+50, "at sample %d", border)
			if step(silenced) > 1.25*usual+50 {
				clicks++
			}
		}
	}
	require.Positive(t, clicks, "silence would click: the measure can tell")
}

func TestAGapFadesToSilence(t *testing.T) {
	for _, rate := range []int{0, 8000, 16000} {
		c := &conceal.Concealer{Rate: rate}
		n := max(rate, 8000) / 50
		pcm := sweep(500, 500, max(rate, 8000))
		for i := range 10 {
			c.Good(pcm[i*n : (i+1)*n])
		}
		var levels []float64
		for range 5 {
			f := make([]int16, n)
			c.Lost(f)
			levels = append(levels, rms(f)/rms(pcm))
		}
		require.Greater(t, levels[0], 0.8)
		require.InDelta(t, 0.6, levels[1], 0.1)
		require.InDelta(t, 0.25, levels[2], 0.1)
		require.Zero(t, levels[3])
		require.Zero(t, levels[4])

		back := slices.Clone(pcm[:n])
		c.Good(back)
		require.Equal(t, pcm[n/2:n], back[n/2:], "what came is altered for 10 ms at most")
		again := slices.Clone(pcm[n : 2*n])
		c.Good(again)
		require.Equal(t, pcm[n:2*n], again)
	}
}

func TestSilenceStaysSilence(t *testing.T) {
	var c conceal.Concealer
	for i := range 20 {
		f := make([]int16, 160)
		if i%3 > 0 {
			c.Lost(f)
		} else {
			c.Good(f)
		}
		require.Zero(t, rms(f))
	}
}

func TestTheLoudestDoesNotWrap(t *testing.T) {
	square := make([]int16, 8000)
	for i := range square {
		square[i] = math.MaxInt16
		if i/25%2 == 1 {
			square[i] = math.MinInt16
		}
	}
	l := lose(rand.New(rand.NewPCG(5, 6)), square, 8000, 0.3)
	crossings := func(pcm []int16) (n int) {
		for i := range pcm[1:] {
			if (pcm[i] < 0) != (pcm[i+1] < 0) {
				n++
			}
		}
		return n
	}
	require.LessOrEqual(t, crossings(l.concealed()), crossings(square), "a sample that wraps crosses zero")
}

// TestAnyFrames says that no order, length or content of frames is too odd, and that silence follows any gap.
func TestAnyFrames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &conceal.Concealer{Rate: rapid.SampledFrom([]int{0, 8000, 16000, -1, 44100}).Draw(t, "rate")}
		for range rapid.IntRange(0, 10).Draw(t, "frames") {
			n := rapid.SampledFrom([]int{0, 1, 79, 160, 320, 1000}).Draw(t, "length")
			if rapid.Bool().Draw(t, "lost") {
				c.Lost(make([]int16, n))
			} else {
				c.Good(rapid.SliceOfN(rapid.Int16(), n, n).Draw(t, "frame"))
			}
		}
		c.Lost(make([]int16, 960))
		f := []int16{1, 2, 3}
		c.Lost(f)
		require.Equal(t, []int16{0, 0, 0}, f)
	})
}

func TestNothingIsAllocated(t *testing.T) {
	var c conceal.Concealer
	f := vowel(8000)[:160]
	require.Zero(t, testing.AllocsPerRun(100, func() {
		c.Good(f)
		c.Lost(f)
	}))
}

func BenchmarkGood(b *testing.B) {
	var c conceal.Concealer
	pcm := speech(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		at := i % 300 * 160
		c.Good(pcm[at : at+160])
	}
}

// BenchmarkLost has a gap of one frame after each good one, the dearest there is; the good one's time is in it.
func BenchmarkLost(b *testing.B) {
	var c conceal.Concealer
	pcm := speech(b)
	f := make([]int16, 160)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		copy(f, pcm[i%300*160:])
		c.Good(f)
		c.Lost(f)
	}
}
