package brain

import "time"

// State is what an agent is doing. An agent has one state, and it is kept here.
type State string

// The states.
const (
	Offline   State = "offline"
	Available State = "available"
	Offered   State = "offered" // a phone is rung
	Talking   State = "talking"
	WrapUp    State = "wrapup"
	Break     State = "break"
	Missed    State = "missed" // let an offer ring out; comes back by saying so
)

// agent is a person who takes calls.
type agent struct {
	id        string
	state     State
	reason    string
	want      State // Available, Break or Offline: what comes when nothing is under way
	wantWhy   string
	reachable bool
	gone      bool // no longer configured
	idleSince Instant
	barred    Instant // not rung before
	misses    int     // in a row
	offer     *offer
	talk      *call
	wrapEnds  Instant       // zero: no limit
	breather  time.Duration // rest after a wrap-up that is said to be done
	engaged   []AgentEngaged
}

// free says whether the agent could be rung now, by anyone.
func (a *agent) free(now Instant) bool {
	return a.state == Available && a.reachable && !a.gone && a.offer == nil && a.barred <= now
}

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

func (b *Brain) set(a *agent, s State, reason string) {
	if a.engages(s) || a.state == s && a.reason == reason && s != Talking && s != Offered {
		return
	}
	a.state, a.reason = s, reason
	changed := AgentChanged{Agent: a.id, State: s, Reason: reason}
	switch {
	case a.talk != nil:
		changed.Call = a.talk.id
	case len(a.engaged) > 0:
		changed.Call = a.engaged[len(a.engaged)-1].Call
	case a.offer != nil && a.offer.call != nil:
		changed.Call = a.offer.call.id
	}
	b.out(changed)
}

// rest puts an agent who has nothing under way where they want to be.
func (b *Brain) rest(a *agent) {
	a.wrapEnds = 0
	b.set(a, a.want, a.wantWhy)
}

func (b *Brain) agentSet(now Instant, e AgentSet) {
	a := b.agent(e.Agent)
	if a == nil || (e.State != Available && e.State != Break && e.State != Offline) {
		return
	}
	fresh := a.want != Available && e.State == Available
	a.want, a.wantWhy = e.State, e.Reason
	switch {
	case a.state == Offered && e.State != Available && a.offer != nil && a.offer.stands():
		b.withdraw(now, a.offer, Refused) // who goes on a break under a ringing phone does not want it to ring on
		return
	case a.state == Offered || a.state == Talking:
		return
	}
	if fresh || a.state == Missed || a.state == WrapUp {
		a.idleSince, a.misses = now, 0
	}
	b.rest(a)
}

func (b *Brain) deviceChanged(e DeviceChanged) {
	if a := b.agent(e.Agent); a != nil {
		a.reachable = e.Reachable
	}
}

func (b *Brain) talkEnded(now Instant, c *call) {
	a := c.agent
	b.forget(c)
	if a == nil {
		return
	}
	c.agent, a.talk = nil, nil
	a.idleSince = now
	if c.line.WrapUp == 0 {
		b.rest(a)
		return
	}
	a.wrapEnds = now.Add(c.line.WrapUp)
	a.breather = c.line.Breather
	b.set(a, WrapUp, "")
}

func (b *Brain) wrapUpDone(now Instant, id string) {
	a := b.agent(id)
	if a == nil || a.state != WrapUp {
		return
	}
	if end := now.Add(a.breather); end < a.wrapEnds {
		a.wrapEnds = end
	}
	b.endWrapUps(now)
}

// Until says when the state of an agent ends by itself; false where it does not.
func (b *Brain) Until(agent string) (Instant, bool) {
	a := b.agent(agent)
	if a == nil || a.state != WrapUp {
		return 0, false
	}
	return a.wrapEnds, true
}

func (b *Brain) endWrapUps(now Instant) {
	for _, a := range b.agents {
		if a.state == WrapUp && a.wrapEnds <= now {
			a.idleSince = now
			b.rest(a)
		}
	}
}
