package floor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"threering/acd/brain"
	"threering/acd/journal"
)

// What supervisors change while calls go on. Who serves which queues, and what they can do, stays so until another document
// of the center is in force (another Plan.Revision); a closed queue stays closed until it is opened, or the document knows it
// no more. Both survive a restart (Restore).

// SetAgentFor is SetAgent by somebody else: by is who.
func (f *Floor) SetAgentFor(ctx context.Context, id string, state brain.State, reason, by string) (AgentView, error) {
	if !settable(state) {
		return AgentView{}, fmt.Errorf("%w, not %q", ErrBadState, state)
	}
	return f.withAgent(ctx, id, func(a *agent) error {
		f.noteChange(journal.AgentSet, journal.Details{Agent: id, State: string(state), Why: reason, By: by})
		f.apply(brain.AgentSet{Agent: id, State: state, Reason: reason})
		return nil
	})
}

// Seat has an agent serve the queues that are named, each with the tier from 1 on that they are asked in, and no others.
func (f *Floor) Seat(ctx context.Context, id string, tiers map[string]int, by string) (AgentView, error) {
	return f.withAgent(ctx, id, func(a *agent) error {
		for name := range tiers {
			if !f.hasQueue(name) {
				return fmt.Errorf("%w: %s", ErrNoQueue, name)
			}
		}
		for _, q := range f.plan.Queues {
			if tier := tiers[q.Name]; tier != q.tier(id) {
				f.noteChange(journal.AgentSeated, journal.Details{Agent: id, Queue: q.Name, Tier: tier, By: by})
				f.seat(id, q.Name, tier)
			}
		}
		return nil
	})
}

// Skill has an agent be able to do what is named, each on a level from 1 on, and nothing else. It brings them into the queues
// that are served by whoever has a skill that is new to them, in the first tier, and out of those whose skill they have no more.
func (f *Floor) Skill(ctx context.Context, id string, skills map[string]int, by string) (AgentView, error) {
	return f.withAgent(ctx, id, func(a *agent) error {
		if maps.Equal(a.Skills, skills) {
			return nil
		}
		before := a.Skills
		f.noteChange(journal.AgentSkilled, journal.Details{Agent: id, Skills: skills, By: by})
		f.skill(id, skills)
		f.seatBySkill(id, before, skills, by)
		return nil
	})
}

// seatBySkill has an agent serve the queues of the skills that they have now and had not before, and leave those of the skills
// that they have lost. It is noted like any seat, so that a restart needs to know nothing of the skills before.
func (f *Floor) seatBySkill(id string, before, after map[string]int, by string) {
	for _, q := range f.plan.Queues {
		had, has := min(before[q.Skill], 1), min(after[q.Skill], 1)
		if q.Skill != "" && had != has && has != min(q.tier(id), 1) {
			f.noteChange(journal.AgentSeated, journal.Details{Agent: id, Queue: q.Name, Tier: has, By: by})
			f.seat(id, q.Name, has)
		}
	}
}

// OpenQueue opens a queue, or closes it: then nobody enters it any more, and who is in it is served.
func (f *Floor) OpenQueue(ctx context.Context, name string, open bool, by string) (QueueView, error) {
	var view QueueView
	var refused error
	err := f.ask(ctx, func() {
		if !f.hasQueue(name) {
			refused = fmt.Errorf("%w: %s", ErrNoQueue, name)
			return
		}
		if open == f.closed[name] {
			state := map[bool]string{true: journal.QueueOpen, false: journal.QueueClosed}[open]
			f.noteChange(journal.QueueSet, journal.Details{Queue: name, State: state, By: by})
			f.openQueue(name, open)
		}
		view = f.viewQueue(f.queue(name))
	})
	return view, errors.Join(err, refused)
}

// Restore makes the changes again that were made before the center stopped and still hold, in their order.
func (f *Floor) Restore(ctx context.Context, changes []journal.Entry) error {
	return f.ask(ctx, func() {
		for _, e := range changes {
			switch {
			case e.Kind == journal.QueueSet && f.hasQueue(e.Queue):
				f.openQueue(e.Queue, e.State == journal.QueueOpen)
			case e.Kind == journal.QueueSet && e.State == journal.QueueClosed:
				f.left(e.Queue)
			case e.Revision != f.plan.Revision || f.agents[e.Agent] == nil:
			case e.Kind == journal.AgentSeated && f.hasQueue(e.Queue):
				f.seat(e.Agent, e.Queue, e.Tier)
			case e.Kind == journal.AgentSkilled:
				f.skill(e.Agent, e.Skills)
			}
		}
	})
}

// left notes that a closed queue has left the document: one that comes into it by that name later is another, and open.
func (f *Floor) left(queue string) {
	delete(f.closed, queue)
	f.noteChange(journal.QueueSet, journal.Details{Queue: queue, State: journal.QueueOpen, By: "system"})
}

// withAgent has the loop do something about an agent, and shows what has become of them.
func (f *Floor) withAgent(ctx context.Context, id string, do func(*agent) error) (AgentView, error) {
	var view AgentView
	var refused error
	err := f.ask(ctx, func() {
		a := f.agents[id]
		if a == nil {
			refused = fmt.Errorf("%w: %s", ErrNoAgent, id)
			return
		}
		if refused = do(a); refused == nil {
			view = f.viewAgent(a)
		}
	})
	return view, errors.Join(err, refused)
}

// noteChange keeps who has changed what. It belongs to no call.
func (f *Floor) noteChange(kind journal.Kind, d journal.Details) {
	d.Revision = f.plan.Revision
	f.cfg.Journal.Append(journal.Entry{At: time.Now().UTC(), Kind: kind, Details: d})
}

// seat brings an agent into a queue, with a tier from 1 on, or out of it, with 0.
func (f *Floor) seat(id, queue string, tier int) {
	i := slices.IndexFunc(f.plan.Queues, func(q Queue) bool { return q.Name == queue })
	q := &f.plan.Queues[i] // the plan is the floor's own; what its queues hold is shared
	q.Agents = slices.DeleteFunc(slices.Clone(q.Agents), func(a string) bool { return a == id })
	tiers := map[string]int{}
	maps.Copy(tiers, q.Tiers)
	delete(tiers, id)
	if tier > 0 {
		q.Agents = append(q.Agents, id)
		tiers[id] = tier
	}
	q.Tiers = tiers
	f.apply(brain.AgentSeated{Agent: id, Queue: queue, Tier: tier})
	f.publishQueue(queue)
	f.publishAgent(f.agents[id])
}

func (f *Floor) skill(id string, skills map[string]int) {
	a := f.agents[id]
	a.Skills = skills
	f.apply(brain.AgentSkilled{Agent: id, Skills: skills})
	f.publishAgent(a)
}

func (f *Floor) openQueue(name string, open bool) {
	if open {
		delete(f.closed, name)
	} else {
		f.closed[name] = true
	}
	f.apply(brain.QueueSet{Queue: name, Open: open})
	f.publishQueue(name)
}

// tier is an agent's in the queue, from 1 on; 0: they do not serve it.
func (q Queue) tier(agent string) int {
	if !slices.Contains(q.Agents, agent) {
		return 0
	}
	return max(q.Tiers[agent], 1)
}
