package brain

import (
	"slices"
	"time"
)

const explained = 5 // candidates kept with an offer

// wake has a call looked at before the Apply ends: something about it has changed.
func (b *Brain) wake(c *call) {
	if !c.woken {
		c.woken = true
		b.woken = append(b.woken, c)
	}
}

// settle looks at every agent and call that something has changed about, until no waiting call stands beside an agent who
// could take it. All others were looked at when something last changed about them, so they need not be.
func (b *Brain) settle(now Instant) {
	for len(b.touched)+len(b.woken) > 0 {
		for i := 0; i < len(b.touched); i++ {
			b.review(b.touched[i], now)
		}
		b.touched = b.touched[:0]
		for i := 0; i < len(b.woken); i++ {
			b.consider(b.woken[i], now)
		}
		b.woken = b.woken[:0]
		b.match(now)
		b.dismiss()
	}
}

// consider brings what follows from a call's state up to date.
func (b *Brain) consider(c *call, now Instant) {
	c.woken = false
	if c.chained == nil { // over, or talking
		return
	}
	b.turnAway(c, now)
	switch {
	case c.chained == nil:
		return
	case c.ringing > 0:
		b.hungry = append(b.hungry, c)
	case c.parked():
		b.unqueue(c)
	default:
		c.pool.hungry.remove(&c.hunger)
		c.pool.waiting.remove(&c.place)
		c.place.key = c.key()
		if !c.paced && c.line.waiting() == 0 {
			c.line.pace.last = now
		}
		c.paced = true
		c.pool.waiting.insert(&c.place)
		b.seeking = append(b.seeking, c)
	}
	b.arm(c, now)
}

// match brings the calls and agents together that are looking for one another.
func (b *Brain) match(now Instant) {
	switch {
	case len(b.ready) == 1 && len(b.seeking) == 0:
		b.matchAgent(b.ready[0], now)
	case len(b.ready)+len(b.seeking) > 0:
		b.matchAll(now)
	}
	for _, a := range b.ready {
		if a.stands {
			b.joinIn(a, now)
		}
	}
	for _, c := range b.seeking {
		if c.place.in() {
			b.takeBack(c, now)
		}
	}
	for _, c := range b.hungry {
		if c.ringing > 0 {
			b.feed(c, now)
			b.arm(c, now)
		}
	}
	b.ready, b.seeking, b.hungry = b.ready[:0], b.seeking[:0], b.hungry[:0]
}

// matchAgent rings an agent who has become free for the most pressing call. Nobody else could take it: it would have them.
func (b *Brain) matchAgent(a *agent, now Instant) {
	for {
		c, s := b.pressing(a, now)
		if c == nil {
			a.stand()
			return
		}
		if b.makesUp(a, c, now) {
			return
		}
		if b.dials(c) {
			continue
		}
		why := b.choice(c, now, Turn)
		why.Candidates, why.Best = 1, []Candidate{b.candidate(s, c, now)}
		b.ring(now, c, s, why)
		return
	}
}

// matchAll lets several agents and calls that have become free or begun to wait find their partners: always the most
// pressing call of all first, and the best agent for it.
func (b *Brain) matchAll(now Instant) {
	for _, a := range b.ready {
		a.stand()
	}
	var h proposals
	for _, c := range b.seeking {
		h.push(proposal{call: c}, now)
	}
	for _, a := range b.ready {
		if c, _ := b.pressing(a, now); c != nil && !b.makesUp(a, c, now) {
			h.push(proposal{c, a}, now)
		}
	}
	for len(h) > 0 {
		p := h.pop(now)
		if c := p.call; c.place.in() && (p.agent == nil || p.agent.stands) && b.seek(c, now) {
			h.push(proposal{call: c}, now)
		}
		if p.agent != nil && p.agent.stands {
			if c, _ := b.pressing(p.agent, now); c != nil {
				h.push(proposal{c, p.agent}, now)
			}
		}
	}
}

// pressing is the call that a free agent should take, and their seat for it; nil where there is none. That between queues and
// the orders of two of them may make a circle, so what presses most says only which queue is served: by its own order.
func (b *Brain) pressing(a *agent, now Instant) (*call, *seat) {
	c, s := a.first(nil, now)
	if c == nil || len(a.seats) == 1 {
		return c, s
	}
	return a.first(c.line, now)
}

// first is the most pressing call of a queue, or of all, that the agent may take.
func (a *agent) first(of *line, now Instant) (*call, *seat) {
	var best *call
	var at *seat
	for _, s := range a.seats {
		if s.pool.waiting.root == nil || of != nil && s.pool.line != of {
			continue
		}
		if c := s.pool.next(a, now); c != nil && (best == nil || c.presses(best, now)) {
			best, at = c, s
		}
	}
	return best, at
}

