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
	if len(f.due) == 0 || f.ending {
		return
	}
	room := f.room()
	f.due = slices.DeleteFunc(f.due, func(c *call) bool {
		if f.resting[c.waiting] || f.closed[c.waiting] || !room.has(c.waiting) {
			return false
		}
		c.callCustomer()
		return true
	})
}

// room finds out which customers may be called: who picks up shall not find that the agents are with others who were called, be it
// for another queue. So there is an agent who is free for each of them (a bipartite matching, by augmenting paths).
type room struct {
	f         *Floor
	free      map[string]bool   // agents who are there for nobody yet; nil: not counted
	customers map[string]*Queue // by the agent who is there for one, the queue of that one
	full      map[string]bool   // queues that have room for nobody more
}

func (f *Floor) room() *room {
	return &room{f: f, customers: map[string]*Queue{}, full: map[string]bool{}}
}

// has says whether one more customer of a queue may be called.
func (r *room) has(name string) bool {
	if r.full[name] {
		return false
	}
	i := slices.IndexFunc(r.f.plan.Queues, func(q Queue) bool { return q.Name == name })
	if i >= 0 && r.takes(&r.f.plan.Queues[i]) {
		return true
	}
	r.full[name] = true
	return false
}

func (r *room) takes(q *Queue) bool {
	if !slices.ContainsFunc(q.Agents, r.f.isFree) {
		return r.f.mayCallAhead(q)
	}
	r.count()
	return r.place(q, map[string]bool{})
}

// count gives those who are being called their agents.
func (r *room) count() {
	if r.free != nil {
		return
	}
	r.free = map[string]bool{}
	for id := range r.f.agents {
		if r.f.isFree(id) {
			r.free[id] = true
		}
	}
	for i := range r.f.plan.Queues {
		q := &r.f.plan.Queues[i]
		for range r.f.awaited(q.Name) {
			if !r.place(q, map[string]bool{}) {
				break
			}
		}
	}
}

// place finds a free agent for a customer of a queue: one whom nobody needs, or one whose customer another can serve.
func (r *room) place(q *Queue, tried map[string]bool) bool {
	if len(r.free) == 0 {
		return false
	}
	for _, id := range q.Agents {
		if r.free[id] {
			delete(r.free, id)
			r.customers[id] = q
			return true
		}
	}
	for _, id := range q.Agents {
		if other := r.customers[id]; other != nil && !tried[id] {
			if tried[id] = true; r.place(other, tried) {
				r.customers[id] = q
				return true
			}
		}
	}
	return false
}

// mayCallAhead says whether a customer of a queue may be called though no agent is free: in a busy queue none ever is for long. But
// it is one at a time, and for ten agents who are at work no more than one of all queues that they serve.
func (f *Floor) mayCallAhead(q *Queue) bool {
	if f.awaited(q.Name) > 0 {
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
	return awaited < (len(work)+9)/10
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
