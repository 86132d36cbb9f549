package g722

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAMeterSaysWhatADecoderHears(t *testing.T) {
	for _, hz := range []float64{200, 1000, 3000} {
		for _, amplitude := range []float64{300, 3000, 20000} {
			var e Encoder
			var d Decoder
			var m Meter
			pcm := make([]int16, 16000)
			for i := range pcm {
				pcm[i] = int16(amplitude * math.Sin(2*math.Pi*hz*float64(i)/16000))
			}
			payload := e.Encode(nil, pcm)
			heard := d.Decode(nil, payload)
			sum := 0.0
			for _, s := range heard {
				sum += float64(s) * float64(s)
			}
			require.InDelta(t, 10*math.Log10(sum/float64(len(heard))), 10*math.Log10(m.MeanSquare(payload)), 0.5, "%v Hz at %v", hz, amplitude)
		}
	}
	require.Zero(t, new(Meter).MeanSquare(nil))
}

func BenchmarkMeter(b *testing.B) {
	var m Meter
	payload := make([]byte, 160)
	for i := range payload {
		payload[i] = byte(i * 7)
	}
	for b.Loop() {
		m.MeanSquare(payload)
	}
}
