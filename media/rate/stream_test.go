package rate

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const (
	narrow = 8000
	wide   = 16000
)

// sine is n samples of a sine at -10 dB of full scale, as it is from start on, in samples.
func sine(hz float64, rate, n int, start float64) []int16 {
	pcm := make([]int16, n)
	for i := range pcm {
		pcm[i] = int16(math.Round(10000 * math.Sin(2*math.Pi*hz*(start+float64(i))/float64(rate))))
	}
	return pcm
}

// level is the power of samples in dB of what sine gives.
func level(pcm []int16) float64 {
	power := 0.0
	for _, s := range pcm {
		power += float64(s) * float64(s)
	}
	return 10 * math.Log10(power/float64(len(pcm))/5e7)
}

// apart is how far two sounds differ, in dB of what sine gives.
func apart(a, b []int16) float64 {
	difference := make([]int16, len(a))
	for i := range a {
		difference[i] = a[i] - b[i]
	}
	return level(difference)
}

// requireTone checks that pcm, settled, is the sine of sine, with its level and at its time, and that images and noise are 50 dB below.
func requireTone(t *testing.T, pcm []int16, hz float64, rate int, start float64, settled int) {
	t.Helper()
	want := sine(hz, rate, len(pcm), start)
	require.InDelta(t, level(want[settled:]), level(pcm[settled:]), 0.1, "%g Hz", hz)
	require.Less(t, apart(want[settled:], pcm[settled:]), -50.0, "%g Hz", hz)
}

func TestUpPassesTonesWithoutImages(t *testing.T) {
	for hz := 100.0; hz <= 3400; hz += 50 {
		got := new(Up).Take(nil, sine(hz, narrow, 4000, 0))
		require.Len(t, got, 8000)
		requireTone(t, got, hz, wide, -23, 2*reach)
	}
}

func TestDownPassesTones(t *testing.T) {
	for hz := 100.0; hz <= 3400; hz += 50 {
		got := new(Down).Take(nil, sine(hz, wide, 8000, 0))
		require.Len(t, got, 4000)
		requireTone(t, got, hz, narrow, -11, reach)
	}
}

func TestDownStopsWhatWouldAlias(t *testing.T) {
	for hz := 4600.0; hz < 8000; hz += 50 {
		got := new(Down).Take(nil, sine(hz, wide, 8000, 0))
		require.Less(t, level(got[reach:]), -50.0, "%g Hz", hz)
	}
}

func TestThereAndBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		hz := 100 + 3300*r.Float64()
		got := new(Down).Take(nil, new(Up).Take(nil, sine(hz, narrow, 4000, 0)))
		requireTone(t, got, hz, narrow, -22.5, 2*reach)
	}
}

func TestFullScaleIsClipped(t *testing.T) {
	square := make([]int16, 8000)
	for i := range square {
		square[i] = math.MaxInt16
		if i/50%2 == 1 {
			square[i] = math.MinInt16
		}
	}
	for i, s := range new(Up).Take(nil, square) {
		requireLoud(t, square, (i-23)/2, s)
	}
	for i, s := range new(Down).Take(nil, square) {
		requireLoud(t, square, 2*i-22, s)
	}
}

// requireLoud checks that a filtered sample is as loud as the square at that place, and of its sign, unless an edge is near.
func requireLoud(t *testing.T, square []int16, at int, s int16) {
	t.Helper()
	if edge := at % 50; edge < 4 || edge > 46 || at < 50 {
		return
	}
	require.Greater(t, float64(s)*float64(square[at]), 25000.0*32767, "sample %d", at)
}

func TestPiecesAreAsTheWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	pcm := make([]int16, 3000)
	for i := range pcm {
		pcm[i] = int16(r.Uint32())
	}
	up, down := new(Up).Take(nil, pcm), new(Down).Take(nil, pcm)
	rapid.Check(t, func(t *rapid.T) {
		var u Up
		var d Down
		var ups, downs []int16
		at := 0
		for _, n := range rapid.SliceOf(rapid.IntRange(0, 500)).Draw(t, "samples in a piece") {
			n = min(n, len(pcm)-at)
			ups = u.Take(ups, pcm[at:at+n])
			downs = d.Take(downs, pcm[at:at+n])
			at += n
			require.Len(t, ups, 2*at)
			require.Len(t, downs, at/2)
		}
		require.Equal(t, up[:2*at], append([]int16{}, ups...))
		require.Equal(t, down[:at/2], append([]int16{}, downs...))
	})
}

func TestNothingIsAllocated(t *testing.T) {
	pcm := sine(1000, narrow, block, 0)
	doubled, halved := make([]int16, 0, 2*block), make([]int16, 0, block)
	var u Up
	var d Down
	require.Zero(t, testing.AllocsPerRun(100, func() {
		halved = d.Take(halved[:0], u.Take(doubled, pcm)[1:])
		halved = d.Take(halved, pcm[:1])
	}))
	require.Len(t, halved, block)
}

func BenchmarkUp(b *testing.B) {
	pcm, dst := sine(1000, narrow, block, 0), make([]int16, 0, 2*block)
	var u Up
	b.ReportAllocs()
	for b.Loop() {
		dst = u.Take(dst[:0], pcm)
	}
}

func BenchmarkDown(b *testing.B) {
	pcm, dst := sine(1000, wide, 2*block, 0), make([]int16, 0, block)
	var d Down
	b.ReportAllocs()
	for b.Loop() {
		dst = d.Take(dst[:0], pcm)
	}
}
