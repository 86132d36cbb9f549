package g722

import (
	"math/rand/v2"
	"testing"
)

// noise is n samples of white noise at -21 dB of full scale.
func noise(n int) []int16 {
	r := rand.New(rand.NewPCG(7, 22))
	pcm := make([]int16, n)
	for i := range pcm {
		pcm[i] = int16(r.NormFloat64() * 2900)
	}
	return pcm
}

const frame = 320 // samples in 20 ms

func BenchmarkEncode(b *testing.B) {
	pcm := noise(50 * frame)
	payload := make([]byte, 0, frame/2)
	var e Encoder
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		at := i % 50 * frame
		payload = e.Encode(payload[:0], pcm[at:at+frame])
	}
}

func BenchmarkDecode(b *testing.B) {
	payload := new(Encoder).Encode(nil, noise(50*frame))
	pcm := make([]int16, 0, frame)
	var d Decoder
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		at := i % 50 * frame / 2
		pcm = d.Decode(pcm[:0], payload[at:at+frame/2])
	}
}
