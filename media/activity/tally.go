package activity

import "time"

// A Side is one of the two of a talk.
type Side uint8

// The sides.
const (
	Left Side = iota
	Right
)

// patience is how long a side is taken to talk on after a frame of speech, if no other frame comes: long enough for the
// jitter of a usual network. What is lacking beyond it, for loss or because the peer sends no silence, is silence.
const patience = 100 * time.Millisecond

// A Tally adds up who talks when, of two sides on one timeline. Its state does not grow with the talk.
type Tally struct {
	start   time.Time
	until   [2]time.Duration // how long each side talks, as far as is known
	silence time.Duration    // how long both have been silent by now
	summary Summary
}

// A Summary tells how a talk went. What each side talked, less what both did at once, and the silence make up its length.
type Summary struct {
	Length         time.Duration
	Talk           [2]time.Duration // how long each side talked, by Side
	TalkOver       time.Duration    // how long both talked at once
	Silence        time.Duration    // how long neither did
	LongestSilence time.Duration
	FirstWord      [2]time.Duration // when each side first talked, from the start; of no meaning where its Talk is 0
}

// NewTally is the tally of a talk that starts at an instant, in silence.
func NewTally(start time.Time) *Tally { return &Tally{start: start} }

// Take takes in that a frame of a side's came at an instant, and whether it is of speech. The instants are those of
// arrival, in order; one before the latest counts as that.
func (t *Tally) Take(side Side, at time.Time, active bool) {
	t.advance(at)
	now := t.summary.Length
	if !active {
		t.until[side] = now
		return
	}
	if t.summary.Talk[side] == 0 && t.until[side] <= now {
		t.summary.FirstWord[side] = now
	}
	t.until[side] = now + patience
}

// Summary tells how the talk went until an instant.
func (t *Tally) Summary(until time.Time) Summary {
	then := *t
	then.advance(until)
	return then.summary
}

// advance adds up the time until an instant, from one change to the next.
func (t *Tally) advance(to time.Time) {
	end := to.Sub(t.start)
	for t.summary.Length < end {
		now, next := t.summary.Length, end
		for _, until := range t.until {
			if now < until {
				next = min(next, until)
			}
		}
		t.add(next-now, now < t.until[Left], now < t.until[Right])
	}
}

// add adds a time during which nobody begins or ends to talk.
func (t *Tally) add(d time.Duration, left, right bool) {
	s := &t.summary
	s.Length += d
	if left {
		s.Talk[Left] += d
	}
	if right {
		s.Talk[Right] += d
	}
	if left && right {
		s.TalkOver += d
	}
	if left || right {
		t.silence = 0
		return
	}
	s.Silence += d
	t.silence += d
	s.LongestSilence = max(s.LongestSilence, t.silence)
}
