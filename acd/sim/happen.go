package sim

import (
	"time"

	"threering/acd/brain"
)

// signalling is how long an INVITE takes to ring, and a CANCEL to silence a phone.
const signalling = 20 * time.Millisecond

// reaches is how long it takes to say that one is available, for who stands beside a phone that has just stopped.
const reaches = 2 * time.Second

// agent is a person at work in one run.
type agent struct {
	person
	ring    *ring
	last    *ring // the same, also when it is over
	call    int32 // talking; -1
	wrapUps int32
	misses  int32 // that set them aside
	state   brain.State
	since   brain.Instant // of the state
}

// moveIn brings everybody to work.
func (e *engine) moveIn(set Setting) {
	for _, p := range e.s.people() {
		e.byID[p.id] = int32(len(e.agents))
		e.agents = append(e.agents, agent{person: p, call: -1, state: brain.Offline, since: e.now})
	}
	e.apply(e.s.configured(set))
	for i := range e.agents {
		a := &e.agents[i]
		e.apply(brain.DeviceChanged{Agent: a.id, Reachable: true})
		if len(a.group.Shifts) == 0 {
			e.apply(brain.AgentSet{Agent: a.id, State: brain.Available})
		}
		for _, s := range a.group.Shifts {
			e.shift(int32(i), s)
		}
	}
}

// shift has an agent sign off and on at the next times, and on at once where the shift has begun.
func (e *engine) shift(a int32, s Shift) {
	now := clockOf(e.now)
	until := func(at Clock) time.Duration { return time.Duration(at-now+Clock(day)) % day }
	if begun := day - until(s.From); begun < day && until(s.To) <= until(s.From) {
		e.apply(brain.AgentSet{Agent: e.agents[a].id, State: brain.Available})
	}
	e.agenda.push(happening{at: e.now.Add(until(s.To)), kind: signsOff, who: a})
	e.agenda.push(happening{at: e.now.Add(until(s.From)), kind: signsOn, who: a})
}

// happens tells the dispatcher of something, unless decisions have made it void.
func (e *engine) happens(h happening) {
	switch h.kind {
	case loses:
		if e.calls[h.who].outcome == Waiting {
			e.ends(h.who, Abandoned)
			e.apply(brain.CallLeft{Call: callID(h.who)})
		}
	case rings:
		e.startsRinging(h.ring)
	case picksUp:
		if !h.ring.over {
			h.ring.picked = true
			e.apply(brain.OfferAnswered{Offer: h.ring.offer})
		}
	case stops:
		e.stopsRinging(h.ring)
	case hangsUp:
		e.hangsUp(h.who)
	case finishes:
		if a := &e.agents[h.who]; a.wrapUps == h.nth {
			e.apply(brain.WrapUpDone{Agent: a.id})
		}
	case returns:
		if a := &e.agents[h.who]; a.state == brain.Missed && a.misses == h.nth {
			e.apply(brain.AgentSet{Agent: a.id, State: brain.Available})
		}
	case signsOn, signsOff:
		e.signs(h)
	}
}

// startsRinging is an agent's phone that rings: only now is it said whether and when it will be picked up.
func (e *engine) startsRinging(r *ring) {
	if r.over || r.told != "" {
		return
	}
	a := &e.agents[r.agent]
	there := a.atDesk(e.now)
	after, ok := a.pickUp(int(r.call), e.times(r))
	r.absent = !ok || there > e.now
	if ok {
		r.picks = there.Add(after)
		e.agenda.push(happening{at: r.picks, kind: picksUp, ring: r})
	}
	e.apply(brain.OfferRinging{Offer: r.offer})
}

// times is how often the agent was offered the call, with this offer.
func (e *engine) times(r *ring) int {
	for _, h := range e.calls[r.call].had {
		if h.agent == r.agent {
			return int(h.times)
		}
	}
	return 0
}

// stopsRinging is a phone that was told to be silent, and is.
func (e *engine) stopsRinging(r *ring) {
	if r.over {
		return
	}
	e.over(r)
	if (r.told == brain.Unanswered || r.absent) && !r.picked {
		e.calls[r.call].missed++
	}
	e.apply(brain.OfferEnded{Offer: r.offer, Why: brain.Withdrawn})
}

// over ends the lease.
func (e *engine) over(r *ring) {
	r.over = true
	delete(e.rings, r.offer)
	e.agents[r.agent].ring = nil
}

func (e *engine) hangsUp(c int32) {
	k := &e.calls[c]
	a := &e.agents[k.agent]
	a.call = -1
	a.wrapUps++
	e.open--
	e.agenda.push(happening{at: e.now.Add(e.callers[c].wrapUp), kind: finishes, who: k.agent, nth: a.wrapUps})
	e.apply(brain.TalkEnded{Call: callID(c)})
}

// signs has an agent sign on or off, and the next day again.
func (e *engine) signs(h happening) {
	state := brain.Available
	if h.kind == signsOff {
		state = brain.Offline
	}
	h.at = h.at.Add(day)
	e.agenda.push(h)
	e.apply(brain.AgentSet{Agent: e.agents[h.who].id, State: state})
}
