package dtmf

import "math"

// window is how many samples a look covers, 16 ms. They are weighted by a Hann window, which keeps the two tones of
// a key, and a dial tone, out of each other's way; what counts is so the middle 8 ms.
const window = 128

// What makes two tones a key.
const (
	leastLevel = -31  // dBm0 of each; a look that catches but an edge of the press sees it weaker
	share      = 0.78 // of all power, that of the two tones together
	highAbove  = 4.5  // times the power of the low tone that the high one may have, 6.5 dB
	lowAbove   = 13   // times the power of the high tone that the low one may have, 11 dB
	leastLow   = share / (1 + highAbove)
	harmonic   = 0.06 // of the power of a tone, that of its second harmonic: a voice has them, a telephone not
	deviation  = .021 // of a tone's frequency, how far it may be off
	echo       = 0.12 // of the power of a press, what still belongs to it: less is its echo
)

// A sight is what one look shows: a key, and the power of its tones; no key if there is none.
type sight struct {
	key   rune
	power float32
}

// A spectrum holds what a look found at the eight frequencies.
type spectrum struct{ low, high [4]phasor }

// A phasor is a tone's amplitude and phase in the middle of the window, in units of its effective value.
type phasor struct{ re, im float32 }

func (p phasor) power() float32 { return p.re*p.re + p.im*p.im }

// plus adds what the samples at one distance from the middle, added and subtracted, tell of a wave.
func (p phasor) plus(sum, difference float32, wave phasor) phasor {
	return phasor{p.re + sum*wave.re, p.im - difference*wave.im}
}

// folded holds the samples of a look, those at the same distance from the middle added and subtracted: whatever
// wave is sought in them, that is half the work.
type folded struct{ sum, difference [window / 2]float32 }

// fold takes the samples of a look, and gives their mean power as the window weights it.
func (x *folded) fold(pcm *[window]float32) (power float32) {
	for i := range x.sum {
		right, left := pcm[window/2+i], pcm[window/2-1-i]
		x.sum[i], x.difference[i] = right+left, right-left
		power += weights[i] * (right*right + left*left)
	}
	return power
}

// A bank finds four frequencies. It is what four Goertzel filters are, with the window in them.
type bank struct {
	waves [window / 2][4]phasor // cosine and sine, weighted
	turn  [4]phasor             // by which each turns from one look to the next
	slack [4]float32            // the tangent of how much more or less it may turn, which is less than a quarter
}

// Computed once and only read.
var (
	weights    = hann()
	lowBank    = newBank(lowTones, 1)
	highBank   = newBank(highTones, 1)
	twiceHigh  = newBank(highTones, 2)
	leastPower = float32(math.Pow(amplitude(leastLevel), 2) / 2)
)

// hann gives the right half of the window; the left one is its mirror image. The sum of both is 1.
func hann() (w [window / 2]float32) {
	for i := range w {
		w[i] = float32((1 + math.Cos(2*math.Pi*(float64(i)+0.5)/window)) / window)
	}
	return w
}

func newBank(tones [4]float64, times float64) *bank {
	var b bank
	for tone, hz := range tones {
		step := 2 * math.Pi * hz * times / sampleRate
		for i, w := range weights {
			sin, cos := math.Sincos(step * (float64(i) + 0.5))
			b.waves[i][tone] = phasor{w * float32(math.Sqrt2*cos), w * float32(math.Sqrt2*sin)}
		}
		sin, cos := math.Sincos(step * hop)
		b.turn[tone] = phasor{float32(cos), float32(sin)}
		b.slack[tone] = float32(math.Tan(step * hop * deviation))
	}
	return &b
}

// find gives the phasors of the bank's frequencies. All four go side by side, so that none waits for its last sum.
func (b *bank) find(x *folded) [4]phasor {
	var p0, p1, p2, p3 phasor
	for i := range b.waves {
		sum, difference, wave := x.sum[i], x.difference[i], &b.waves[i]
		p0 = p0.plus(sum, difference, wave[0])
		p1 = p1.plus(sum, difference, wave[1])
		p2 = p2.plus(sum, difference, wave[2])
		p3 = p3.plus(sum, difference, wave[3])
	}
	return [4]phasor{p0, p1, p2, p3}
}

// steady says whether a tone turned from before to now as its frequency has it. Where nothing is known of before, it
// is believed.
func (b *bank) steady(tone int, before, now phasor) bool {
	turn := b.turn[tone]
	re, im := before.re*turn.re-before.im*turn.im, before.re*turn.im+before.im*turn.re
	along, across := now.re*re+now.im*im, now.im*re-now.re*im
	return along >= 0 && max(across, -across) <= b.slack[tone]*along
}

func loudest(found *[4]phasor) (best int, power float32) {
	for i, p := range found {
		if p.power() > power {
			best, power = i, p.power()
		}
	}
	return best, power
}

// look looks for a key in the samples at hand. The checks that most speech fails come first.
func (d *Detector) look() sight {
	before, now := d.before, &d.before
	*now = spectrum{}
	var x folded
	power := x.fold(&d.recent)
	if power < 2*leastPower {
		return sight{}
	}
	now.low = lowBank.find(&x)
	row, lowPower := loudest(&now.low)
	if lowPower < leastPower || lowPower < power*leastLow {
		return sight{}
	}
	now.high = highBank.find(&x)
	column, highPower := loudest(&now.high)
	both := lowPower + highPower
	if highPower < leastPower || both < power*share || highPower > lowPower*highAbove || lowPower > highPower*lowAbove {
		return sight{}
	}
	if !lowBank.steady(row, before.low[row], now.low[row]) || !highBank.steady(column, before.high[column], now.high[column]) {
		return sight{}
	}
	if overtones := twiceHigh.find(&x); overtones[column].power() > highPower*harmonic {
		return sight{}
	}
	return sight{rune(keypad[4*row+column]), both}
}
