package media

import (
	"math"
	"time"
)

// SampleRate is the rate of all audio here, in samples a second.
const SampleRate = 8000

// frame is the number of samples in 20 ms, what one packet carries.
const frame = SampleRate / 50

// A Sound is immutable audio, 8 kHz mono, kept in both codecs so that playing costs a copy.
// Any number of ports may play it at once.
type Sound struct{ pcma, pcmu []byte }

// NewSound encodes 16-bit samples at 8 kHz. It keeps no reference to pcm.
func NewSound(pcm []int16) *Sound {
	return &Sound{
		pcma: encode711(make([]byte, 0, len(pcm)), PCMA, pcm),
		pcmu: encode711(make([]byte, 0, len(pcm)), PCMU, pcm),
	}
}

// encodedSound keeps audio that comes encoded as it is in its own codec.
func encodedSound(codec Codec, data []byte) *Sound {
	other := make([]byte, len(data))
	if codec == PCMA {
		translate711(other, PCMU, data)
		return &Sound{pcma: data, pcmu: other}
	}
	translate711(other, PCMA, data)
	return &Sound{pcma: other, pcmu: data}
}

// Duration is how long the sound plays.
func (s *Sound) Duration() time.Duration {
	return time.Duration(len(s.pcma)) * time.Second / SampleRate
}

// PCM gives the sound's 16-bit samples at 8 kHz, in a new slice.
func (s *Sound) PCM() []int16 {
	return decode711(make([]int16, 0, len(s.pcmu)), PCMU, s.pcmu)
}

func (s *Sound) bytes(codec Codec) []byte {
	if codec == PCMU {
		return s.pcmu
	}
	return s.pcma
}

// Tone is a sine of hz Hertz at -10 dBm0, d long.
func Tone(hz float64, d time.Duration) *Sound {
	return NewSound(appendTones(nil, d, hz))
}

// Silence is d of silence.
func Silence(d time.Duration) *Sound {
	return NewSound(appendTones(nil, d))
}

// A burst is a part of a ringing tone: frequencies that sound together, none of them for a pause.
type burst struct {
	length time.Duration
	hz     []float64
}

// ringing holds one period of each country's ringing tone (ITU-T E.180 supplement 2).
var ringing = map[string][]burst{
	"cn": {{time.Second, []float64{450}}, {4 * time.Second, nil}},
	"us": {{2 * time.Second, []float64{440, 480}}, {4 * time.Second, nil}},
	"uk": {{400 * time.Millisecond, []float64{400, 450}}, {200 * time.Millisecond, nil},
		{400 * time.Millisecond, []float64{400, 450}}, {2 * time.Second, nil}},
	"hk": {{400 * time.Millisecond, []float64{440, 480}}, {200 * time.Millisecond, nil},
		{400 * time.Millisecond, []float64{440, 480}}, {3 * time.Second, nil}},
	"jp": {{time.Second, []float64{384, 416}}, {2 * time.Second, nil}},
}

// Ringback is one period, pause included, of the ringing tone a caller hears in a country: "cn", "us", "uk",
// "hk" or "jp"; any other gets that of "cn". It is meant for Play(true, …).
func Ringback(country string) *Sound {
	bursts, known := ringing[country]
	if !known {
		bursts = ringing["cn"]
	}
	var pcm []int16
	for _, b := range bursts {
		pcm = appendTones(pcm, b.length, b.hz...)
	}
	return NewSound(pcm)
}

// appendTones appends d of sines that sound together, -10 dBm0 in all.
func appendTones(pcm []int16, d time.Duration, hz ...float64) []int16 {
	const fullScale = 32124 // a sine of +3.14 dBm0, the loudest that G.711 knows
	amplitude := fullScale * math.Pow(10, (-10-3.14)/20) / math.Sqrt(float64(max(len(hz), 1)))
	for i := range int(d * SampleRate / time.Second) {
		sum := 0.0
		for _, f := range hz {
			sum += amplitude * math.Sin(2*math.Pi*f*float64(i)/SampleRate)
		}
		pcm = append(pcm, int16(math.Round(sum)))
	}
	return pcm
}

// Detect tells which share of the power of 8 kHz samples is at hz Hertz (Goertzel): 1 for that tone alone,
// near 0 for silence, speech or other tones. 800 samples resolve 10 Hz.
func Detect(pcm []int16, hz float64) float64 {
	coefficient := 2 * math.Cos(2*math.Pi*hz/SampleRate)
	var power, s1, s2 float64
	for _, sample := range pcm {
		x := float64(sample)
		power += x * x
		s1, s2 = x+coefficient*s1-s2, s1
	}
	if power == 0 {
		return 0
	}
	at := s1*s1 + s2*s2 - coefficient*s1*s2
	return min(1, 2*at/(float64(len(pcm))*power))
}
