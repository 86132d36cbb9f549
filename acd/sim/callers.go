package sim

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"

	"threering/acd/brain"
)

// caller is who will call, with everything about them that no decision changes.
type caller struct {
	at       brain.Instant
	stream   int32 // of the scenario's calls
	queue    int32
	priority int32
	patience time.Duration
	talk     time.Duration
	wrapUp   time.Duration
}

// expected is about how many will call.
func (c *Calls) expected(d time.Duration) float64 {
	n := c.PerHour*d.Hours() + float64(len(c.rows))
	for i, x := range c.HalfHours {
		n += x * max(0, min(1, (d-time.Duration(i)*halfHour).Minutes()/30))
	}
	return n
}

// callers draws everybody who will call, in the order in which they do.
func (s *Scenario) callers() []caller {
	total := 0.
	for i := range s.Calls {
		total += s.Calls[i].expected(s.Duration)
	}
	all := make([]caller, 0, int(total*1.02)+64)
	for i := range s.Calls {
		all = s.appendCallers(all, uint64(i))
	}
	slices.SortStableFunc(all, func(x, y caller) int { return cmp.Compare(x.at, y.at) })
	return all
}

func (s *Scenario) appendCallers(all []caller, nth uint64) []caller {
	c := &s.Calls[nth]
	queue := slices.IndexFunc(s.Queues, func(q Queue) bool { return q.Name == c.Queue })
	waits, talk, wrap := stream(s.Seed, patience, nth), stream(s.Seed, talks, nth), stream(s.Seed, wrapUps, nth)
	call := func(r row) {
		all = append(all, caller{
			at: s.begin().Add(r.at), stream: int32(nth), queue: int32(queue), priority: int32(c.Priority),
			patience: given(r.patience, c.patience().draw(&waits)),
			talk:     given(r.talk, c.Talk.draw(&talk)),
			wrapUp:   given(r.wrapUp, c.WrapUp.draw(&wrap)),
		})
	}
	for _, r := range c.rows {
		if r.at < s.Duration {
			call(r)
		}
	}
	from := stream(s.Seed, arrivals, nth)
	for at := c.next(0, &from); at < s.Duration; at = c.next(at, &from) {
		call(row{at: at})
	}
	return all
}

// patience is how long callers wait: for ever where nothing is said.
func (c *Calls) patience() Times {
	if c.Patience == (Times{}) {
		return Times{length: day}
	}
	return c.Patience
}

func given(d *time.Duration, drawn time.Duration) time.Duration {
	if d != nil {
		return *d
	}
	return drawn
}

// next draws when the next one calls after a moment. Where the rate changes with the half hours, what is left of an
// exponential time is stretched or shrunk to the new rate: exact for a Poisson process whose rate is a step function.
func (c *Calls) next(after time.Duration, from *rand.PCG) time.Duration {
	left := rand.New(from).ExpFloat64() // in expected arrivals
	if c.PerHour > 0 {
		return after + time.Duration(min(left/c.PerHour*float64(time.Hour), float64(longest)))
	}
	for i := int(after / halfHour); i < len(c.HalfHours); i++ {
		rest := time.Duration(i+1)*halfHour - after
		if due := left / c.HalfHours[i] * float64(halfHour); due < float64(rest) {
			return after + time.Duration(due)
		}
		left -= c.HalfHours[i] * float64(rest) / float64(halfHour)
		after += rest
	}
	return longest + day // never
}
