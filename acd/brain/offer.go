package brain

import (
	"slices"
	"strconv"
)

// offer is one ringing of one agent for one call: a lease that ends when its end is reported.
type offer struct {
	id        string
	call      *call // nil when the caller has gone
	agent     *agent
	line      *line
	made      Instant
	rang      Instant // zero: not yet
	withdrawn End     // why it was told to stop; empty: it stands
	answered  bool    // picked up; a released one waits for its end
	further   bool    // another phone rings for the call: this one may be taken back
	wanted    *call   // for which it was taken back
	doubt     int     // how often in a row the agent's phone had been silent
	misses    int     // how often in a row the agent had missed
	ordered   bool    // someone gave the call to this agent
	alarm     alarm
}

// stands says that the phone may ring on.
func (o *offer) stands() bool { return o.withdrawn == "" && !o.answered }

// runsOut says when the offer has to be withdrawn, and as what.
func (o *offer) runsOut() (Instant, End) {
	if o.rang == 0 {
		return o.made.Add(ProvisionalWait), Unreachable
	}
	return o.rang.Add(o.line.OfferTimeout), Unanswered
}

func (b *Brain) armOffer(o *offer) {
	at, _ := o.runsOut()
	b.alarms.set(&o.alarm, at)
}

// due withdraws an offer that has rung, or been silent, for too long.
func (o *offer) due(b *Brain, now Instant) {
	if at, why := o.runsOut(); o.stands() && at <= now {
		b.withdraw(now, o, why)
	}
}

// make makes an offer and its order; the reason is the caller's to fill in.
func (b *Brain) make(now Instant, c *call, a *agent, why Choice) {
	b.unqueue(c)
	if a.stands {
		a.leave()
	}
	b.serial++
	if c.made++; c.made == 1 {
		c.line.purse.earn(c.line.Hedge.Share)
	}
	c.ringing++
	o := &offer{id: "o" + strconv.FormatInt(b.serial, 10), call: c, agent: a, line: c.line, made: now, doubt: a.doubt(), misses: a.misses, ordered: why.Reason == ByOrder}
	o.alarm.owner = o
	b.offers[o.id] = o
	c.offers, a.offer = append(c.offers, o), o
	if p := a.post(c.line); p != nil && why.Reason != Hedge {
		p.rung = b.serial
	}
	b.armOffer(o)
	b.out(Offer{ID: o.id, Call: c.id, Queue: c.line.Name, Agent: a.id, Serial: c.made, Why: why})
	b.set(a, Offered, "")
	if c.ringing > 1 {
		b.furtherOnly(c)
	}
	b.hedge(c, now)
	b.wake(c)
}

// furtherOnly marks which of a call's phones may be taken back: all that stand but the first.
func (b *Brain) furtherOnly(c *call) {
	first := true
	for _, o := range c.offers {
		if o.stands() {
			b.further(o, !first)
			first = false
		}
	}
}

// further says whether the agent may be taken back from the offer.
func (b *Brain) further(o *offer, is bool) {
	if o.further == is {
		return
	}
	o.further = is
	for _, s := range o.agent.seats {
		if is {
			s.node.key = s.key()
			s.pool.further.insert(&s.node)
		} else {
			s.pool.further.remove(&s.node)
		}
	}
}

func (b *Brain) offerRinging(now Instant, o *offer) {
	if o == nil || o.rang != 0 || !o.stands() {
		return
	}
	o.rang = now
	b.armOffer(o)
	if c := o.call; c != nil {
		b.hedge(c, now)
		b.wake(c)
	}
}

// offerAnswered takes a pick-up if the call is still unconnected, also one that crossed our withdrawal.
func (b *Brain) offerAnswered(now Instant, id string) {
	o := b.offers[id]
	if o == nil {
		b.out(Release{Offer: id, Why: Elsewhere})
		return
	}
	if o.answered { // told twice
		return
	}
	stood := o.stands()
	o.answered = true
	if stood {
		b.lapse(o, now)
	}
	switch c := o.call; {
	case c == nil:
		o.withdrawn = CallerGone
		b.out(Release{Offer: id, Why: CallerGone})
	case len(o.agent.engaged) > 0: // one talk at a time
		b.out(Release{Offer: id, Why: o.withdrawn})
	case c.agent != nil:
		o.withdrawn = Elsewhere
		b.out(Release{Offer: id, Why: Elsewhere})
	default:
		b.connect(now, c, o)
	}
}

// connect makes a talk of an offer.
func (b *Brain) connect(now Instant, c *call, o *offer) {
	a := o.agent
	b.learn(o, now, true)
	b.withdrawAll(now, c, Elsewhere)
	b.untie(o)
	c.judge(now, true)
	c.line.pace.left(now)
	b.strike(c)
	c.agent, a.talk, a.talkOf, a.talkSince = a, c, o, now
	a.calls++
	a.present()
	b.out(Connect{Offer: o.id, Call: c.id, Agent: a.id})
	b.set(a, Talking, "")
}

// lapse follows an offer that has stood until now.
func (b *Brain) lapse(o *offer, now Instant) {
	b.alarms.stop(&o.alarm)
	b.further(o, false)
	c := o.call
	if c == nil {
		return
	}
	c.ringing--
	b.furtherOnly(c)
	b.hedge(c, now)
	b.wake(c)
}

// withdraw tells a phone to stop. The call is free to be offered to the next at once; the agent only when the end is reported.
func (b *Brain) withdraw(now Instant, o *offer, why End) {
	o.withdrawn = why
	b.lapse(o, now)
	b.learn(o, now, false)
	if c := o.call; c != nil && (why == Unreachable || why == Unanswered || why == Refused) {
		c.bar(o.agent, now)
	}
	b.out(Withdraw{Offer: o.id, Why: why})
}

// withdrawAll stops every phone that still rings for the call.
func (b *Brain) withdrawAll(now Instant, c *call, why End) {
	for _, o := range c.offers {
		if o.stands() {
			b.withdraw(now, o, why)
		}
	}
}

// untie ends the lease: agent and call are free of each other.
func (b *Brain) untie(o *offer) {
	o.agent.offer = nil
	if c := o.call; c != nil {
		c.offers = slices.DeleteFunc(c.offers, func(x *offer) bool { return x == o })
	}
	if c := o.wanted; c != nil {
		o.wanted, c.promised = nil, nil
		b.wake(c)
	}
}

func (b *Brain) offerEnded(now Instant, o *offer, why End) {
	if o == nil || o.agent.talkOf == o { // over, or told late
		return
	}
	if o.stands() {
		o.withdrawn = why
		b.lapse(o, now)
	} else if o.withdrawn != "" {
		why = o.withdrawn
	}
	c, a := o.call, o.agent
	b.untie(o)
	delete(b.offers, o.id)
	switch why {
	case Unanswered:
		b.missed(o, a)
		return
	case CallerGone:
		b.pay(o, now)
	case Elsewhere, Needed:
		a.rangForNothing(now)
		b.pay(o, now)
	case Refused, Busy, Unreachable:
		if why == Refused {
			a.present()
		}
		a.barred = now.Add(barForAll)
		if c != nil {
			c.bar(a, now)
			b.arm(c, now)
		}
	}
	b.rest(a)
}
