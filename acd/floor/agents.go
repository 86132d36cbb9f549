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
	return f.change(ctx, id, func(*agent) error {
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

// Resume brings agents back to what they were when the center stopped. Talks and wrap-ups did not survive; who was in one
// is available; who missed a call stays out until they say so.
func (f *Floor) Resume(ctx context.Context, last []journal.Entry) error {
	return f.ask(ctx, func() {
		for _, e := range last {
			switch brain.State(e.State) {
			case brain.Offline:
			case brain.Break, brain.Missed:
				f.apply(brain.AgentSet{Agent: e.Agent, State: brain.Break, Reason: e.Why})
			default:
				f.endWrapUp(e)
				f.apply(brain.AgentSet{Agent: e.Agent, State: brain.Available})
			}
		}
	})
}

// endWrapUp closes a wrap-up that was cut off, at the last moment that is known of it: its beginning.
func (f *Floor) endWrapUp(last journal.Entry) {
	if brain.State(last.State) == brain.WrapUp && last.Call != "" {
		f.cfg.Journal.Append(journal.Entry{
			Call: last.Call, At: last.At, Kind: journal.WrapUpEnded,
			Details: journal.Details{Agent: last.Agent, By: "system", Why: "interrupted"},
		})
	}
}

// agentChanged follows the brain: remembers, tells the journal and those who watch.
func (f *Floor) agentChanged(o brain.AgentChanged) {
	a := f.agents[o.Agent]
	if a == nil {
		return
	}
	if a.state == brain.WrapUp {
		f.note(a.call, journal.WrapUpEnded, journal.Details{Agent: a.ID})
	}
	if o.State == brain.WrapUp {
		f.note(a.call, journal.WrapUpStarted, journal.Details{Agent: a.ID})
	} else {
		a.call = o.Call
	}
	a.state, a.reason, a.since = o.State, o.Reason, time.Now()
	f.cfg.Journal.Append(journal.Entry{
		Call: a.call, At: a.since, Kind: journal.AgentState,
		Details: journal.Details{Agent: a.ID, State: string(a.state), Why: a.reason},
	})
	if a.state == brain.Offline && !f.employs(a.ID) { // the brain has let go of them
		delete(f.agents, a.ID)
	}
	f.cfg.Metrics.agents(f.agents)
	f.publishAgent(a)
}
