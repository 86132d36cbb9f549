package floor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"threering/acd/brain"
	"threering/acd/journal"
)

// Errors of commands about agents and their calls.
var (
	ErrNoAgent  = errors.New("no such agent")
	ErrBadState = errors.New("an agent can be set to available, break or offline")
)

// noDevice is the reason of the break of someone who signed in with no phone that can be rung.
const noDevice = "no_device"

// SetAgent sets what an agent wants to be: available, break (with a reason) or offline. A talk is finished first; a phone
// that rings for who goes away is stopped.
func (f *Floor) SetAgent(ctx context.Context, id string, state brain.State, reason string) (AgentView, error) {
	if !settable(state) {
		return AgentView{}, fmt.Errorf("%w, not %q", ErrBadState, state)
	}
	return f.withAgent(ctx, id, func(*agent) error {
		f.apply(brain.AgentSet{Agent: id, State: state, Reason: reason})
		return nil
	})
}

// settable: the other states come by what happens.
func settable(s brain.State) bool {
	return s == brain.Available || s == brain.Break || s == brain.Offline
}

// SignOn brings an agent who was offline to work: available if the phone can be rung and available is wanted, else on a
// break. A break for want of a phone ends when there is one: a browser's page signs in before its telephone registers. Who
// is signed on already stays as they are.
func (f *Floor) SignOn(ctx context.Context, id string, available bool) error {
	return f.ask(ctx, func() {
		if a := f.agents[id]; a != nil && a.state == brain.Offline {
			a.available = available
			f.signOn(a)
		}
	})
}

func (f *Floor) signOn(a *agent) {
	switch {
	case !a.reachable:
		f.apply(brain.AgentSet{Agent: a.ID, State: brain.Break, Reason: noDevice})
	case a.available:
		f.apply(brain.AgentSet{Agent: a.ID, State: brain.Available})
	default:
		f.apply(brain.AgentSet{Agent: a.ID, State: brain.Break, Reason: "signed_in"})
	}
}

// followAgent keeps up with the brain: remembers, tells the journal and those who watch.
func (f *Floor) followAgent(o brain.AgentChanged) {
	a := f.agents[o.Agent]
	if a == nil {
		return
	}
	before := a.call
	if a.state == brain.WrapUp {
		f.note(a.call, journal.WrapUpEnded, journal.Details{Agent: a.ID})
	}
	if o.State == brain.WrapUp {
		f.note(a.call, journal.WrapUpStarted, journal.Details{Agent: a.ID})
	} else {
		a.call = o.Call
	}
	f.cfg.Metrics.agent(a.state, o.State)
	a.state, a.reason, a.since = o.State, o.Reason, time.Now()
	f.cfg.Journal.Append(journal.Entry{
		Call: a.call, At: a.since, Kind: journal.AgentState,
		Details: journal.Details{Agent: a.ID, State: string(a.state), Why: a.reason},
	})
	if a.call != "" && a.call != before {
		f.noteReturn(a)
	}
	if a.state == brain.Offline && !f.employs(a.ID) { // the brain has let go of them
		delete(f.agents, a.ID)
		f.cfg.Metrics.agent(a.state, "")
	}
	f.publishAgent(a)
}

// noteReturn keeps what an agent goes back to who came to a call from a break, or without having signed on: should the center
// stop in the midst of it, they are not to come back as available.
func (f *Floor) noteReturn(a *agent) {
	if state, reason := f.brain.Wants(a.ID); state != brain.Available {
		f.noteReserved(a, state, reason)
	}
}

func (f *Floor) noteReserved(a *agent, state brain.State, reason string) {
	f.note(a.call, journal.AgentReserved, journal.Details{Agent: a.ID, State: string(state), Why: reason})
}

// agentReserved tells what an agent will be after what is under way.
func (f *Floor) agentReserved(o brain.AgentReserved) {
	a := f.agents[o.Agent]
	if a == nil {
		return
	}
	if a.call != "" {
		f.noteReserved(a, o.State, o.Reason)
	}
	f.publishAgent(a)
}
