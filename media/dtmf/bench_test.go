package dtmf_test

import (
	"math/rand"
	"testing"
	"time"

	"threering/media/dtmf"
)

func BenchmarkFrame(b *testing.B) {
	r := rand.New(rand.NewSource(1))
	second := time.Second
	for name, pcm := range map[string][]int16{
		"silence": pause(second),
		"noise":   noise(r, pause(second), -30),
		"voice":   voice(r, 10*second),
		"press":   plain('5', second).pcm(),
	} {
		b.Run(name, func(b *testing.B) {
			var d dtmf.Detector
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				start := i % (len(pcm) / 160) * 160
				d.Take(pcm[start : start+160])
			}
		})
	}
}
