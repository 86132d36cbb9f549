package rate

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var pairs = [][2]int{
	{48000, 8000}, {44100, 8000}, {16000, 8000}, {11025, 8000}, {8000, 16000}, {48000, 16000}, {22050, 16000},
	{8000, 48000}, {4000, 192000}, {192000, 4000}, {8000, 8001},
}

func TestConvertKeepsTonesInPlace(t *testing.T) {
	for _, p := range pairs {
		t.Run(fmt.Sprint(p[0], " to ", p[1]), func(t *testing.T) {
			from, to := p[0], p[1]
			lower := float64(min(from, to))
			for share := 0.03; share <= 0.43; share += 0.08 {
				got, err := Convert(sine(share*lower, from, from/5, 0), from, to)
				require.NoError(t, err)
				require.Equal(t, to/5, len(got))
				edge := 2 * crossings * max(1, to/from)
				requireTone(t, got[:len(got)-edge], share*lower, to, 0, edge)
			}
		})
	}
}

func TestConvertStopsWhatWouldAlias(t *testing.T) {
	for _, p := range pairs {
		from, to := p[0], p[1]
		for hz := 0.5 * float64(to); hz < 0.5*float64(from); hz *= 1.15 {
			got, err := Convert(sine(hz, from, from/10, 0), from, to)
			require.NoError(t, err)
			require.Less(t, level(got[crossings:len(got)-crossings]), -55.0, "%d to %d: %g Hz", from, to, hz)
		}
	}
}

func TestConvertKeepsTheLength(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rates := rapid.IntRange(Lowest, Highest)
		from, to := rates.Draw(t, "from"), rates.Draw(t, "to")
		pcm := rapid.SliceOfN(rapid.Int16(), 0, 50).Draw(t, "samples")
		got, err := Convert(pcm, from, to)
		require.NoError(t, err)
		require.InDelta(t, float64(len(pcm))*float64(to)/float64(from), len(got), 0.5)
	})
}

func TestConvertToTheSameRateIsACopy(t *testing.T) {
	pcm := []int16{1, -2, 32767, -32768}
	got, err := Convert(pcm, 8000, 8000)
	require.NoError(t, err)
	require.Equal(t, pcm, got)
	got[0] = 5
	require.EqualValues(t, 1, pcm[0])
}

func TestConvertRefusesRatesThatAreNone(t *testing.T) {
	for _, p := range [][2]int{{0, 8000}, {8000, 0}, {-8000, 8000}, {3999, 8000}, {8000, 192001}} {
		_, err := Convert([]int16{1}, p[0], p[1])
		require.ErrorIs(t, err, ErrRate)
	}
	_, err := Convert(nil, 3999, 8000)
	require.EqualError(t, err, "converting a sound from 3999 to 8000 Hz: sampling rate out of range: want 4000 to 192000")
}

func BenchmarkConvert(b *testing.B) {
	pcm := sine(1000, 44100, 44100, 0)
	for b.Loop() {
		_, _ = Convert(pcm, 44100, 8000)
	}
}
