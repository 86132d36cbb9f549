package dtmf_test

import (
	"math"
	"math/rand"
	"slices"
	"strings"
	"time"

	"threering/media"
	"threering/media/dtmf"
)

const (
	keys = "123A456B789C*0#D"
	ms   = time.Millisecond
)

// A press is two tones as they come from a line that is not at its best.
type press struct {
	key       rune
	d         time.Duration
	low, high float64 // dBm0
	lowOff    float64 // share by which the low frequency is off
	highOff   float64
}

// plain is a press of the middle level.
func plain(key rune, d time.Duration) press { return press{key: key, d: d, low: -10, high: -10} }

func samples(d time.Duration) int { return int(d * 8000 / time.Second) }

func pause(d time.Duration) []int16 { return make([]int16, samples(d)) }

// pcm gives the press without ramps, clipped where it is too loud.
func (p press) pcm() []int16 {
	place := strings.IndexRune(keys, p.key)
	tones := []tone{
		{[]float64{697, 770, 852, 941}[place/4] * (1 + p.lowOff), p.low},
		{[]float64{1209, 1336, 1477, 1633}[place%4] * (1 + p.highOff), p.high},
	}
	return mix(pause(p.d), tones...)
}

type tone struct{ hz, dBm0 float64 }

func amplitude(dBm0 float64) float64 { return 32124 * math.Pow(10, (dBm0-3.14)/20) }

// mix adds tones to samples, in place.
func mix(pcm []int16, tones ...tone) []int16 {
	for i, sample := range pcm {
		sum := float64(sample)
		for _, t := range tones {
			sum += amplitude(t.dBm0) * math.Sin(2*math.Pi*t.hz*float64(i)/8000)
		}
		pcm[i] = clip(sum)
	}
	return pcm
}

func clip(x float64) int16 {
	return int16(max(math.MinInt16, min(math.MaxInt16, math.Round(x))))
}

// noise adds white noise of a level to samples, in place.
func noise(r *rand.Rand, pcm []int16, dBm0 float64) []int16 {
	for i := range pcm {
		pcm[i] = clip(float64(pcm[i]) + r.NormFloat64()*amplitude(dBm0)/math.Sqrt2)
	}
	return pcm
}

// through gives samples as they are after a codec.
func through(c media.Codec, pcm []int16) []int16 {
	coded := new(media.Encoder).Encode(nil, c, pcm, media.SampleRate)
	return new(media.Decoder).Decode(nil, c, coded)
}

// read gives the keys recognised in samples that come in frames of 20 ms, with some silence after them.
func read(pieces ...[]int16) string {
	pcm := slices.Concat(append(pieces, pause(100*ms))...)
	return readPieces(pcm, func() int { return 160 })
}

// readPieces gives the keys recognised in samples that come in pieces of the lengths that next says.
func readPieces(pcm []int16, next func() int) string {
	var d dtmf.Detector
	var b strings.Builder
	for len(pcm) > 0 {
		n := min(next(), len(pcm))
		if key := d.Take(pcm[:n]); key != 0 {
			b.WriteRune(key)
		}
		pcm = pcm[n:]
	}
	return b.String()
}
