package brain

import (
	"cmp"
	"slices"
	"time"
)

const (
	hedgeFirst  = 7 * time.Second
	hedgeEvery  = 4 * time.Second
	hedgePhones = 3
	hedgeBudget = 12
	hedgeSoon   = 2 * time.Second // no phone is given less time than this before the next one rings
	keptRings   = 100             // rings for nothing that are remembered of an agent
)

func (h Hedging) orDefaults() Hedging {
	return Hedging{
		First: cmp.Or(h.First, hedgeFirst), Every: cmp.Or(h.Every, hedgeEvery),
		Phones: cmp.Or(h.Phones, hedgePhones), Budget: cmp.Or(h.Budget, hedgeBudget),
	}
}

// hedges says whether a further phone may ring beside the offer.
func (c *call) hedges(o *offer) bool {
	return c.line.rules.hedge && c.callback == nil && !o.ordered && !o.agent.auto && c.ringing < c.line.Hedge.Phones
}

// ringsAll says whether everybody is rung for the call at once.
func (c *call) ringsAll(o *offer) bool {
	return c.line.Strategy == RingAll && c.callback == nil && !o.ordered
}

// hedgeNext sets when a further phone rings, as one more has been rung, or has begun to ring.
func (b *Brain) hedgeNext(c *call, o *offer, now Instant) {
	since := max(o.made, o.rang)
	switch {
	case c.ringsAll(o):
		c.hedgeAt = now
	case !c.hedges(o):
		c.hedgeAt = 0
	case c.ringing == 1:
		c.hedgeAt = since.Add(b.patience(c, o))
	default:
		c.hedgeAt = since.Add(c.line.Hedge.Every)
	}
}

// hedgeAgain sets it anew, as a phone rings no more.
func (b *Brain) hedgeAgain(c *call, now Instant) {
	c.hedgeAt = 0
	for _, o := range slices.Backward(c.offers) {
		if !o.stands() {
			continue
		}
		if c.ringsAll(o) {
			c.hedgeAt = now
		} else if c.hedges(o) {
			c.hedgeAt = max(o.made, o.rang).Add(c.line.Hedge.Every)
		}
		return
	}
}

// patience is how long the first phone rings alone.
func (b *Brain) patience(c *call, o *offer) time.Duration {
	past := &o.agent.pickups
	if past.n < ownPickups {
		past = &b.pickups
	}
	if !c.line.rules.learned || past.n < ownPickups || past == &b.pickups && past.n < allPickups {
		return c.line.Hedge.First
	}
	horizon := c.line.OfferTimeout
	if slack := c.deadline().Sub(max(o.made, o.rang)); slack > 0 {
		horizon = min(horizon, slack)
	}
	return max(past.unlikely(horizon), hedgeSoon)
}

// feed rings a further phone for a call where it is time, or all of them, as long as somebody is free.
func (b *Brain) feed(c *call, now Instant) {
	for c.hedgeAt != 0 && c.hedgeAt <= now {
		a := b.spare(c, now)
		if a == nil {
			c.pool.hungry.remove(&c.hunger)
			c.hunger.key = c.key()
			c.pool.hungry.insert(&c.hunger)
			return
		}
		b.ringFurther(c, a, now)
	}
}

// spareLooks is how many of the free are looked at for one with rings for nothing to spare.
const spareLooks = 16

// spare is the agent for a further phone: the first that may be rung for nothing once more.
func (b *Brain) spare(c *call, now Instant) *agent {
	looks := 0
	for n := c.pool.free.first(); n != nil && looks < spareLooks; n = c.pool.free.next(n) {
		if b.joins(n.item, c, now) {
			return n.item.agent
		}
		looks++
	}
	return nil
}

// joins says whether a free agent may be rung for a call for which another phone rings.
func (b *Brain) joins(s *seat, c *call, now Instant) bool {
	switch {
	case !c.accepts(s.agent, now):
		return false
	case c.line.Strategy == RingAll:
		return s.node.key.a <= c.tier
	}
	return s.agent.spares(now, c.line.Hedge.Budget)
}

// spares says whether the agent's phone may ring for nothing once more in this hour.
func (a *agent) spares(now Instant, budget int) bool {
	return len(a.nothing) < budget || a.nothing[len(a.nothing)-budget].Add(time.Hour) <= now
}

func (a *agent) rangForNothing(now Instant) {
	if len(a.nothing) == keptRings {
		a.nothing = slices.Delete(a.nothing, 0, 1)
	}
	a.nothing = append(a.nothing, now)
}

func (b *Brain) ringFurther(c *call, a *agent, now Instant) {
	why := b.choice(c, now, Hedge)
	if c.line.Strategy == RingAll {
		why.Reason = All
	}
	why.Candidates, why.Best = b.candidates(c, a, now)
	b.make(now, c, a, why)
}

// joinIn has an agent who is free, and whom no waiting call wants, rung for a call whose phones ring already.
func (b *Brain) joinIn(a *agent, now Instant) {
	var best *call
	for _, s := range a.seats {
		for n := s.pool.hungry.first(); n != nil; n = s.pool.hungry.next(n) {
			if c := n.item; b.joins(s, c, now) {
				if best == nil || c.presses(best, now) {
					best = c
				}
				break
			}
		}
	}
	if best != nil {
		b.ringFurther(best, a, now)
		b.feed(best, now)
	}
}

// takeBack stops a further phone for a call that has nobody, if there is one that serves it.
func (b *Brain) takeBack(c *call, now Instant) {
	if c.promised != nil || c.pool == nil {
		return
	}
	for n := c.pool.further.first(); n != nil; n = c.pool.further.next(n) {
		if a := n.item.agent; c.accepts(a, now) {
			c.promised, a.offer.wanted = a.offer, c
			b.withdraw(now, a.offer, Needed)
			return
		}
	}
}
