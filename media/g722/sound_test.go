package g722

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const (
	rate  = 16000
	delay = 22 // samples, of both filter banks together
)

// sine is n samples of a sine with a peak in dB of full scale.
func sine(hz, peak float64, n int) []int16 {
	pcm := make([]int16, n)
	for i := range pcm {
		pcm[i] = int16(math.Round(32767 * math.Pow(10, peak/20) * math.Sin(2*math.Pi*hz*float64(i)/rate)))
	}
	return pcm
}

// measure finds the sine of hz in the samples: its peak in dB of full scale, and how far what remains is below it, in dB.
func measure(pcm []int16, hz float64) (peak, snr float64) {
	var inPhase, quadrature, power float64
	for i, s := range pcm {
		sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / rate)
		inPhase += float64(s) * sin
		quadrature += float64(s) * cos
		power += float64(s) * float64(s)
	}
	amplitude := 2 / float64(len(pcm)) * math.Hypot(inPhase, quadrature)
	wanted := amplitude * amplitude / 2
	return 20 * math.Log10(amplitude/32767), 10 * math.Log10(wanted/(power/float64(len(pcm))-wanted))
}

// level is the power of samples in dB of a full-scale sine.
func level(pcm []int16) float64 {
	power := 0.0
	for _, s := range pcm {
		power += float64(s) * float64(s)
	}
	return 10 * math.Log10(2*power/float64(len(pcm))/32767/32767)
}

// through codes and decodes.
func through(pcm []int16) []int16 { return new(Decoder).Decode(nil, new(Encoder).Encode(nil, pcm)) }

func TestTonesKeepTheirLevel(t *testing.T) {
	for hz := 100.0; hz <= 7000; hz += 100 {
		peak, snr := measure(through(sine(hz, -10, rate))[rate/2:], hz)
		t.Logf("%4.0f Hz: %+.2f dB, noise %.1f dB below", hz, peak+10, snr)
		require.InDelta(t, -10, peak, 0.5, "%g Hz", hz)
		least := 30.0
		if hz > 4400 {
			least = 20 // of two bits a sample
		}
		require.Greater(t, snr, least, "%g Hz", hz)
	}
}

func TestASweepKeepsItsLevelAllAlong(t *testing.T) {
	const seconds, from, to = 4, 100.0, 7000.0
	pcm := make([]int16, seconds*rate)
	phase := 0.0
	for i := range pcm {
		pcm[i] = int16(10000 * math.Sin(phase))
		phase += 2 * math.Pi / rate * (from + (to-from)*float64(i)/float64(len(pcm)))
	}
	heard := through(pcm)
	for at := 0; at+rate/10 <= len(pcm)-delay; at += rate / 10 {
		before, after := pcm[at:at+rate/10], heard[at+delay:at+delay+rate/10]
		require.InDelta(t, level(before), level(after), 0.5, "at %d ms", at/16)
	}
}

func TestSpeechComesThrough(t *testing.T) {
	pcm := new(Decoder).Decode(nil, speech)
	heard := through(pcm)
	noise := make([]int16, len(pcm)-delay)
	for i := range noise {
		noise[i] = heard[i+delay] - pcm[i]
	}
	snr := level(pcm) - level(noise)
	t.Logf("noise %.1f dB below", snr)
	require.Greater(t, snr, 30.0)
}

func TestQuietAndLoud(t *testing.T) {
	require.Less(t, level(through(make([]int16, rate))[rate/2:]), -75.0, "silence")
	for _, peak := range []float64{-50, -30, -1} {
		heard, snr := measure(through(sine(1000, peak, rate))[rate/2:], 1000)
		t.Logf("%g dB: %+.2f dB, noise %.1f dB below", peak, heard-peak, snr)
		require.InDelta(t, peak, heard, 0.5)
		require.Greater(t, snr, 25.0)
	}
}

func TestLostBytesAreForgotten(t *testing.T) {
	pcm := sine(440, -10, 2*rate)
	payload := new(Encoder).Encode(nil, pcm)
	for _, lost := range []int{160, 480, 1600} {
		var whole, broken Decoder
		want := whole.Decode(nil, payload)
		got := broken.Decode(nil, payload[:4000])
		got = broken.Decode(got, payload[4000+lost:])
		require.Len(t, got, len(want)-2*lost)
		require.Less(t, level(got[8000:8000+rate/10]), level(pcm)+3, "no bang")
		require.Equal(t, want[2*lost+8000+rate/2:], got[8000+rate/2:], "the same to the bit half a second later")
	}
}

func TestPiecesAreAsTheWhole(t *testing.T) {
	pcm := samplesOf(anything(1 << 13))
	payload := new(Encoder).Encode(nil, pcm)
	heard := new(Decoder).Decode(nil, payload)
	rapid.Check(t, func(t *rapid.T) {
		var e Encoder
		var d Decoder
		var coded []byte
		var decoded []int16
		pieces := rapid.SliceOf(rapid.IntRange(0, 700)).Draw(t, "samples in a piece")
		at, heardOf := 0, 0
		for _, n := range pieces {
			n = min(n, len(pcm)-at)
			coded = e.Encode(coded, pcm[at:at+n])
			at += n
			require.Len(t, coded, at/2)
			decoded = d.Decode(decoded, coded[heardOf:])
			heardOf = len(coded)
		}
		require.Equal(t, payload[:at/2], append([]byte{}, coded...))
		require.Equal(t, heard[:at/2*2], append([]int16{}, decoded...))
	})
}

func TestNothingIsAllocated(t *testing.T) {
	pcm, payload := sine(1000, -10, 320), make([]byte, 0, 160)
	heard := make([]int16, 0, 320)
	var e Encoder
	var d Decoder
	require.Zero(t, testing.AllocsPerRun(100, func() {
		heard = d.Decode(heard[:0], e.Encode(payload, pcm))
	}))
	require.Len(t, heard, 320)
}

// FuzzDecode decodes what no coder sent, then silence: whatever came before, it is quiet soon.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{})
	f.Add(make([]byte, 160))
	f.Add(speech[3000:3160])
	f.Add(extremes(1000))
	quiet := new(Encoder).Encode(nil, make([]int16, rate))
	f.Fuzz(func(t *testing.T, payload []byte) {
		var d, parts Decoder
		heard := d.Decode(nil, payload)
		require.Len(t, heard, 2*len(payload))
		half := len(payload) / 2
		require.Equal(t, heard, parts.Decode(parts.Decode(nil, payload[:half]), payload[half:]))
		require.Less(t, level(d.Decode(nil, quiet)[rate/2:]), -55.0)
	})
}
