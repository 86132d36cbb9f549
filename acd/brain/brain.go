package brain

import (
	"slices"
	"strconv"
	"strings"
)

// Brain is the state of the routing: queues, calls, agents and offers. The zero value is empty and ready.
type Brain struct {
	lines  []*line  // in the configured order
	agents []*agent // by id
	calls  []*call  // all that wait or talk, in order of entry
	offers []*offer // all whose end is not yet reported, in order of making
	serial int64    // of offers
	now    Instant  // of the last Apply
	orders []Order  // of the Apply under way
}

// Apply takes what happened and answers with what is to be done.
func (b *Brain) Apply(now Instant, ev Event) []Order {
	b.now, b.orders = now, nil
	b.happen(now, ev)
	b.endWrapUps(now)
	b.endOffers(now)
	b.dismiss()
	b.giveUp(now)
	b.dispatch(now)
	return b.orders
}

func (b *Brain) happen(now Instant, ev Event) {
	switch e := ev.(type) {
	case Configured:
		b.configure(e)
	case CallEntered:
		b.callEntered(now, e)
	case CallLeft:
		b.callLeft(now, b.call(e.Call))
	case AgentSet:
		b.agentSet(now, e)
	case DeviceChanged:
		b.deviceChanged(e)
	case OfferRinging:
		if o := b.offer(e.Offer); o != nil && o.rang == 0 {
			o.rang = now
		}
	case OfferAnswered:
		b.offerAnswered(now, b.offer(e.Offer), e.Offer)
	case OfferEnded:
		b.offerEnded(now, b.offer(e.Offer), e.Why)
	case TalkEnded:
		if c := b.call(e.Call); c != nil && c.agent != nil {
			b.talkEnded(now, c)
		}
	case AgentEngaged:
		b.agentEngaged(now, e)
	case AgentReleased:
		b.agentReleased(now, e)
	case WrapUpDone:
		b.wrapUpDone(now, e.Agent)
	case Passed:
	}
}

func (b *Brain) out(o Order) { b.orders = append(b.orders, o) }

// NextWake says when time alone would change something; false means never.
func (b *Brain) NextWake() (Instant, bool) {
	var at Instant
	sooner := func(t Instant) {
		if t > b.now && (at == 0 || t < at) {
			at = t
		}
	}
	for _, o := range b.offers {
		if o.stands() {
			t, _ := o.runsOut()
			sooner(t)
		}
	}
	for _, a := range b.agents {
		if a.state == WrapUp {
			sooner(a.wrapEnds)
		}
		if a.state == Available {
			sooner(a.barred)
		}
	}
	for _, c := range b.calls {
		if c.agent != nil {
			continue
		}
		if c.ringing == nil {
			sooner(c.givesUpAt())
		}
		for _, x := range c.bars {
			sooner(x.until)
		}
	}
	return at, at != 0
}

func (b *Brain) configure(e Configured) {
	old := b.lines
	b.lines = nil
	for _, q := range e.Queues {
		l := &line{Queue: q}
		if i := slices.IndexFunc(old, func(o *line) bool { return o.Name == q.Name }); i >= 0 {
			l = old[i]
			l.Queue = q
		}
		b.lines = append(b.lines, l)
	}
	for _, l := range old { // a queue that is taken away keeps serving those who are in it
		if !slices.Contains(b.lines, l) && len(l.calls) > 0 {
			b.lines = append(b.lines, l)
		}
	}
	for _, a := range b.agents {
		a.gone = !slices.ContainsFunc(e.Agents, func(x Agent) bool { return x.ID == a.id })
	}
	for _, x := range e.Agents {
		if b.agent(x.ID) == nil {
			b.agents = append(b.agents, &agent{id: x.ID, state: Offline, want: Offline})
		}
	}
	slices.SortFunc(b.agents, func(x, y *agent) int { return strings.Compare(x.id, y.id) })
}

// dismiss forgets agents who are no longer configured, once nothing is under way with them.
func (b *Brain) dismiss() {
	b.agents = slices.DeleteFunc(b.agents, func(a *agent) bool {
		if !a.gone || a.offer != nil || a.talk != nil || len(a.engaged) > 0 {
			return false
		}
		b.out(AgentChanged{Agent: a.id, State: Offline, Reason: Removed})
		return true
	})
}

func (b *Brain) callEntered(now Instant, e CallEntered) {
	l := b.line(e.Queue)
	if l == nil || b.call(e.Call) != nil {
		b.out(GiveUp{Call: e.Call, Why: Nobody})
		return
	}
	c := &call{id: e.Call, line: l, entered: now, priority: e.Priority, maxWait: e.MaxWait, from: e.From}
	b.calls = append(b.calls, c)
	l.enter(c)
}

func (b *Brain) callLeft(now Instant, c *call) {
	if c == nil {
		return
	}
	if c.agent != nil {
		b.talkEnded(now, c)
		return
	}
	b.withdrawAll(now, c, CallerGone)
	b.forget(c)
}

// withdrawAll stops every phone that still rings for the call.
func (b *Brain) withdrawAll(now Instant, c *call, why End) {
	for _, o := range b.offers {
		if o.call == c && o.stands() {
			b.withdraw(now, o, why)
		}
	}
}

// forget takes a call out of everything; offers that are not yet reported ended lose it.
func (b *Brain) forget(c *call) {
	c.line.leave(c)
	b.calls = slices.DeleteFunc(b.calls, func(x *call) bool { return x == c })
	for _, o := range b.offers {
		if o.call == c {
			o.call = nil
		}
	}
}

// giveUp ends the waiting of calls that nobody serves, or that waited long enough while no phone rings for them.
func (b *Brain) giveUp(now Instant) {
	for _, c := range slices.Clone(b.calls) {
		if c.agent != nil || c.ringing != nil {
			continue
		}
		var why Why
		if at := c.givesUpAt(); at != 0 && at <= now {
			why = Timeout
		} else if !b.staffed(c) {
			why = Nobody
		}
		if why != "" {
			b.withdrawAll(now, c, CallerGone)
			b.forget(c)
			b.out(GiveUp{Call: c.id, Why: why})
		}
	}
}

// staffed says whether any agent who could serve the call is signed on, on a break or not.
func (b *Brain) staffed(c *call) bool {
	for _, a := range b.agents {
		if !a.gone && a.state != Offline && c.wants(a) {
			return true
		}
	}
	return false
}

func (b *Brain) line(name string) *line {
	return find(b.lines, func(l *line) bool { return l.Name == name })
}
func (b *Brain) call(id string) *call { return find(b.calls, func(c *call) bool { return c.id == id }) }
func (b *Brain) agent(id string) *agent {
	return find(b.agents, func(a *agent) bool { return a.id == id })
}
func (b *Brain) offer(id string) *offer {
	return find(b.offers, func(o *offer) bool { return o.id == id })
}

// find gives the first that fits, nil where there is none.
func find[T any](list []*T, fits func(*T) bool) *T {
	if i := slices.IndexFunc(list, fits); i >= 0 {
		return list[i]
	}
	return nil
}

func (b *Brain) nextOffer() string {
	b.serial++
	return "o" + strconv.FormatInt(b.serial, 10)
}
