package floor

import (
	"cmp"
	"context"
	"slices"
	"time"

	"threering/acd/brain"
)

// AgentView is an agent as others see them.
type AgentView struct {
	ID        string         `json:"id"`
	Name      string         `json:"name"`
	State     brain.State    `json:"state" enum:"offline,available,offered,talking,wrapup,break,missed"`
	Reason    string         `json:"reason,omitempty"`
	Since     time.Time      `json:"since"`
	Until     *time.Time     `json:"until,omitempty" doc:"When the state ends by itself, where it does: a wrap-up."`
	Next      *Next          `json:"next,omitempty" doc:"What comes after what is under way, where that is not available."`
	Reachable bool           `json:"reachable" doc:"The agent's phone can be rung."`
	Queues    []string       `json:"queues"`
	Tiers     map[string]int `json:"tiers" doc:"In each of the queues, from 1."`
	Skills    map[string]int `json:"skills,omitempty" doc:"Levels, from 1."`
	Call      string         `json:"call,omitempty" doc:"The call that is offered, talked on, or wrapped up."`
	With      string         `json:"with,omitempty" doc:"The number of the other side."`
	Talk      *TalkView      `json:"talk,omitempty" doc:"What goes on in it, of the agent who has the talk."`
}

// Next is a state that is kept for an agent.
type Next struct {
	State  brain.State `json:"state" enum:"break,offline"`
	Reason string      `json:"reason,omitempty"`
}

// QueueView is a queue as others see it.
type QueueView struct {
	Name      string         `json:"name"`
	Title     string         `json:"title"`
	TargetMs  int64          `json:"target_ms" doc:"By then a caller shall hear a person: three rings."`
	Open      bool           `json:"open" doc:"Callers may enter it."`
	Waiting   int            `json:"waiting"`
	Calls     []WaitingCall  `json:"calls" doc:"Who waits, oldest first."`
	Callbacks int            `json:"callbacks" doc:"How many have hung up and wait to be called back, in their place."`
	Agents    map[string]int `json:"agents" doc:"How many agents are in each state."`
}

// WaitingCall is a call that waits for a person.
type WaitingCall struct {
	Call     string    `json:"call"`
	Number   string    `json:"number"`
	Name     string    `json:"name,omitempty"`
	Since    time.Time `json:"since"`
	Priority int       `json:"priority,omitempty"`
}

// Agents lists the agents by id.
func (f *Floor) Agents(ctx context.Context) ([]AgentView, error) {
	list := []AgentView{}
	err := f.ask(ctx, func() {
		for _, a := range f.agents {
			list = append(list, f.viewAgent(a))
		}
	})
	slices.SortFunc(list, func(x, y AgentView) int { return cmp.Compare(x.ID, y.ID) })
	return list, err
}

// Queues lists the queues in the order of the plan.
func (f *Floor) Queues(ctx context.Context) ([]QueueView, error) {
	list := []QueueView{}
	err := f.ask(ctx, func() {
		for _, q := range f.plan.Queues {
			list = append(list, f.viewQueue(q))
		}
	})
	return list, err
}

func (f *Floor) viewAgent(a *agent) AgentView {
	v := AgentView{
		ID: a.ID, Name: a.Name, State: a.state, Reason: a.reason, Since: a.since.UTC(),
		Reachable: a.reachable, Queues: f.queuesOf(a.ID), Tiers: map[string]int{}, Skills: a.Skills, Call: a.call,
	}
	for _, q := range f.plan.Queues {
		if tier := q.tier(a.ID); tier > 0 {
			v.Tiers[q.Name] = tier
		}
	}
	if state, reason := f.brain.Wants(a.ID); state != a.state && state != brain.Available {
		v.Next = &Next{state, reason}
	}
	if at, ends := f.brain.Until(a.ID); ends {
		until := time.Now().Add(at.Sub(f.now())).UTC()
		v.Until = &until
	}
	if c := f.calls[a.call]; c != nil {
		v.With = c.with(a.ID)
		v.Talk = f.viewTalk(a)
	}
	return v
}

func (f *Floor) viewQueue(q Queue) QueueView {
	v := QueueView{Name: q.Name, Title: q.Title, TargetMs: q.Target.Milliseconds(), Open: !f.closed[q.Name], Calls: []WaitingCall{}, Agents: map[string]int{}}
	for _, c := range f.lines[q.Name] {
		if c.callback != nil {
			v.Callbacks++
			continue
		}
		v.Calls = append(v.Calls, WaitingCall{Call: c.id, Number: c.number, Name: c.name, Since: c.waitingSince.UTC(), Priority: f.brain.Priority(c.id)})
	}
	v.Waiting = len(v.Calls)
	for _, id := range q.Agents {
		if a := f.agents[id]; a != nil {
			v.Agents[string(a.state)]++
		}
	}
	return v
}
