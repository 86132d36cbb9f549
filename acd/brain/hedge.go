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
	hedgeShare  = 25
	keptRings   = 100 // rings for nothing that are remembered of an agent
)

func (h Hedging) orDefaults() Hedging {
	return Hedging{
		First: cmp.Or(h.First, hedgeFirst), Every: cmp.Or(h.Every, hedgeEvery),
		Phones: cmp.Or(h.Phones, hedgePhones), Budget: cmp.Or(h.Budget, hedgeBudget), Share: cmp.Or(h.Share, hedgeShare),
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

// hedge sets when a further phone rings for a call, as one more rings, or one rings no more.
func (b *Brain) hedge(c *call, now Instant) {
	c.hedgeAt = 0
	o := c.latest()
	switch {
	case o == nil:
	case c.ringsAll(o):
		c.hedgeAt = now
	case !c.hedges(o):
	case c.line.rules.learned && b.learned():
		c.hedgeAt = b.worthwhile(c, now)
	case c.line.purse == 0:
	case c.made == 1:
		c.hedgeAt = max(o.made, o.rang).Add(c.line.Hedge.First)
	default:
		c.hedgeAt = max(o.made, o.rang).Add(c.line.Hedge.Every)
	}
}

// latest is the last made of the offers whose phones ring; nil: none does.
func (c *call) latest() *offer {
	for _, o := range slices.Backward(c.offers) {
		if o.stands() {
			return o
		}
	}
	return nil
}

// worthwhile is when a further phone is best rung, as far as can be known now: the sooner the likelier the caller hears
// somebody in time, the later the less likely it rings for nothing. Zero while a phone is still to begin.
func (b *Brain) worthwhile(c *call, now Instant) Instant {
	end := c.deadline()
	if end <= now {
		end = now.Add(c.line.OfferTimeout)
	}
	rings, ok := b.ringing(c, now)
	if !ok {
		return 0
	}
	price, fresh := c.line.purse.price(), b.usual(0)
	late := rings.until(end)
	best, least := end, int64(2*sure)
	for at := now; at <= end; at = at.Add(pickupStep) {
		if cost := late*fresh.after(end.Sub(at))/sure + price*rings.until(at)/sure; cost < least {
			best, least = at, cost
		}
	}
	return best
}

// ringing is a phone that rings, with what may be expected of it.
type ringing struct {
	since   Instant
	stops   Instant
	silence silence
	now     int64 // the chance that it would ring until now
}

// phones are those that ring for a call.
type phones []ringing

// ringing lists the phones that ring for a call, until it is asked anew; false where one is still to begin.
func (b *Brain) ringing(c *call, now Instant) (list phones, all bool) {
	list = b.phones[:0]
	for _, o := range c.offers {
		switch {
		case !o.stands():
			continue
		case o.rang == 0:
			return nil, false
		}
		r := ringing{since: o.rang, stops: o.rang.Add(c.line.OfferTimeout), silence: b.silence(o)}
		r.now = max(r.silence.after(now.Sub(o.rang)), 1)
		list = append(list, r)
	}
	b.phones = list
	return list, true
}

// until is the chance that none of the phones is picked up by then.
func (l phones) until(at Instant) int64 {
	chance := int64(sure)
	for i := range l {
		chance = chance * l[i].silence.after(min(at, l[i].stops).Sub(l[i].since)) / l[i].now
	}
	return chance
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

// spare is the agent for a further phone: the first that may be rung for nothing once more, those in doubt last.
func (b *Brain) spare(c *call, now Instant) *agent {
	looks := 0
	var last *agent
	for n := c.pool.free.first(); n != nil && looks < spareLooks; n = c.pool.free.next(n) {
		switch a := n.item.agent; {
		case !b.joins(n.item, c, now):
		case c.line.Strategy == RingAll || !b.doubted(a, now):
			return a
		case last == nil:
			last = a
		}
		looks++
	}
	return last
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
		if a := n.item.agent; c.accepts(a, now) && !a.offer.call.owed(c) {
			c.promised, a.offer.wanted = a.offer, c
			b.withdraw(now, a.offer, Needed)
			return
		}
	}
}

// owed says whether a further phone for the call is worth more than a first one for another that waits: it came before that
// one, and has lost time by a phone that was not picked up.
func (c *call) owed(waits *call) bool {
	return c.line == waits.line && c.line.Strategy != RingAll && len(c.tried) > 0 && c.key().less(waits.key())
}

// makesUp rings an agent who has become free as a further phone of a call to which that is owed before the one that waits.
func (b *Brain) makesUp(a *agent, waits *call, now Instant) bool {
	for _, s := range a.seats {
		if s.pool.line != waits.line {
			continue
		}
		for n := s.pool.hungry.first(); n != nil && n.item.key().less(waits.key()); n = s.pool.hungry.next(n) {
			if c := n.item; c.owed(waits) && b.joins(s, c, now) {
				if !a.stands {
					a.stand()
				}
				b.ringFurther(c, a, now)
				return true
			}
		}
	}
	return false
}
