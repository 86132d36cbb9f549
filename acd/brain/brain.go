package brain

import "slices"

// Brain is the state of the routing: queues, calls, agents and offers. The zero value is empty and ready.
type Brain struct {
	lines   []*line // in the configured order
	queues  map[string]*line
	staff   []*agent // by id
	agents  map[string]*agent
	calls   map[string]*call  // all that wait or talk
	offers  map[string]*offer // all whose end is not yet reported, and those that became a talk under way
	alarms  alarms
	kinds   [doubts]kind // of all agents, by how often in a row their phones have been silent
	again   retries      // what came of asking those again who had missed once
	serial  int64        // of offers
	entered int64        // serial of calls
	now     Instant      // of the last Apply
	orders  []Order      // of the Apply under way

	// What is to be looked at before the Apply under way ends.
	touched []*agent // something about them has changed
	woken   []*call  // something about them has changed
	ready   []*agent // free, and not yet in the sets of the free
	seeking []*call  // waiting, and not yet compared with the free
	hungry  []*call  // whose phones ring, and which may be due for a further one
	leaving []*agent // no longer configured
	phones  phones   // of the call that was last asked for
}

// Apply takes what happened and answers with what is to be done.
func (b *Brain) Apply(now Instant, ev Event) []Order {
	b.now, b.orders = max(now, b.now), b.orders[:0]
	b.happen(b.now, ev)
	for {
		for a := b.alarms.pop(b.now); a != nil; a = b.alarms.pop(b.now) { // whoever else begins to wait now may come before
			a.owner.due(b, b.now)
		}
		b.settle(b.now)
		if at, ok := b.NextWake(); !ok || at > b.now {
			return append([]Order(nil), b.orders...)
		}
	}
}

func (b *Brain) happen(now Instant, ev Event) {
	switch e := ev.(type) {
	case Configured:
		b.configure(e)
	case Restored:
		b.restore(now, e.Agents)
	case AgentSet:
		b.agentSet(now, e)
	case AgentSkilled:
		b.skilled(e)
	case AgentSeated:
		b.seated(e)
	case DeviceChanged:
		if a := b.agents[e.Agent]; a != nil {
			a.reachable = e.Reachable
			b.touch(a)
		}
	case OfferRinging:
		b.offerRinging(now, b.offers[e.Offer])
	case OfferAnswered:
		b.offerAnswered(now, e.Offer)
	case OfferEnded:
		b.offerEnded(now, b.offers[e.Offer], e.Why)
	case AgentEngaged:
		b.agentEngaged(now, e)
	case AgentReleased:
		b.agentReleased(now, e)
	case WrapUpDone:
		b.wrapUpDone(now, b.agents[e.Agent])
	default:
		b.happenToCall(now, ev)
	}
}

func (b *Brain) happenToCall(now Instant, ev Event) {
	switch e := ev.(type) {
	case CallEntered:
		b.callEntered(now, e)
	case CallLeft:
		b.callLeft(now, b.calls[e.Call], e.Keeps)
	case CallMoved:
		b.callMoved(now, e)
	case CallPrioritised:
		b.callPrioritised(e)
	case CallTaken:
		b.callTaken(now, e)
	case CallbackReached:
		b.callbackReached(now, b.calls[e.Call])
	case CallbackFailed:
		b.callbackFailed(now, b.calls[e.Call], e)
	case QueueSet:
		b.queueSet(e)
	case CallbacksSet:
		b.callbacksSet(e)
	case TalkEnded:
		if c := b.calls[e.Call]; c != nil && c.agent != nil {
			b.talkEnded(now, c)
		}
	}
}

func (b *Brain) out(o Order) { b.orders = append(b.orders, o) }

// NextWake says when time alone would change something; false means never.
func (b *Brain) NextWake() (Instant, bool) { return b.alarms.soonest() }

func (b *Brain) callEntered(now Instant, e CallEntered) {
	if b.calls[e.Call] != nil { // told twice
		return
	}
	l := b.queues[e.Queue]
	if l == nil || l.gone {
		b.out(GiveUp{Call: e.Call, Why: Nobody})
		return
	}
	b.entered++
	c := &call{
		id: e.Call, seq: b.entered, line: l, entered: now.Add(-max(e.Waited, 0)), joined: now, entering: e.Waited == 0,
		priority: e.Priority, maxWait: e.MaxWait, from: b.agents[e.From], needs: e.Needs,
	}
	c.alarm.owner, c.place.item, c.hunger.item = c, c, c
	if e.Callback != nil {
		c.callback = &callback{Callback: *e.Callback}
		if e.Callback.After > 0 {
			c.callback.again = now.Add(e.Callback.After)
		}
	}
	if old := b.calls[e.Resumes]; old != nil && old.callback != nil && old.agent == nil {
		c.entered, c.entering = min(c.entered, old.entered), false
		old.kept, c.paced = true, old.paced && old.line == l && !old.parked()
		b.gone(now, old)
	}
	if b.calls == nil {
		b.calls = map[string]*call{}
	}
	b.calls[c.id] = c
	b.enroll(c)
	b.stick(c, e.Sticky)
	c.tellAt = now.Add(max(l.Telling.After, tellSoonest))
}

// stick has the call wait for one agent alone, if that one is signed on.
func (b *Brain) stick(c *call, s *Sticky) {
	if s == nil || s.For <= 0 {
		return
	}
	if a := b.agents[s.Agent]; a != nil && !a.gone && a.state != Offline && a != c.from {
		c.sticky = b.now.Add(s.For)
		p := b.private(c.line, a)
		p.users++
		b.move(c, p)
	}
}

func (b *Brain) callLeft(now Instant, c *call, keeps bool) {
	switch {
	case c == nil:
	case c.agent != nil:
		b.talkEnded(now, c)
	default:
		c.kept = keeps
		c.judge(now, false)
		b.gone(now, c)
	}
}

// gone ends a call that has no agent.
func (b *Brain) gone(now Instant, c *call) {
	b.withdrawAll(now, c, CallerGone)
	b.forget(c)
}

// forget takes a call out of everything; offers that are not yet reported ended lose it.
func (b *Brain) forget(c *call) {
	if c.chained != nil && !c.kept {
		c.line.pace.left(b.now)
	}
	b.strike(c)
	delete(b.calls, c.id)
	for _, o := range c.offers {
		o.call = nil
	}
	if c.promised != nil {
		c.promised.wanted, c.promised = nil, nil
	}
	c.offers = nil
}

// talkEnded lets the agent wrap up.
func (b *Brain) talkEnded(now Instant, c *call) {
	a := c.agent
	b.untalk(now, c)
	b.forget(c)
	a.idleSince = now
	if c.line.WrapUp == 0 && !c.line.UntilDone {
		b.rest(a)
		return
	}
	a.wrapEnds = 0
	if c.line.WrapUp > 0 {
		a.wrapEnds = now.Add(c.line.WrapUp)
	}
	a.breather = c.line.Breather
	b.set(a, WrapUp, "")
}

// untalk parts a call from its agent.
func (b *Brain) untalk(now Instant, c *call) {
	a := c.agent
	delete(b.offers, a.talkOf.id)
	a.talked += now.Sub(a.talkSince)
	c.agent, a.talk, a.talkOf = nil, nil, nil
}

// find gives the first that fits, nil where there is none.
func find[T any](list []*T, fits func(*T) bool) *T {
	if i := slices.IndexFunc(list, fits); i >= 0 {
		return list[i]
	}
	return nil
}
