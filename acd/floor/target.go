package floor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/sip"
)

// Target is somebody who can be called, or a call be put through to.
type Target = journal.Target

// Trunks call numbers outside of the house.
type Trunks interface {
	// Allow says whether an agent may call a number now: nil, or a sip.ErrNotAllowed.
	Allow(agent, number string) error
	// DialOut calls a number for an agent, as sip.Server.Dial does a device; an empty Dial.From leaves the caller id to the
	// trunk. The error is a sip.ErrNotAllowed where the agent may not call there; then nothing has gone out.
	DialOut(agent, number string, d sip.Dial) (*sip.Leg, error)
}

// Errors of calls that somebody places, and of putting calls through.
var (
	ErrNoCall     = errors.New("no such call is under way")
	ErrNotYours   = errors.New("the call is another agent's")
	ErrNoTarget   = errors.New("nobody answers to that")
	ErrSelf       = errors.New("nobody is called by themselves")
	ErrTargetBusy = errors.New("the agent is busy, or the queue closed")
	ErrNoPhone    = errors.New("the phone cannot be rung")
	ErrNotNow     = errors.New("the call is not in a state for that")
	ErrNoTrunk    = errors.New("no number outside can be called")
)

// resolve finds what somebody means who dials a number: a flow's, a colleague's, a queue, else one outside.
func (f *Floor) resolve(number string) (Target, error) {
	if _, known := f.cfg.Script.Start(number, ""); known {
		return Target{Kind: journal.ToFlow, ID: number}, nil
	}
	switch {
	case f.agents[number] != nil:
		return Target{Kind: journal.ToAgent, ID: number}, nil
	case f.hasQueue(number):
		return Target{Kind: journal.ToQueue, ID: number}, nil
	case number == "":
		return Target{}, ErrNoTarget
	}
	return Target{Kind: journal.ToNumber, ID: number}, nil
}

// meant is whom somebody means by a target: its number may be one of the house's own.
func (f *Floor) meant(t Target) (Target, error) {
	if t.Kind != journal.ToNumber {
		return t, nil
	}
	return f.resolve(t.ID)
}

// check says whether the target is there and can be had, for somebody who asks.
func (f *Floor) check(t Target, asker string) error {
	switch t.Kind {
	case journal.ToAgent:
		a := f.agents[t.ID]
		switch {
		case a == nil:
			return fmt.Errorf("%w: no agent %q", ErrNoTarget, t.ID)
		case t.ID == asker:
			return ErrSelf
		case !a.reachable:
			return fmt.Errorf("%w: %s", ErrNoPhone, t.ID)
		case !a.free():
			return fmt.Errorf("%w: %s", ErrTargetBusy, t.ID)
		}
	case journal.ToQueue:
		if !f.hasQueue(t.ID) {
			return fmt.Errorf("%w: no queue %q", ErrNoTarget, t.ID)
		}
		if f.closed[t.ID] { // who is put through there could not be taken back
			return fmt.Errorf("%w: queue %s is closed", ErrTargetBusy, t.ID)
		}
	case journal.ToFlow:
		if _, known := f.cfg.Script.Start(t.ID, ""); !known {
			return fmt.Errorf("%w: no flow answers %q", ErrNoTarget, t.ID)
		}
	case journal.ToNumber:
		if f.cfg.Trunks == nil {
			return ErrNoTrunk
		}
		return f.cfg.Trunks.Allow(asker, t.ID)
	default:
		return fmt.Errorf("%w: kind %q", ErrNoTarget, t.Kind)
	}
	return nil
}

// free says whether an agent's phone may be rung by a colleague: also on a break, but not where it rings or is talked on.
func (a *agent) free() bool {
	return a.reachable && a.state != brain.Talking && a.state != brain.Offered
}

func (f *Floor) hasQueue(name string) bool {
	return slices.ContainsFunc(f.plan.Queues, func(q Queue) bool { return q.Name == name })
}

// TargetView is somebody who can be called, as one who wants to call sees them.
type TargetView struct {
	Target
	Name    string      `json:"name"`
	State   brain.State `json:"state,omitempty" doc:"Of an agent."`
	Free    bool        `json:"free" doc:"An agent who can be rung now; an open queue with an agent who is available."`
	Waiting int         `json:"waiting" doc:"How many wait in a queue."`
}

// Targets lists who in the house can be called or a call be put through to: the free ones first.
func (f *Floor) Targets(ctx context.Context) ([]TargetView, error) {
	list := []TargetView{}
	err := f.ask(ctx, func() {
		for _, a := range f.agents {
			list = append(list, TargetView{Target: Target{Kind: journal.ToAgent, ID: a.ID}, Name: a.Name, State: a.state, Free: a.free() && a.state != brain.Offline})
		}
		for _, q := range f.plan.Queues {
			v := f.viewQueue(q)
			list = append(list, TargetView{
				Target: Target{Kind: journal.ToQueue, ID: q.Name}, Name: q.Title, Free: v.Open && v.Agents[string(brain.Available)] > 0, Waiting: v.Waiting,
			})
		}
	})
	slices.SortFunc(list, func(x, y TargetView) int {
		free := map[bool]int{true: 0, false: 1}
		return cmp.Or(cmp.Compare(free[x.Free], free[y.Free]), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.ID, y.ID))
	})
	return list, err
}
