package media

import (
	"math"
	"sync"
	"time"
)

// A burst is a part of a tone: frequencies that sound together, none of them for a pause.
type burst struct {
	length time.Duration
	hz     []float64
}

// A tone is one period, made when it is first asked for and then shared by all who hear it.
type tone func() *Sound

func period(bursts ...burst) tone {
	return sync.OnceValue(func() *Sound {
		var pcm []int16
		for _, b := range bursts {
			pcm = appendTones(pcm, b.length, b.hz...)
		}
		return NewSound(pcm)
	})
}

// tones are those that a country's callers hear.
type tones struct{ ringing, busy, congestion tone }

// countries holds the tones of ITU-T E.180 supplement 2.
var countries = map[string]tones{
	"cn": {
		ringing:    period(on(1000, 450), off(4000)),
		busy:       period(on(350, 450), off(350)),
		congestion: period(on(700, 450), off(700)),
	},
	"us": {
		ringing:    period(on(2000, 440, 480), off(4000)),
		busy:       period(on(500, 480, 620), off(500)),
		congestion: period(on(250, 480, 620), off(250)),
	},
	"uk": {
		ringing:    period(on(400, 400, 450), off(200), on(400, 400, 450), off(2000)),
		busy:       period(on(375, 400), off(375)),
		congestion: period(on(400, 400), off(350), on(225, 400), off(525)),
	},
	"hk": {
		ringing:    period(on(400, 440, 480), off(200), on(400, 440, 480), off(3000)),
		busy:       period(on(500, 480, 620), off(500)),
		congestion: period(on(250, 480, 620), off(250)),
	},
	"jp": {
		ringing:    period(on(1000, 384, 416), off(2000)),
		busy:       period(on(500, 400), off(500)),
		congestion: period(on(500, 400), off(500)),
	},
}

func on(ms time.Duration, hz ...float64) burst { return burst{ms * time.Millisecond, hz} }

func off(ms time.Duration) burst { return burst{length: ms * time.Millisecond} }

// tonesOf gives a country's tones: "cn", "us", "uk", "hk" or "jp"; any other gets those of "cn".
func tonesOf(country string) tones {
	if t, known := countries[country]; known {
		return t
	}
	return countries["cn"]
}

// Ringback is one period, pause included, of the ringing tone a caller hears in a country: "cn", "us", "uk",
// "hk" or "jp"; any other gets that of "cn". It is meant for Play(true, …).
func Ringback(country string) *Sound { return tonesOf(country).ringing() }

// Busy is one period of the tone that says the called party is busy, for a country as with Ringback.
func Busy(country string) *Sound { return tonesOf(country).busy() }

// Congestion is one period of the tone that says the call cannot be put through, for a country as with Ringback.
// In Japan it is the busy tone.
func Congestion(country string) *Sound { return tonesOf(country).congestion() }

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
