package floor

import (
	"cmp"
	"context"
	"time"

	"threering/acd/brain"
	"threering/acd/journal"
)

// Past is what the journal remembers of the time before the center stopped.
type Past struct {
	Agents    []journal.Entry          // the last state of each
	Work      map[string]journal.Work  // by agent
	Reserved  map[string]journal.Entry // by agent: what they were to be after a call
	Callbacks []journal.Owed           // that are still to be made
}

// Resume brings the center back to where it was when it stopped: the agents' states and what they have done, and who waits to
// be called back. Talks and wrap-ups did not survive; who was in one is what they were to be after it, or available; who missed a
// call stays out until they say so.
func (f *Floor) Resume(ctx context.Context, p Past) error {
	return f.ask(ctx, func() {
		memory := brain.Restored{}
		for _, e := range p.Agents {
			memory.Agents = append(memory.Agents, p.memory(e))
			f.endWrapUp(e)
		}
		f.apply(memory)
		for _, o := range p.Callbacks {
			f.owe(o)
		}
	})
}

// memory is what the brain has to know of an agent whose last state is given.
func (p Past) memory(e journal.Entry) brain.Memory {
	w, next := p.Work[e.Agent], p.Reserved[e.Agent]
	m := brain.Memory{Agent: e.Agent, State: brain.State(e.State), Talked: w.Talked, Calls: w.Calls}
	switch m.State {
	case brain.Break, brain.Offline, brain.Missed:
		m.Reason = e.Why
	default:
		m.State = brain.Available
		if e.Call != "" && next.Call == e.Call {
			m.State, m.Reason = brain.State(next.State), next.Why
		}
	}
	since := e.At
	if w.Last.After(since) {
		since = w.Last
	}
	m.Idle = max(time.Since(since), 0)
	return m
}

// owe has a callback wait again that was not made before the center stopped.
func (f *Floor) owe(o journal.Owed) {
	d := f.newCall(journal.Callback, o.Number)
	d.id, d.log = o.Call, f.cfg.Log.With("call", o.Call)
	d.state = State{Flow: o.Flow, Step: o.Step}
	d.waitingSince, d.ranked = o.Asked, o.Priority
	q := f.queue(o.Queue)
	d.callback = &callback{customerFirst: q.Callbacks.CustomerFirst, tries: o.Tries}
	if !o.Last.IsZero() {
		d.callback.again = o.Last.Add(cmp.Or(q.Calling.Pause, brain.CallbackPause))
	}
	if o.Tries >= cmp.Or(q.Calling.Tries, brain.CallbackTries) { // the last of them was cut off
		f.open(d)
		d.caller = &side{floor: f, party: nobody{}}
		f.lines.enter(d, o.Queue, o.Asked)
		d.leaveQueue(string(brain.Unreached))
		d.finish("system", "")
		return
	}
	f.await(d, o.Queue, brain.CallEntered{Waited: max(time.Since(o.Asked), 1), Priority: o.Priority, Needs: o.Needs})
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
