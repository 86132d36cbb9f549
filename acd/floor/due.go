package floor

import (
	"slices"

	"threering/acd/brain"
	"threering/acd/journal"
)

// callDue calls customers whose turn has come, before an agent is rung for them. To the brain they are being called from the
// moment that their turn has come.
func (f *Floor) callDue() {
	f.due = slices.DeleteFunc(f.due, func(c *call) bool { return c.over() || c.callback == nil })
	for i := 0; i < len(f.due); {
		c := f.due[i]
		if f.ending || f.resting[c.waiting] || f.closed[c.waiting] || !f.mayCall(c.waiting) {
			i++
			continue
		}
		f.due = slices.Delete(f.due, i, i+1)
		c.callCustomer()
	}
}

// mayCall says whether one more customer of a queue may be called: who picks up shall not find that the agents are with others
// who were called, be it for another queue. So there is an agent who is free for each of them. One is called also where none is
// free, since in a busy queue none ever is for long; but no more than one for ten agents, of all queues that they serve.
func (f *Floor) mayCall(queue string) bool {
	q := f.queue(queue)
	if slices.ContainsFunc(q.Agents, f.isFree) {
		return f.spares(q)
	}
	if f.awaited(queue) > 0 {
		return false
	}
	work, awaited := map[string]bool{}, 0
	for _, id := range q.Agents {
		if f.atWork(id) {
			work[id] = true
		}
	}
	for _, other := range f.plan.Queues {
		if slices.ContainsFunc(other.Agents, func(id string) bool { return work[id] }) {
			awaited += f.awaited(other.Name)
		}
	}
	return awaited < max(len(work)/10, 1)
}

// spares says whether a queue has a free agent beside those for the customers who are being called: one is found for each of
// them in turn, in whose place another may step (augmenting paths of a bipartite matching).
func (f *Floor) spares(queue Queue) bool {
	customer := map[string]Queue{} // by the agent who is there for them, the queue of one
	var place func(q Queue, tried map[string]bool) bool
	place = func(q Queue, tried map[string]bool) bool {
		for _, id := range q.Agents {
			if tried[id] || !f.isFree(id) {
				continue
			}
			tried[id] = true
			if other, taken := customer[id]; !taken || place(other, tried) {
				customer[id] = q
				return true
			}
		}
		return false
	}
	for _, q := range f.plan.Queues {
		for range f.awaited(q.Name) {
			place(q, map[string]bool{})
		}
	}
	return place(queue, map[string]bool{})
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

// isFree says whether an agent could be rung now.
func (f *Floor) isFree(id string) bool {
	a := f.agents[id]
	return a != nil && a.reachable && a.state == brain.Available
}

// atWork says whether an agent can be rung now or soon.
func (f *Floor) atWork(id string) bool {
	a := f.agents[id]
	return a != nil && a.reachable && a.state != brain.Offline && a.state != brain.Break && a.state != brain.Missed
}
