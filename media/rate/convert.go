package rate

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// The rates that Convert takes, in samples a second.
const (
	Lowest  = 4000
	Highest = 192000
)

// ErrRate says that a sampling rate is none that can be converted.
var ErrRate = errors.New("sampling rate out of range")

// Convert gives a whole sound, sampled from times a second, as it is when sampled to times a second, in a new slice: as
// long in time, to half a sample, and without delay. What is above 0.44 of the lower rate fades, and from its half
// on is 60 dB down. The error is ErrRate where a rate is not between Lowest and Highest.
func Convert(pcm []int16, from, to int) ([]int16, error) {
	if min(from, to) < Lowest || max(from, to) > Highest {
		return nil, fmt.Errorf("converting a sound from %d to %d Hz: %w: want %d to %d", from, to, ErrRate, Lowest, Highest)
	}
	if from == to {
		return slices.Clone(pcm), nil
	}
	common := gcd(from, to)
	up, down := to/common, from/common
	p := newPolyphase(up, down)
	x := make([]float32, p.reach+len(pcm)+p.reach) // silence before and after
	for i, s := range pcm {
		x[p.reach+i] = float32(s)
	}
	converted := make([]int16, (len(pcm)*up+down/2)/down)
	for n := range converted {
		at := n * down
		converted[n] = p.at(x[at/up+1:], at%up)
	}
	return converted, nil
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// crossings is how many zero crossings of the sinc there are on each side of a filter.
const crossings = 32

// A polyphase is a low-pass filter for changing a rate by up/down: a row of taps for each place that a new sample
// can have between two old ones.
type polyphase struct {
	reach int     // old samples on each side of a new one that count
	band  float64 // what is passed, of the old rate
	rows  [][]float32
}

func newPolyphase(up, down int) *polyphase {
	lower := min(1, float64(up)/float64(down)) // the lower rate, of the old one
	return &polyphase{
		reach: int(math.Ceil(crossings / lower)),
		band:  lower * (1 - passage/(2*crossings)),
		rows:  make([][]float32, up),
	}
}

// at is the new sample that lies phase steps after x[reach-1].
func (p *polyphase) at(x []float32, phase int) int16 {
	row := p.row(phase)
	sum := float32(0)
	for i, s := range x[:len(row)] {
		sum += s * row[i]
	}
	return int16(math.RoundToEven(float64(min(max(sum, math.MinInt16), math.MaxInt16))))
}

// row gives the taps of a phase. They are made when they are needed: an odd pair of rates has many, a short sound uses few.
func (p *polyphase) row(phase int) []float32 {
	if p.rows[phase] != nil {
		return p.rows[phase]
	}
	row := make([]float32, 2*p.reach)
	for i := range row {
		t := float64(i-p.reach+1) - float64(phase)/float64(len(p.rows))
		row[i] = float32(p.band * sinc(p.band*t) * kaiser(t/float64(p.reach)))
	}
	p.rows[phase] = row
	return row
}
