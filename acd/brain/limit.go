package brain

import "slices"

// turnAway ends the waiting of a call that its queue does not take, or not any longer. While a phone rings it may stay, and
// a callback waits for as long as it takes.
func (b *Brain) turnAway(c *call, now Instant) {
	if c.ringing > 0 || c.callback != nil {
		return
	}
	if c.sticky != 0 && !c.pool.only.staff {
		b.unstick(c)
	}
	why := b.limit(c, now)
	c.entering = false
	if why != "" {
		b.giveUp(now, c, why)
	}
}

// limit is why the call may not wait in its queue; empty: it may.
func (b *Brain) limit(c *call, now Instant) Why {
	l := c.line
	if c.entering && l.closed {
		return Closed
	}
	if at := c.givesUpAt(); at != 0 && at <= now {
		return Timeout
	}
	switch staff, working := b.served(c); {
	case staff == 0:
		return Nobody
	case working == 0 && l.Limits.OnBreak:
		return OnBreak
	case !c.entering:
		return ""
	}
	if l.Limits.Length > 0 && l.count > l.Limits.Length {
		return Full
	}
	if most := l.Limits.Wait; most > 0 && l.pace.bound(l.waiting()+1) > most {
		return TooLong
	}
	return ""
}

// served counts the agents who could take the call sooner or later: signed on, and of these not on a break.
func (b *Brain) served(c *call) (staff, working int) {
	p := c.chained
	staff, working = p.staff, p.working
	if a := c.from; a != nil && p.seats(a) {
		if a.staff {
			staff--
		}
		if a.working {
			working--
		}
	}
	if c.sticky != 0 {
		staff += c.pool.staff
		working += c.pool.working
	}
	return staff, working
}

// thinned follows a pool that has fewer agents than before.
func (b *Brain) thinned(p *pool) {
	if p.only != nil {
		if p.staff > 0 {
			return
		}
		for n := p.waiting.first(); n != nil; n = p.waiting.first() {
			b.unstick(n.item)
		}
		return
	}
	if p.staff == 0 || p.working == 0 || p.own > 0 {
		for c := p.last.first; c != nil; c = c.after {
			b.wake(c)
		}
	}
}

// giveUp brings a call into the queue that takes it over, or ends its waiting. It comes into no queue twice.
func (b *Brain) giveUp(now Instant, c *call, why Why) {
	c.judge(now, false)
	from, to := c.line, b.queues[c.line.Overflow]
	if to == nil || to.gone || to == from || slices.Contains(c.been, to) {
		b.gone(now, c)
		b.out(GiveUp{Call: c.id, Why: why})
		return
	}
	c.been = append(c.been, from)
	b.transfer(now, c, to)
	c.entering = true
	b.out(Overflow{Call: c.id, From: from.Name, To: to.Name, Why: why})
}

// transfer brings a call into another queue. It keeps the time that its caller has waited.
func (b *Brain) transfer(now Instant, c *call, to *line) {
	c.judge(now, false)
	c.line.pace.left(now)
	b.strike(c)
	c.line, c.joined, c.told, c.bounds, c.paced = to, now, 0, nil, false
	c.tellAt = now.Add(max(to.Telling.After, tellSoonest))
	b.enroll(c)
}
