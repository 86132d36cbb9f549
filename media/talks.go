package media

import (
	"sync"
	"time"

	"threering/media/activity"
	"threering/media/g722"
)

// A speechDetector says of each 20 ms or so of one side's audio, whose mean square is known, whether it is speech.
type speechDetector interface {
	TakePower(meanSquare float64, samples int) bool
}

// talks adds up who of the two of a bridge talks when.
type talks struct {
	mu        sync.Mutex // guards the fields below
	detectors [2]speechDetector
	meters    [2]g722.Meter
	tally     *activity.Tally
}

func newTalks() *talks {
	return &talks{
		detectors: [2]speechDetector{new(activity.Detector), new(activity.Detector)},
		tally:     activity.NewTally(time.Now()),
	}
}

// take takes in a packet of the first of the two, or of the second.
func (t *talks) take(first bool, pkt *packet) {
	if !pkt.isAudio() {
		return
	}
	side := activity.Right
	if first {
		side = activity.Left
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	active := t.detectors[side].TakePower(t.power(side, pkt), len(pkt.payload))
	t.tally.Take(side, pkt.at, active)
}

// power is the mean square of a packet's samples at 8 kHz.
func (t *talks) power(side activity.Side, pkt *packet) float64 {
	squares := &squaresPCMA
	switch pkt.kind.codec() {
	case G722:
		return t.meters[side].MeanSquare(pkt.payload)
	case PCMU:
		squares = &squaresPCMU
	}
	sum := uint64(0)
	for _, b := range pkt.payload {
		sum += uint64(squares[b])
	}
	return float64(sum) / float64(len(pkt.payload))
}

// Talks tells who has talked how long so far: the first port given to Join is Left.
func (b *Bridge) Talks() activity.Summary {
	b.talks.mu.Lock()
	defer b.talks.mu.Unlock()
	return b.talks.tally.Summary(time.Now())
}

var (
	squaresPCMA = table(func(b byte) uint32 { return square(decodePCMA(b)) })
	squaresPCMU = table(func(b byte) uint32 { return square(decodePCMU(b)) })
)

func square(sample int16) uint32 { return uint32(int32(sample) * int32(sample)) }
