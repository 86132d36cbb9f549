package brain

import (
	"cmp"
	"slices"
	"time"
)

const explained = 5 // candidates kept with an offer

// dispatch makes offers until no waiting call stands beside an agent who could take it.
func (b *Brain) dispatch(now Instant) {
	if !b.anyFree(now) {
		return
	}
	for _, c := range b.waiting(now) {
		if ready := b.eligible(c, now); len(ready) > 0 {
			b.ring(now, c, ready)
		}
	}
}

func (b *Brain) anyFree(now Instant) bool {
	return slices.ContainsFunc(b.agents, func(a *agent) bool { return a.free(now) })
}

// waiting lists the calls that no phone rings for, the most pressing first: those past their deadline, oldest first,
// then those with the least slack. Within a queue that is the order of the line.
func (b *Brain) waiting(now Instant) []*call {
	var list []*call
	for _, l := range b.lines {
		for _, c := range l.calls {
			if c.ringing == nil && c.agent == nil {
				list = append(list, c)
			}
		}
	}
	slices.SortStableFunc(list, func(x, y *call) int {
		xLate, yLate := x.deadline() <= now, y.deadline() <= now
		switch {
		case xLate && yLate:
			return cmp.Compare(x.rank(), y.rank())
		case xLate != yLate:
			if xLate {
				return -1
			}
			return 1
		default:
			return cmp.Compare(x.deadline(), y.deadline())
		}
	})
	return list
}

// eligible lists the agents who could be rung for the call: those who have not let it pass first, then the longest idle.
func (b *Brain) eligible(c *call, now Instant) []*agent {
	var ready []*agent
	for _, a := range b.agents {
		if a.free(now) && c.wants(a) && !c.barred(a, now) {
			ready = append(ready, a)
		}
	}
	slices.SortStableFunc(ready, func(x, y *agent) int {
		xTried, yTried := slices.Contains(c.tried, x.id), slices.Contains(c.tried, y.id)
		switch {
		case xTried == yTried:
			return cmp.Compare(x.idleSince, y.idleSince)
		case yTried:
			return -1
		}
		return 1
	})
	return ready
}

func (b *Brain) ring(now Instant, c *call, ready []*agent) {
	a := ready[0]
	c.offers++
	o := &offer{id: b.nextOffer(), call: c, agent: a, line: c.line, made: now}
	b.offers = append(b.offers, o)
	c.ringing, a.offer = o, o
	b.out(Offer{
		ID: o.id, Call: c.id, Queue: c.line.Name, Agent: a.id, Serial: c.offers,
		Why: Choice{Reason: Turn, Strategy: LongestIdle, Phone: 1, Waited: now.Sub(c.entered), Rank: b.rankOf(c), Slack: c.deadline().Sub(now), Candidates: len(ready), Best: best(ready, now)},
	})
	b.set(a, Offered, "")
}

func (b *Brain) rankOf(c *call) int {
	rank := 1
	for _, x := range c.line.calls {
		if x == c {
			break
		}
		if x.ringing == nil {
			rank++
		}
	}
	return rank
}

func best(ready []*agent, now Instant) []Candidate {
	list := make([]Candidate, 0, explained)
	for _, a := range ready[:min(len(ready), explained)] {
		list = append(list, Candidate{Agent: a.id, Idle: now.Sub(a.idleSince).Truncate(time.Millisecond)})
	}
	return list
}
