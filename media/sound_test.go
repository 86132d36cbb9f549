package media

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestG711KnowsTheValuesOfTheStandard(t *testing.T) {
	for pcm, want := range map[int16][2]byte{ // A-law, µ-law
		0: {0xD5, 0xFF}, 8: {0xD5, 0xFE}, -8: {0x55, 0x7E}, 1000: {0xFA, 0xCE}, -1000: {0x7A, 0x4E},
		math.MaxInt16: {0xAA, 0x80}, math.MinInt16: {0x2A, 0x00},
	} {
		require.Equal(t, want[0], encodePCMA(pcm), "A-law of %d", pcm)
		require.Equal(t, want[1], encodePCMU(pcm), "µ-law of %d", pcm)
	}
	require.EqualValues(t, 32256, decodePCMA(0xAA))
	require.EqualValues(t, 8, decodePCMA(0xD5))
	require.EqualValues(t, 32124, decodePCMU(0x80))
	require.EqualValues(t, 0, decodePCMU(0xFF))
}

func TestG711IsCloseAndStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sample := rapid.Int16().Draw(t, "sample")
		for _, c := range []Codec{PCMA, PCMU} {
			once := decode711(nil, c, encode711(nil, c, []int16{sample}))[0]
			twice := decode711(nil, c, encode711(nil, c, []int16{once}))[0]
			require.Equal(t, once, twice, "%s", c)
			require.InDelta(t, sample, once, max(8, (math.Abs(float64(sample))+biasPCMU)/32+1), "%s", c)
		}
	})
	require.Equal(t, "PCMA PCMU", PCMA.String()+" "+PCMU.String())
}

func TestTonesAreHeard(t *testing.T) {
	for _, hz := range []float64{350, 440, 1000, 3000} {
		s := Tone(hz, 200*time.Millisecond)
		require.Equal(t, 200*time.Millisecond, s.Duration())
		require.Greater(t, Detect(s.PCM(), hz), 0.99)
		require.Less(t, Detect(s.PCM(), hz+100), 0.01)
		require.InDelta(t, 20*math.Log10(32124)-3.01-13.14, level(s.PCM()), 0.2, "-10 dBm0")
	}
	require.Zero(t, Detect(nil, 440))
	require.Zero(t, Detect(make([]int16, 800), 440))
	require.Less(t, Detect(Silence(time.Second).PCM(), 440), 0.01)
}
