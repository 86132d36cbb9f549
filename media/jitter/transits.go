package jitter

import "math"

// Transits remember how long the packets of the last four seconds were under way. Sender and receiver have clocks
// of their own, so only differences mean anything: of all packets the quickest is the measure, anew every
// few seconds, by which a drift of the clocks shows as a slow change.
type transits struct {
	spans [8]span // of half a second each, by number modulo 8
	// lowest is the transit of the quickest packet, in units.
	lowest int64
	// spread is how much later than by that the slowest but one would have to be played: to conceal one packet in
	// four seconds is cheaper than to delay them all.
	spread int64
}

// A span keeps the extremes of half a second: the lowest transit and the two highest needs.
type span struct {
	used                    bool
	number                  int64
	lowest, highest, second int64
}

const spanBits = 12 // a span is 4096 units

// add takes a packet's transit into account. Where its audio begins within a frame, it is needed by so much earlier.
func (t *transits) add(now, transit, within int64) {
	need := transit + within
	number := now >> spanBits
	s := &t.spans[number&int64(len(t.spans)-1)]
	if !s.used || s.number != number {
		*s = span{used: true, number: number, lowest: transit, highest: need, second: math.MinInt64}
	} else {
		s.lowest = min(s.lowest, transit)
		s.second = max(s.second, min(s.highest, need))
		s.highest = max(s.highest, need)
	}
	t.summarise(number)
}

// summarise draws the spans together that are recent enough.
func (t *transits) summarise(number int64) {
	lowest, highest, second := int64(math.MaxInt64), int64(math.MinInt64), int64(math.MinInt64)
	for i := range t.spans {
		s := &t.spans[i]
		if !s.used || s.number > number || s.number <= number-int64(len(t.spans)) {
			continue
		}
		lowest = min(lowest, s.lowest)
		second = max(second, s.second, min(highest, s.highest))
		highest = max(highest, s.highest)
	}
	t.lowest, t.spread = lowest, max(second, lowest)-lowest
}
