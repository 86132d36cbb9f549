package conceal_test

import (
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"threering/media"
	"threering/media/conceal"

	"github.com/stretchr/testify/require"
)

// speech is 7.4 s of a woman and a man, 8 kHz, synthesised with flite (voices slt and rms).
func speech(t testing.TB) []int16 {
	data, err := os.ReadFile("testdata/speech.al")
	require.NoError(t, err)
	return new(media.Decoder).Decode(nil, media.PCMA, data)
}

// vowel is 5 s of a sum of harmonics whose pitch glides between 100 and 140 Hz and whose loudness wavers.
func vowel(rate int) []int16 {
	pcm := make([]int16, 5*rate)
	var phase float64
	for i := range pcm {
		s := float64(i) / float64(rate)
		phase += 2 * math.Pi * (120 + 20*math.Sin(2*math.Pi*0.5*s)) / float64(rate)
		var sum float64
		for h := 1.0; h <= 20; h++ {
			sum += math.Sin(h*phase) / h
		}
		pcm[i] = int16(6000 * (1 + 0.3*math.Sin(2*math.Pi*2*s)) * sum)
	}
	return pcm
}

// sweep is 5 s of a sine that goes from one frequency to another.
func sweep(from, to float64, rate int) []int16 {
	pcm := make([]int16, 5*rate)
	for i := range pcm {
		s := float64(i) / float64(rate)
		pcm[i] = int16(8000 * math.Sin(2*math.Pi*(from*s+(to-from)*s*s/10)))
	}
	return pcm
}

func rms(pcm []int16) float64 {
	var sum float64
	for _, s := range pcm {
		sum += float64(s) * float64(s)
	}
	return math.Sqrt(sum / float64(len(pcm)))
}

// steepest is the greatest step from one sample to the next.
func steepest(pcm []int16) (step int) {
	for i := range pcm[1:] {
		d := int(pcm[i+1]) - int(pcm[i])
		step = max(step, d, -d)
	}
	return step
}

// A lossy line carries audio in frames of 20 ms.
type lossy struct {
	pcm   []int16
	rate  int
	frame int
	lost  []bool // whether each frame is
}

func lose(random *rand.Rand, pcm []int16, rate int, share float64) lossy {
	l := lossy{pcm: pcm, rate: rate, frame: rate / 50, lost: make([]bool, len(pcm)/(rate/50))}
	for i := range l.lost {
		l.lost[i] = random.Float64() < share
	}
	return l
}

func (l lossy) concealed() []int16 {
	c := &conceal.Concealer{Rate: l.rate}
	return l.through(c.Good, c.Lost)
}

func (l lossy) silenced() []int16 {
	return l.through(func([]int16) {}, func(f []int16) { clear(f) })
}

func (l lossy) through(good, lost func([]int16)) []int16 {
	heard := slices.Clone(l.pcm)
	for i, gone := range l.lost {
		f := heard[i*l.frame : (i+1)*l.frame]
		if gone {
			clear(f)
			lost(f)
		} else {
			good(f)
		}
	}
	return heard
}

// gaps are the first frame of each gap and the first after it.
func (l lossy) gaps() (gaps [][2]int) {
	for i := 1; i < len(l.lost); i++ {
		switch {
		case l.lost[i] && !l.lost[i-1]:
			gaps = append(gaps, [2]int{i, i + 1})
		case l.lost[i] && len(gaps) > 0:
			gaps[len(gaps)-1][1]++
		}
	}
	return gaps
}

// borders are the samples at which gaps begin and end.
func (l lossy) borders() (at []int) {
	for _, gap := range l.gaps() {
		at = append(at, gap[0]*l.frame)
		if gap[1] < len(l.lost) {
			at = append(at, gap[1]*l.frame)
		}
	}
	return at
}

// nearness is the signal-to-noise ratio of what is heard in a gap and a frame either side, in dB, on average over
// the gaps in which something was said, above -50 dB of full scale.
func (l lossy) nearness(heard []int16) float64 {
	const audible = 100
	var sum, n float64
	for _, gap := range l.gaps() {
		if rms(l.pcm[gap[0]*l.frame:gap[1]*l.frame]) < audible {
			continue
		}
		from, to := (gap[0]-1)*l.frame, min(gap[1]+1, len(l.lost))*l.frame
		var noise float64
		for i := from; i < to; i++ {
			d := float64(heard[i]) - float64(l.pcm[i])
			noise += d * d / float64(to-from)
		}
		sum += 20 * math.Log10(rms(l.pcm[from:to])/max(math.Sqrt(noise), 0.1))
		n++
	}
	return sum / n
}
