package media

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTonesOfCountries(t *testing.T) {
	type cadence struct {
		hz     []float64
		bursts []int // milliseconds: on, off, on, …
	}
	for country, want := range map[string]struct{ ringing, busy, congestion cadence }{
		"cn": {
			cadence{[]float64{450}, []int{1000, 4000}},
			cadence{[]float64{450}, []int{350, 350}},
			cadence{[]float64{450}, []int{700, 700}},
		},
		"us": {
			cadence{[]float64{440, 480}, []int{2000, 4000}},
			cadence{[]float64{480, 620}, []int{500, 500}},
			cadence{[]float64{480, 620}, []int{250, 250}},
		},
		"uk": {
			cadence{[]float64{400, 450}, []int{400, 200, 400, 2000}},
			cadence{[]float64{400}, []int{375, 375}},
			cadence{[]float64{400}, []int{400, 350, 225, 525}},
		},
		"hk": {
			cadence{[]float64{440, 480}, []int{400, 200, 400, 3000}},
			cadence{[]float64{480, 620}, []int{500, 500}},
			cadence{[]float64{480, 620}, []int{250, 250}},
		},
		"jp": {
			cadence{[]float64{384, 416}, []int{1000, 2000}},
			cadence{[]float64{400}, []int{500, 500}},
			cadence{[]float64{400}, []int{500, 500}},
		},
	} {
		for name, c := range map[string]struct {
			sound *Sound
			want  cadence
		}{
			"ringing":    {Ringback(country), want.ringing},
			"busy":       {Busy(country), want.busy},
			"congestion": {Congestion(country), want.congestion},
		} {
			t.Run(country+" "+name, func(t *testing.T) { requireCadence(t, c.sound, c.want.hz, c.want.bursts) })
		}
	}
	require.Equal(t, Ringback("cn"), Ringback("nowhere"))
	require.Equal(t, Busy("cn"), Busy("nowhere"))
	require.Equal(t, Congestion("cn"), Congestion("nowhere"))
}

// requireCadence wants a sound to be made of bursts, in milliseconds, by turns of these frequencies alone, each as
// loud as the others and -10 dBm0 together, and of silence.
func requireCadence(t *testing.T, s *Sound, hz []float64, bursts []int) {
	t.Helper()
	pcm := s.PCM()
	for i, ms := range bursts {
		burst := pcm[:ms*SampleRate/1000]
		pcm = pcm[len(burst):]
		if i%2 == 1 {
			require.Less(t, level(burst), 20.0, "burst %d is a pause", i)
			continue
		}
		share := 0.0
		for _, f := range hz {
			share += Detect(burst, f)
			require.InDelta(t, 1/float64(len(hz)), Detect(burst, f), 0.1, "burst %d: %g Hz", i, f)
		}
		require.InDelta(t, 1, share, 0.05, "burst %d", i)
		require.InDelta(t, levelOfTone, level(burst), 0.3, "burst %d", i)
		for _, edge := range [][]int16{burst[:80], burst[len(burst)-80:]} {
			require.Greater(t, level(edge), levelOfTone-10, "burst %d sounds from end to end", i)
		}
	}
	require.Empty(t, pcm, "nothing after the period")
}

// levelOfTone is what level gives for -10 dBm0.
var levelOfTone = level(Tone(1000, time.Second).PCM())
