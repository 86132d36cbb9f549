package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"threering/acd/brain"
)

// person is an agent as they are, whatever is decided: when they pick up and when they are away.
type person struct {
	id     string
	group  *Group
	nth    uint64 // among all agents
	seed   uint64
	random rand.PCG // of the spells
	back   brain.Instant
	away   brain.Instant // the spell that is on or comes next is from away to back
}

// size is how many agents the group has.
func (g *Group) size() int { return max(g.Count, 1) }

// ids are the agents of the group: its own id, or numbered where it has a count.
func (g *Group) ids() []string {
	if g.Count == 0 {
		return []string{g.ID}
	}
	ids := make([]string, g.Count)
	for i := range ids {
		ids[i] = fmt.Sprintf("%s-%d", g.ID, i+1)
	}
	return ids
}

// people are all agents of a scenario.
func (s *Scenario) people() []person {
	var all []person
	for i := range s.Agents {
		g := &s.Agents[i]
		for _, id := range g.ids() {
			p := person{id: id, group: g, nth: uint64(len(all)), seed: s.Seed}
			p.random = stream(s.Seed, spells, p.nth)
			p.back = dawn
			p.nextSpell()
			all = append(all, p)
		}
	}
	return all
}

// servedBy says whether the agents of a group serve the queue.
func (q Queue) servedBy(g Group) bool {
	return q.Skill != "" && g.Skills[q.Skill] > 0 || slices.Contains(q.Agents, g.ID)
}

// nextSpell draws the spell away after the present one: present for exponential times, so that the share of all time comes
// out.
func (p *person) nextSpell() {
	a := p.group.Away
	if a.Share == 0 {
		p.away, p.back = never, never
		return
	}
	present := Times{form: exponential, length: time.Duration(float64(a.Spell.Mean()) * (1 - a.Share) / a.Share)}
	p.away = p.back.Add(present.draw(&p.random))
	p.back = p.away.Add(a.Spell.draw(&p.random))
}

// atDesk gives the first moment from now on at which the agent is at the desk. Time must not run back between two calls.
func (p *person) atDesk(now brain.Instant) brain.Instant {
	for p.back <= now {
		p.nextSpell()
	}
	if p.away <= now {
		return p.back
	}
	return now
}

// pickUp is how long after the first ring, or after coming back to the desk, the agent picks up this offer of this call,
// the nth that they get of it; false if they let it ring out.
func (p *person) pickUp(call, nth int) (time.Duration, bool) {
	random := stream(p.seed, pickUps, p.nth, uint64(call), uint64(nth))
	if rand.New(&random).Float64() < p.group.Misses {
		return 0, false
	}
	return p.group.PickUp.draw(&random), true
}

// notices is how long after a miss, the nth of the agent, they say that they are available again.
func (p *person) notices(nth int) time.Duration {
	random := stream(p.seed, notices, p.nth, uint64(nth))
	return p.group.Notices.draw(&random)
}
