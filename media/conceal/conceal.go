// Package conceal makes up the speech of packets that never came, after the ideas of ITU-T G.711 Appendix I: the
// last pitch periods are said again, ever softer, and glide into what comes next. A [Concealer] is one leg's, works
// in place, adds no delay and allocates nothing. It knows samples alone: no codecs, no packets, no clock.
package conceal

import "math"

// What the appendix measures in time, in samples at 8 kHz; at 16 kHz there are twice as many.
const (
	shortest = 40  // pitch periods looked for: from 5 ms, 200 Hz,
	longest  = 120 // to 15 ms, 66 Hz
	compared = 160 // of the newest audio is sought in the audio before: 20 ms
	step     = 80  // each 10 ms one more period is repeated, up to three
	silence  = 480 // after 60 ms nothing is left
	past     = longest*3 + longest/4
	doubled  = 2 * past
)

// A Concealer listens to what a leg hears, frame by frame, and fills the frames that are missing. Its zero value
// is ready for 8 kHz.
type Concealer struct {
	// Rate is in samples a second: 8000 or 16000; 0 stands for 8000. It is set before the first frame.
	Rate int

	heard [doubled]int16 // the newest audio, made up or not, ends at the end
	voice voice
}

// Good takes a frame that was received, of any length. After a gap its beginning, 10 ms at most, is altered in
// place: what was made up goes on below it, fading.
func (c *Concealer) Good(frame []int16) {
	if c.voice.said > 0 {
		c.merge(frame)
		c.voice.said = 0
	}
	c.remember(frame)
}

// Lost fills a frame that never came, of any length. From 60 ms of a gap on it is silence, as it is before the
// first good frame.
func (c *Concealer) Lost(frame []int16) {
	if c.voice.said == 0 {
		c.voice.begin(c.heard[len(c.heard)-c.scale()*past:], c.scale())
	}
	for i := range frame {
		frame[i] = round(c.voice.next())
	}
	c.remember(frame)
}

// merge overlaps a good frame with what was made up: for a quarter of a period and a fifth of the gap, which
// is less than the appendix takes: so that speech stays nearer to what was said.
func (c *Concealer) merge(frame []int16) {
	n := min(c.voice.period/4+c.voice.said/5, step*c.scale(), len(frame))
	for i := range n {
		w := float32(i+1) / float32(n+1)
		frame[i] = round((1-w)*c.voice.next() + w*float32(frame[i]))
	}
}

// remember appends a frame to what was heard.
func (c *Concealer) remember(frame []int16) {
	heard := c.heard[len(c.heard)-c.scale()*past:]
	frame = frame[max(0, len(frame)-len(heard)):]
	copy(heard, heard[len(frame):])
	copy(heard[len(heard)-len(frame):], frame)
}

// scale is how many samples stand for one at 8 kHz.
func (c *Concealer) scale() int {
	if c.Rate == 16000 {
		return 2
	}
	return 1
}

func round(x float32) int16 {
	return int16(math.Round(float64(max(math.MinInt16, min(math.MaxInt16, x)))))
}
