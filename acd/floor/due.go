package floor

import (
	"slices"

	"threering/acd/brain"
	"threering/acd/journal"
)

// callDue calls customers whose turn has come, before an agent is rung for them: in each queue at most as many at a time as
// agents are free there: who picks up shall not find that the agents are with others who were called. One is called also where
// no agent is free: in a busy queue none ever is for long. To the brain they are being called from the moment that their turn
// has come.
func (f *Floor) callDue() {
	f.due = slices.DeleteFunc(f.due, func(c *call) bool { return c.over() || c.callback == nil })
	for i := 0; i < len(f.due); {
		c := f.due[i]
		if f.ending || f.resting[c.waiting] || f.closed[c.waiting] || f.awaited(c.waiting) >= max(f.free(c.waiting), 1) {
			i++
			continue
		}
		f.due = slices.Delete(f.due, i, i+1)
		c.callCustomer()
	}
}

// awaited counts the customers of a queue's callbacks who are being called, or have picked up and wait for an agent.
func (f *Floor) awaited(queue string) int {
	n := 0
	for _, c := range f.lines[queue] {
		if c.direction == journal.Callback && (c.callback == nil || c.callback.calling) {
			n++
		}
	}
	return n
}

// free counts the agents of a queue who could be rung now.
func (f *Floor) free(queue string) int {
	n := 0
	for _, id := range f.queue(queue).Agents {
		if a := f.agents[id]; a != nil && a.reachable && a.state == brain.Available {
			n++
		}
	}
	return n
}
