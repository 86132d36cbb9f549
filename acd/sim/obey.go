package sim

import (
	"slices"

	"threering/acd/brain"
)

// apply tells the dispatcher what happened and does what it orders.
func (e *engine) apply(ev brain.Event) {
	e.told = e.now
	orders := e.d.Apply(e.now, ev)
	for _, o := range orders {
		e.obey(o)
	}
	for _, o := range orders {
		if o, ok := o.(brain.Offer); ok {
			e.judge(o)
		}
	}
}

func (e *engine) obey(o brain.Order) {
	switch o := o.(type) {
	case brain.Offer:
		e.offer(o)
	case brain.Withdraw:
		e.withdraw(o)
	case brain.Connect:
		e.connect(o)
	case brain.Release:
		e.release(o)
	case brain.GiveUp:
		c := e.callOf(o.Call)
		e.hash.order('g', e.now, c, 0)
		e.ends(c, GivenUp)
	case brain.Overflow:
		e.overflow(o)
	case brain.AgentChanged:
		e.changed(o)
	case brain.Tell:
		if k := &e.calls[e.callOf(o.Call)]; o.Under > 0 {
			k.told = append(k.told, e.now.Add(o.Under))
		}
	}
}

func (e *engine) offer(o brain.Offer) {
	c, a := e.callOf(o.Call), e.agentOf(o.Agent)
	e.hash.order('o', e.now, c, a)
	k, p := &e.calls[c], &e.agents[a]
	if p.ring != nil || p.call >= 0 {
		e.breach("%s is offered %s beside another call", o.Agent, o.Call)
	}
	if k.outcome != Waiting {
		e.breach("%s is offered, and does not wait", o.Call)
	}
	r := &ring{offer: o.ID, call: c, agent: a, picks: never}
	e.rings[o.ID], p.ring, p.last = r, r, r
	k.rung++
	k.ringing++
	k.offered(a)
	e.agenda.push(happening{at: e.now.Add(signalling), kind: rings, ring: r})
}

// offered counts an offer to an agent.
func (k *call) offered(a int32) {
	for i := range k.had {
		if k.had[i].agent == a {
			k.had[i].times++
			return
		}
	}
	k.had = append(k.had, had{agent: a, times: 1})
}

// ringOf is the phone of an offer; nil, and a breach, where there is none.
func (e *engine) ringOf(offer string) *ring {
	r := e.rings[offer]
	if r == nil {
		e.breach("there is no offer %q", offer)
	}
	return r
}

func (e *engine) withdraw(o brain.Withdraw) {
	r := e.ringOf(o.Offer)
	if r == nil || r.told != "" {
		return
	}
	e.hash.order('w', e.now, r.call, r.agent)
	r.told = o.Why
	e.calls[r.call].ringing--
	e.agenda.push(happening{at: e.now.Add(signalling), kind: stops, ring: r})
}

func (e *engine) connect(o brain.Connect) {
	r := e.ringOf(o.Offer)
	if r == nil {
		return
	}
	e.hash.order('c', e.now, r.call, r.agent)
	if !r.picked || callID(r.call) != o.Call || e.agents[r.agent].id != o.Agent {
		e.breach("%s and %s are connected by an offer that was not answered, or not theirs", o.Call, o.Agent)
	}
	if r.told == "" {
		e.calls[r.call].ringing--
	}
	e.over(r)
	e.ends(r.call, Answered)
	e.calls[r.call].agent, e.agents[r.agent].call = r.agent, r.call
	e.agenda.push(happening{at: e.now.Add(e.callers[r.call].talk), kind: hangsUp, who: r.call})
}

// release is an agent who picked up and heard nobody.
func (e *engine) release(o brain.Release) {
	r := e.ringOf(o.Offer)
	if r == nil {
		return
	}
	e.hash.order('r', e.now, r.call, r.agent)
	e.calls[r.call].inVain++
	if r.told == "" {
		e.calls[r.call].ringing--
		r.told = o.Why
	}
	e.agenda.push(happening{at: e.now.Add(signalling), kind: stops, ring: r})
}

func (e *engine) changed(o brain.AgentChanged) {
	a := e.agentOf(o.Agent)
	e.hash.state(e.now, a, o.State)
	p := &e.agents[a]
	e.account(p)
	p.state, p.since = o.State, e.now
	if o.State == brain.Missed {
		p.misses++
		e.agenda.push(happening{at: e.comesBack(p), kind: returns, who: a, nth: p.misses})
	}
}

// comesBack is when an agent who was set aside says that they are there: who was only too slow when they reach the phone,
// who was not there when they notice.
func (e *engine) comesBack(a *agent) brain.Instant {
	if !a.last.absent && a.last.picks != never {
		return max(e.now, a.last.picks).Add(reaches)
	}
	return a.atDesk(e.now).Add(a.notices(int(a.misses)))
}

// overflow takes a call into another queue, where it keeps the place of its arrival.
func (e *engine) overflow(o brain.Overflow) {
	c := e.callOf(o.Call)
	to := slices.IndexFunc(e.s.Queues, func(q Queue) bool { return q.Name == o.To })
	if to < 0 {
		e.breach("there is no queue %q", o.To)
		return
	}
	e.hash.order('q', e.now, c, int32(to))
	k := &e.calls[c]
	e.lines[k.queue].calls = slices.DeleteFunc(e.lines[k.queue].calls, func(x int32) bool { return x == c })
	k.queue = int32(to)
	e.lines[to].enter(c)
}

// line is the callers of a queue who wait, as they came; it finds those who were overtaken.
type line struct {
	calls []int32
	gone  int // of them
}

func (l *line) enter(c int32) {
	at, _ := slices.BinarySearch(l.calls, c)
	l.calls = slices.Insert(l.calls, at, c)
}

// left says that one of them waits no longer; from time to time all such are taken out.
func (l *line) left(waits func(c int32) bool) {
	if l.gone++; l.gone > 16 && l.gone > len(l.calls)/2 {
		l.calls = slices.DeleteFunc(l.calls, func(c int32) bool { return !waits(c) })
		l.gone = 0
	}
}

// judge looks whether an offer overtakes somebody: a caller of the same queue, priority and needs who came before, for whom
// no phone rings, and whom this agent was not offered yet.
func (e *engine) judge(o brain.Offer) {
	c, a := e.callOf(o.Call), e.agentOf(o.Agent)
	for _, x := range e.lines[e.calls[c].queue].calls {
		if x >= c {
			return
		}
		k := &e.calls[x]
		if k.outcome == Waiting && k.ringing == 0 && e.alike(x, c) && !slices.ContainsFunc(k.had, func(h had) bool { return h.agent == a }) {
			e.calls[c].overtook = true
			return
		}
	}
}

// alike says whether two callers have the same priority and needs.
func (e *engine) alike(x, y int32) bool {
	one, other := &e.callers[x], &e.callers[y]
	return one.priority == other.priority &&
		(one.stream == other.stream || len(e.needs[one.stream])+len(e.needs[other.stream]) == 0)
}
