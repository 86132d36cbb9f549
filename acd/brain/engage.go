package brain

import (
	"slices"
	"time"
)

// AgentEngaged says that an agent is busy with a call that was not offered by the brain: one that they dialled, or that was
// put through to them. There may be several, beside a talk too. Whoever is engaged is Talking, or Offered while their phone
// rings; one that rings for another call is stopped. Told again of the same call, it says what has become of that.
type AgentEngaged struct {
	Agent    string
	Call     string
	Rings    bool          // the agent has not picked up yet
	WrapUp   time.Duration // that follows it at most; zero: none
	Breather time.Duration // rest after a wrap-up that was said to be done
}

// AgentReleased says that such a call is over for the agent.
type AgentReleased struct {
	Agent string
	Call  string
}

func (AgentEngaged) event()  {}
func (AgentReleased) event() {}

func (b *Brain) agentEngaged(now Instant, e AgentEngaged) {
	a := b.agents[e.Agent]
	if a == nil {
		return
	}
	if a.offer != nil && a.offer.stands() {
		b.withdraw(now, a.offer, Refused) // who takes up the phone does not want it to ring on
	}
	if i := a.engagement(e.Call); i >= 0 {
		a.engaged[i] = e
	} else {
		a.engaged = append(a.engaged, e)
	}
	switch {
	case a.state == Talking:
	case !e.Rings:
		a.present()
		b.set(a, Talking, "")
	case a.state != Offered:
		b.set(a, Offered, "")
	}
}

// engagement is where a call stands among those that the agent is engaged with; -1: nowhere.
func (a *agent) engagement(call string) int {
	return slices.IndexFunc(a.engaged, func(x AgentEngaged) bool { return x.Call == call })
}

// agentReleased brings the wrap-up of whatever has ended last, or of what was cut short.
func (b *Brain) agentReleased(now Instant, e AgentReleased) {
	a := b.agents[e.Agent]
	if a == nil {
		return
	}
	i := a.engagement(e.Call)
	if i < 0 {
		return
	}
	over := a.engaged[i]
	a.engaged = slices.Delete(a.engaged, i, i+1)
	if ends := now.Add(over.WrapUp); over.WrapUp > 0 && ends > a.wrapEnds {
		a.wrapEnds, a.breather = ends, over.Breather
	}
	switch {
	case a.talk != nil || slices.ContainsFunc(a.engaged, func(x AgentEngaged) bool { return !x.Rings }):
	case len(a.engaged) > 0: // a phone rings for them still
		if a.state == Talking {
			b.set(a, Offered, "")
		}
	case a.wrapEnds > now:
		a.idleSince = now
		b.set(a, WrapUp, "")
	default:
		a.idleSince = now
		b.rest(a)
	}
}

// engages says whether an agent is kept from a state by what they are engaged with.
func (a *agent) engages(s State) bool { return len(a.engaged) > 0 && s != Talking && s != Offered }
