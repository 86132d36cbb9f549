package media

import (
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"threering/media/rate"
)

func TestALongSoundHasNoSeams(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, from := range []int{4000, 11025} {
		for _, length := range []int{0, 1, 61*from + 1, 122*from - 7} {
			pcm := make([]int16, length)
			for i := range pcm {
				pcm[i] = int16(r.Intn(1 << 16))
			}
			whole, err := rate.Convert(pcm, from, SampleRate)
			require.NoError(t, err)
			s := resampler{from: from}
			for rest := pcm; len(rest) > 0; rest = rest[min(from, len(rest)):] {
				require.NoError(t, s.take(rest[:min(from, len(rest))]))
			}
			pieced, err := s.all()
			require.NoError(t, err)
			require.Len(t, pieced, len(whole))
			for i := range whole { // a seam would be some samples that differ
				if whole[i] != pieced[i] {
					require.Equal(t, whole[i], pieced[i], "%d samples at %d Hz: sample %d", length, from, i)
				}
			}
		}
	}
}
