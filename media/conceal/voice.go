package conceal

// A voice says the last pitch periods of a signal again and again.
type voice struct {
	source [doubled]int16 // what was heard before the gap, ending at the end
	scale  int            // samples for one at 8 kHz
	period int            // of the pitch, in samples
	level  float32        // noise is said softer than a vowel: it would buzz
	leap   float32        // from the last sample heard to where the repetition begins

	said   int // samples so far; not counted on beyond the silence
	now    loop
	before loop // fades out while now fades in
	fade   int  // samples of that left
}

// A loop repeats so many samples of the end of a source.
type loop struct{ length, at int }

// begin takes the measure of a signal that breaks off.
func (v *voice) begin(heard []int16, scale int) {
	lag, likeness := pitch(heard, scale)
	*v = voice{source: v.source, scale: scale, period: lag, level: float32(likeness), now: loop{length: lag}}
	copy(v.source[len(v.source)-len(heard):], heard)
	end := len(v.source) - 1
	v.leap = float32(v.source[end]) - float32(v.source[end-lag])
}

// next is the next sample.
func (v *voice) next() float32 {
	if v.said >= silence*v.scale {
		return 0
	}
	if v.said > 0 && v.said%(step*v.scale) == 0 && v.now.length < 3*v.period {
		v.lengthen()
	}
	sample := v.sample(&v.now)
	if v.fade > 0 {
		w := float32(v.fade) / float32(v.period/4+1)
		sample += w * (v.sample(&v.before) - sample)
		v.fade--
	}
	sample += v.leap * v.within(v.period/4)
	sample *= v.gain()
	v.said++
	return sample
}

// within falls from 1 to 0 over the first n samples said.
func (v *voice) within(n int) float32 {
	return max(0, 1-float32(v.said+1)/float32(n+1))
}

// gain falls to the level within a quarter of a period, and from 10 ms on to nothing.
func (v *voice) gain() float32 {
	first, last := step*v.scale, silence*v.scale
	fading := float32(last-max(v.said, first)) / float32(last-first)
	return fading * (v.level + (1-v.level)*v.within(v.period/4))
}

// lengthen repeats one period more from now on: the same sound over and over is a buzz.
func (v *voice) lengthen() {
	v.before, v.fade = v.now, v.period/4
	v.now = loop{length: v.now.length + v.period, at: v.now.at % v.period}
}

// sample reads a loop. Over a quarter of a period at its end it fades into what led to its beginning.
func (v *voice) sample(l *loop) float32 {
	at, seam := len(v.source)-l.length+l.at, v.period/4
	sample := float32(v.source[at])
	if in := l.at - (l.length - seam); in >= 0 {
		w := float32(in+1) / float32(seam+1)
		sample += w * (float32(v.source[at-l.length]) - sample)
	}
	l.at++
	if l.at == l.length {
		l.at = 0
	}
	return sample
}
