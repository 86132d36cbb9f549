package main

import "math"

const (
	beat = rate * 60 / 80 // samples: 80 beats a minute
	bars = 8              // of four beats, 24 s in all
)

// progression is what is played: a chord for each bar, MIDI notes from the lowest.
var progression = [bars][4]int{
	{60, 64, 67, 71}, // C major seventh
	{57, 64, 67, 72}, // A minor seventh
	{62, 65, 69, 72}, // D minor seventh
	{55, 65, 71, 74}, // G seventh
	{64, 67, 71, 74}, // E minor seventh
	{57, 64, 67, 72},
	{53, 65, 69, 76}, // F major seventh
	{55, 62, 67, 71}, // G
}

// melody has a note for each half bar, 0 for none, over the chords.
var melody = [2 * bars]int{79, 76, 76, 72, 77, 74, 74, 0, 79, 83, 81, 76, 77, 76, 74, 0}

// arpeggio is the order in which a chord's notes are plucked, one each half beat.
var arpeggio = [8]int{0, 1, 2, 3, 2, 3, 1, 2}

// loop is music of a fixed length. What rings on past the end rings on at the beginning, so that it can be repeated
// without a seam.
type loop []float64

// music composes the music on hold: a plucked accompaniment and a slow bell on top, within a telephone's 300 to 3400 Hz.
func music() []float64 {
	l := make(loop, bars*4*beat)
	for bar, chord := range progression {
		at := bar * 4 * beat
		for i, which := range arpeggio {
			l.add(at+i*beat/2, chord[which], 0.5, 0.9, pluck)
		}
		for half := range 2 {
			if note := melody[2*bar+half]; note != 0 {
				l.add(at+half*2*beat, note, 0.45, 1.6, bell)
			}
		}
	}
	return l
}

// partial is one sine of a tone: its frequency as a multiple of the note's, its share, and how much faster it dies away.
type partial struct{ multiple, share, decay float64 }

var (
	pluck = []partial{{1, 1, 1}, {2, 0.5, 1.6}, {3, 0.25, 2.5}, {4, 0.1, 4}}
	bell  = []partial{{1, 1, 1}, {2.005, 0.3, 1.5}, {3.01, 0.08, 3}}
)

// add puts a note into the loop: when (sample), which (MIDI), how loud, and in what time (seconds) it falls to a third.
func (l loop) add(at, note int, loud, fall float64, tone []partial) {
	hz := 440 * math.Pow(2, float64(note-69)/12)
	for i := range int(6 * fall * rate) {
		t := float64(i) / rate
		attack := 1 - math.Exp(-t/0.008)
		var s float64
		for _, p := range tone {
			if p.multiple*hz < 3400 {
				s += p.share * math.Exp(-t*p.decay/fall) * math.Sin(2*math.Pi*p.multiple*hz*t)
			}
		}
		l[(at+i)%len(l)] += loud * attack * s
	}
}
