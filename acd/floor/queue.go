package floor

import (
	"context"
	"errors"
	"fmt"

	"threering/acd/brain"
	"threering/acd/journal"
)

// Errors of commands about waiting calls.
var (
	ErrNotWaiting = errors.New("no such call waits in a queue")
	ErrNoQueue    = errors.New("no such queue")
	ErrBusy       = errors.New("the agent cannot be rung now")
)

// overflowed brings a waiting call into the queue where the brain has it now. What the caller hears goes on.
func (c *call) overflowed(o brain.Overflow) {
	if c.waiting == "" || c.leaving {
		return
	}
	f := c.floor
	c.leaveQueue(string(o.Why))
	f.lines.enter(c, o.To, c.waitingSince)
	c.queue.Name = o.To
	c.note(journal.QueueEntered, journal.Details{
		Queue: o.To, TargetMs: f.queue(o.To).Target.Milliseconds(), Why: c.entersAs(), WaitedMs: c.asks().Milliseconds(),
	})
	c.log.Info("waiting in another queue", "queue", o.To, "why", o.Why)
	f.publishQueue(o.To)
}

// Move brings a waiting call into another queue, where it has the place of the time it has waited. by is the person who
// wants it so.
func (f *Floor) Move(ctx context.Context, call, queue, by string) error {
	return f.arrange(ctx, call, journal.Details{By: by, Queue: queue}, journal.CallMoved, func() error {
		if !f.hasQueue(queue) {
			return fmt.Errorf("%w: %s", ErrNoQueue, queue)
		}
		return nil
	}, brain.CallMoved{Call: call, Queue: queue})
}

// Prioritise gives a waiting call another priority, of which each step is worth brain.PriorityStep of waiting.
func (f *Floor) Prioritise(ctx context.Context, call string, priority int, by string) error {
	return f.arrange(ctx, call, journal.Details{By: by, Priority: priority}, journal.CallPrioritised, func() error { return nil }, brain.CallPrioritised{Call: call, Priority: priority})
}

// Take has a waiting call offered to one agent now, before all others and whatever queues they serve.
func (f *Floor) Take(ctx context.Context, call, agent, by string) error {
	return f.arrange(ctx, call, journal.Details{By: by, Agent: agent}, journal.CallTaken, func() error {
		a := f.agents[agent]
		switch {
		case a == nil:
			return fmt.Errorf("%w: %s", ErrNoAgent, agent)
		case !a.reachable || a.state != brain.Available && a.state != brain.Break && a.state != brain.Missed:
			return fmt.Errorf("%w: %s", ErrBusy, agent)
		}
		return nil
	}, brain.CallTaken{Call: call, Agent: agent})
}

// arrange has the brain do something with a waiting call, if check does not mind, and remembers who wanted it.
func (f *Floor) arrange(ctx context.Context, id string, d journal.Details, kind journal.Kind, check func() error, ev brain.Event) error {
	var refused error
	err := f.ask(ctx, func() {
		c := f.calls[id]
		if c == nil || c.waiting == "" {
			refused = fmt.Errorf("%w: %s", ErrNotWaiting, id)
			return
		}
		if refused = check(); refused == nil {
			c.note(kind, d)
			f.apply(ev)
			if c.waiting != "" {
				f.publishQueue(c.waiting)
			}
		}
	})
	return errors.Join(err, refused)
}
