// Package dtmf reads and makes the keys of a telephone that come as pairs of tones in the audio itself (ITU-T Q.23,
// Q.24), for the legs whose peer knows no telephone-event.
// It works on 16-bit samples at 8 kHz, decides nothing about what a key means, and knows no packets and no codecs.
package dtmf

import (
	"math"
	"strings"
	"time"
)

const (
	sampleRate = 8000

	// keypad names the keys line by line; the place of one gives its two tones.
	keypad = "123A456B789C*0#D"
)

// The frequencies of the keypad's lines and columns, in Hertz (ITU-T Q.23).
var (
	lowTones  = [4]float64{697, 770, 852, 941}
	highTones = [4]float64{1209, 1336, 1477, 1633}
)

// amplitude is the peak, in 16-bit samples, of a sine of so many dBm0: the loudest of G.711 has +3.14.
func amplitude(dBm0 float64) float64 {
	return 32124 * math.Pow(10, (dBm0-3.14)/20)
}

// Levels of the tones of a press. The higher one is the louder, since lines take more of it.
const (
	lowLevel  = -7.0 // dBm0
	highLevel = -5.0 // dBm0

	ramp = 2 * sampleRate / 1000 // samples over which a press swells and fades, against clicks
)

// Tone is the press of a key, 0-9 * # A-D, as samples at 8 kHz: both tones at once, d long, -7 dBm0 the low and
// -5 dBm0 the high one. It is nil for a key that does not exist. Those who listen need at least 40 ms of it, and as much
// silence before the next.
func Tone(key rune, d time.Duration) []int16 {
	place := strings.IndexRune(keypad, key)
	if place < 0 || d <= 0 {
		return nil
	}
	low := 2 * math.Pi * lowTones[place/4] / sampleRate
	high := 2 * math.Pi * highTones[place%4] / sampleRate
	pcm := make([]int16, d*sampleRate/time.Second)
	for i := range pcm {
		t, edge := float64(i), min(i+1, len(pcm)-i, ramp)
		swell := math.Pow(math.Sin(math.Pi/2*float64(edge)/ramp), 2)
		pcm[i] = int16(math.Round(swell * (amplitude(lowLevel)*math.Sin(low*t) + amplitude(highLevel)*math.Sin(high*t))))
	}
	return pcm
}
