package dtmf_test

import (
	"math"
	"math/rand"
	"time"
)

// voice makes a sound like speech, the same for the same seed: a buzz of wandering pitch through three formants that
// move from vowel to vowel, with pauses and hisses between. It is louder and steadier than people are, so that it
// meets the keys' frequencies more often.
func voice(r *rand.Rand, d time.Duration) []int16 {
	pcm := make([]int16, 0, samples(d))
	for len(pcm) < samples(d) {
		switch r.Intn(6) {
		case 0:
			pcm = append(pcm, pause(time.Duration(30+r.Intn(150))*time.Millisecond)...)
		case 1:
			pcm = append(pcm, noise(r, pause(time.Duration(30+r.Intn(70))*time.Millisecond), -25)...)
		default:
			pcm = append(pcm, vowel(r, time.Duration(60+r.Intn(240))*time.Millisecond)...)
		}
	}
	return pcm[:samples(d)]
}

func vowel(r *rand.Rand, d time.Duration) []int16 {
	pitch, glide := 80+r.Float64()*320, r.NormFloat64()*80 // Hz, Hz a second
	formants := [3]struct{ hz, glide, width, gain float64 }{
		{250 + r.Float64()*750, r.NormFloat64() * 300, 60, 1},
		{800 + r.Float64()*1400, r.NormFloat64() * 600, 80, 0.3 + r.Float64()},
		{2200 + r.Float64()*900, r.NormFloat64() * 300, 120, 0.2 * r.Float64()},
	}
	sound, loudest := make([]float64, samples(d)), 0.0
	for h := 1; h < 40; h++ {
		phase := 2 * math.Pi * r.Float64()
		for i := range sound {
			t := float64(i) / 8000
			hz := float64(h) * (pitch + glide*t)
			if hz > 3600 {
				break
			}
			gain := 0.0
			for _, f := range formants {
				off := (hz - f.hz - f.glide*t) / f.width
				gain += f.gain / math.Sqrt(1+off*off)
			}
			phase += 2 * math.Pi * hz / 8000
			sound[i] += gain * math.Sin(phase)
			loudest = max(loudest, math.Abs(sound[i]))
		}
	}
	pcm := make([]int16, len(sound))
	for i, x := range sound {
		edge := float64(min(i, len(sound)-1-i, 80)) / 80
		pcm[i] = clip(x / loudest * edge * 16000)
	}
	return pcm
}
