package brain

import "slices"

// offerAnswered takes a pick-up if the call is still unconnected, also one that crossed our withdrawal.
func (b *Brain) offerAnswered(now Instant, o *offer, id string) {
	if o == nil || o.answered {
		b.out(Release{Offer: id, Why: Elsewhere})
		return
	}
	o.answered = true
	c, a := o.call, o.agent
	switch {
	case c == nil:
		o.withdrawn = CallerGone
		b.out(Release{Offer: id, Why: CallerGone})
		return
	case len(a.engaged) > 0:
		b.out(Release{Offer: id, Why: o.withdrawn})
		return
	case c.agent != nil:
		o.withdrawn = Elsewhere
		b.out(Release{Offer: id, Why: Elsewhere})
		return
	}
	b.drop(o)
	c.ringing = nil
	c.line.leave(c)
	b.withdrawAll(now, c, Elsewhere)
	c.agent, a.talk, a.misses = a, c, 0
	b.out(Connect{Offer: id, Call: c.id, Agent: a.id})
	b.set(a, Talking, "")
}

// endOffers withdraws those that have rung, or been silent, for too long.
func (b *Brain) endOffers(now Instant) {
	for _, o := range b.offers {
		if !o.stands() {
			continue
		}
		if at, why := o.runsOut(); at <= now {
			b.withdraw(now, o, why)
		}
	}
}

// withdraw tells a phone to stop. The call is free to be offered to the next at once; the agent only when the end is reported.
func (b *Brain) withdraw(now Instant, o *offer, why End) {
	o.withdrawn = why
	if c := o.call; c != nil && c.ringing == o {
		c.ringing = nil
		if why == Unreachable || why == Unanswered || why == Refused {
			c.bar(o.agent, now)
		}
	}
	b.out(Withdraw{Offer: o.id, Why: why})
}

func (b *Brain) offerEnded(now Instant, o *offer, why End) {
	if o == nil {
		return
	}
	if o.withdrawn != "" {
		why = o.withdrawn
	}
	c, a := o.call, o.agent
	b.drop(o)
	if c != nil && c.ringing == o {
		c.ringing = nil
	}
	switch why {
	case Unanswered:
		b.missed(o, a)
		return
	case Refused, Busy, Unreachable:
		a.barred = now.Add(barForAll)
		if c != nil {
			c.bar(a, now)
		}
	}
	b.rest(a)
}

// missed sets an agent who let the phone ring out aside, where nobody rings them again until they say so.
func (b *Brain) missed(o *offer, a *agent) {
	a.misses++
	if a.want == Available && a.misses >= max(o.line.MissesToStop, 1) {
		b.set(a, Missed, "")
		return
	}
	b.rest(a)
}

// drop ends the lease.
func (b *Brain) drop(o *offer) {
	o.agent.offer = nil
	b.offers = slices.DeleteFunc(b.offers, func(x *offer) bool { return x == o })
}