// seek rings the best of the free agents for a call, if there is one. Where a queue's own order has another call first for
// that agent, it is served instead, and seek says that this one still looks for somebody.
func (b *Brain) seek(c *call, now Instant) (still bool) {
	s := b.best(c, now)
	if s == nil {
		return false
	}
	if d, _ := s.agent.first(c.line, now); d != c {
		c, s, still = d, b.best(d, now), true
	}
	if b.dials(c) {
		return still
	}
	why := b.choice(c, now, Turn)
	why.Candidates, why.Best = b.candidates(c, s.agent, now)
	b.ring(now, c, s, why)
	return still
}

// best is the first of the free agents who may take the call; those who have let it pass come last, and those in doubt.
func (b *Brain) best(c *call, now Instant) *seat {
	var tried *seat
	for n := c.pool.free.first(); n != nil; n = c.pool.free.next(n) {
		s := n.item
		if !c.accepts(s.agent, now) {
			continue
		}
		if !c.tried[s.agent] && !b.doubted(s.agent, now) {
			return s
		}
		if tried == nil {
			tried = s
		}
	}
	return tried
}

// ring rings the agent of a seat as the first phone of a call.
func (b *Brain) ring(now Instant, c *call, s *seat, why Choice) {
	if c.pool.only != nil {
		why.Reason = Only
	}
	c.tier = s.key().a
	b.make(now, c, s.agent, why)
}

// choice is the reason for an offer, as far as it lies in the call.
func (b *Brain) choice(c *call, now Instant, r Reason) Choice {
	return Choice{
		Reason: r, Strategy: c.line.Strategy, Rank: b.rank(c), Slack: c.deadline().Sub(now), Waited: now.Sub(c.entered),
		Priority: c.priority, Needs: c.pool.needs, Tier: c.pool.tier, Phone: c.ringing + 1,
	}
}

// rank is the place of a call among those that wait for its queue, from 1. Who waits for one agent alone stands in nobody's way.
func (b *Brain) rank(c *call) int {
	rank, k := 1, c.key()
	for _, p := range c.line.pools {
		rank += p.waiting.before(k)
	}
	return rank
}

// candidates counts the free agents who may take the call, and describes the best of them, the chosen one first.
func (b *Brain) candidates(c *call, chosen *agent, now Instant) (int, []Candidate) {
	free := &c.pool.free
	count := free.len()
	for _, x := range c.bars {
		if x.agent.stands && x.until > now && x.agent != c.from && c.pool.seats(x.agent) {
			count--
		}
	}
	if c.from != nil && c.from.stands && c.pool.seats(c.from) {
		count--
	}
	list := make([]Candidate, 1, min(max(count, 1), explained))
	for n := free.first(); n != nil; n = free.next(n) {
		s := n.item
		switch {
		case s.agent == chosen:
			list[0] = b.candidate(s, c, now)
		case len(list) < cap(list) && c.accepts(s.agent, now):
			list = append(list, b.candidate(s, c, now))
		}
		if len(list) == cap(list) && list[0].Agent != "" {
			break
		}
	}
	return count, list
}

// seats says whether the agent has a place in the pool.
func (p *pool) seats(a *agent) bool {
	return slices.ContainsFunc(a.seats, func(s *seat) bool { return s.pool == p })
}

// candidate is what the strategy sees of the agent.
func (b *Brain) candidate(s *seat, c *call, now Instant) Candidate {
	a := s.agent
	x := Candidate{Agent: a.id, Idle: now.Sub(a.idleSince).Truncate(time.Millisecond), Tried: c.tried[a], Doubt: b.doubted(a, now)}
	if s.post != nil {
		x.Tier = s.post.tier
	}
	switch c.line.Strategy {
	case LeastTalkTime:
		x.Talked = a.talked
	case FewestCalls:
		x.Calls = a.calls
	}
	return x
}

// proposal is a call that looks for an agent, or an agent with the call they should take.
type proposal struct {
	call  *call
	agent *agent
}

// proposals is a heap, that of the most pressing call first.
type proposals []proposal

func (h *proposals) push(p proposal, now Instant) {
	*h = append(*h, p)
	for i := len(*h) - 1; i > 0; {
		parent := (i - 1) / 2
		if !h.swapped(i, parent, now) {
			return
		}
		i = parent
	}
}

func (h *proposals) pop(now Instant) proposal {
	top, last := (*h)[0], len(*h)-1
	(*h)[0] = (*h)[last]
	*h = (*h)[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return top
		}
		if child+1 < last && (*h)[child+1].call.presses((*h)[child].call, now) {
			child++
		}
		if !h.swapped(child, i, now) {
			return top
		}
		i = child
	}
}

// swapped brings the more pressing of two up.
func (h *proposals) swapped(child, parent int, now Instant) bool {
	x, y := (*h)[child], (*h)[parent]
	if !x.call.presses(y.call, now) {
		return false
	}
	(*h)[child], (*h)[parent] = y, x
	return true
}
