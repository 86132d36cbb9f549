package activity

import "math"

const (
	sampleRate = 8000

	// hangover is how long after the last loud frame speech goes on, in samples: 200 ms, as in ITU-T P.56. It spans
	// the stops and the soft ends of words.
	hangover = sampleRate / 5

	// margin is by how much speech is louder than the noise floor, as a ratio of powers: 8 dB.
	margin = 6.3

	// Mean squares of 16-bit samples; a sine of 0 dBm0 has 2.5e8 (ITU-T G.711).
	softest = 800  // -55 dBm0: nothing softer is speech
	assumed = 8000 // -45 dBm0: the noise floor is no louder, as long as three seconds of it are not known
	digital = 100  // -64 dBm0: no room is so still; it is what a muted phone sends
)

// A Detector tells speech from noise in one side's audio at 8 kHz, by its power alone: speech is what is 8 dB louder
// than the noise floor, and 200 ms more. The floor is the softest frame of the last three seconds, so that it follows
// noise that becomes softer at once, and noise that becomes louder, or begins loud, after three seconds.
// A steady tone counts as speech for its first three seconds and then as noise. One that comes and goes, like ringing,
// counts as speech, and so does music. The zero value is ready.
type Detector struct {
	noise noise
	left  int // samples until the hangover ends
}

// Take hears the next frame, of 10 to 60 ms, and says whether it is of speech.
func (d *Detector) Take(pcm []int16) bool {
	if len(pcm) == 0 {
		return d.left > 0
	}
	sum := int64(0) // in integers, which add up faster
	for _, sample := range pcm {
		sum += int64(sample) * int64(sample)
	}
	return d.TakePower(float64(sum)/float64(len(pcm)), len(pcm))
}

// TakePower is Take for a frame of so many samples whose mean square is known: of G.711 it can be had from a table of
// 256 squares.
func (d *Detector) TakePower(meanSquare float64, samples int) bool {
	d.noise.take(meanSquare, samples)
	if meanSquare > max(softest, margin*d.noise.floor()) {
		d.left = hangover
		return true
	}
	active := d.left > 0
	d.left = max(0, d.left-samples)
	return active
}

const (
	spans = 6              // of which the last three seconds are made
	span  = sampleRate / 2 // in samples
)

// A noise follows the noise floor: the least power of late.
type noise struct {
	least   [spans]float64 // of each span, in turn; 0 where nothing is known of it
	current int
	samples int // of the current span
}

// take takes a frame into account. Digital silence says nothing of the noise.
func (n *noise) take(meanSquare float64, samples int) {
	if n.samples >= span {
		n.current, n.samples = (n.current+1)%spans, 0
		n.least[n.current] = 0
	}
	n.samples += samples
	least := &n.least[n.current]
	if meanSquare >= digital && (*least == 0 || meanSquare < *least) {
		*least = meanSquare
	}
}

// floor is the noise floor as a mean square.
func (n *noise) floor() float64 {
	floor := math.Inf(1)
	for _, least := range n.least {
		if least == 0 {
			least = assumed
		}
		floor = min(floor, least)
	}
	return floor
}
