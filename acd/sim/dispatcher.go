package sim

import (
	"threering/acd/brain"
)

// Threering is the dispatcher that is not a model: the brain that routes live calls.
const Threering = "threering"

// Dispatchers are the names that a setting may choose from.
func Dispatchers() []string {
	return []string{Threering, appQueue, callCenter, progressive, sequential, clairvoyant}
}

// strategies are the ways to choose an agent that a queue may name.
func strategies() []brain.Strategy {
	return []brain.Strategy{brain.LongestIdle, brain.LeastTalkTime, brain.FewestCalls, brain.RoundRobin, brain.TopDown, brain.RingAll}
}

// rules are what a queue may switch off.
func rules() []brain.Rule {
	return []brain.Rule{brain.FirstCome, brain.LeastSlack, brain.Aging, brain.Hedged, brain.Learned}
}

// isModel says whether the setting is a model of another product.
func (s Setting) isModel() bool { return s.Dispatcher != Threering }

// dispatcher builds what a setting routes with. The clairvoyant one gets to know the agents as they will be.
func (s *Scenario) dispatcher(set Setting) Dispatcher {
	if !set.isModel() {
		return &brain.Brain{}
	}
	return newModel(set.habits(), s.people())
}

// configured is the queues and agents of the scenario as the brain is told of them.
func (s *Scenario) configured(set Setting) brain.Configured {
	var c brain.Configured
	for _, g := range s.Agents {
		for _, id := range g.ids() {
			c.Agents = append(c.Agents, brain.Agent{ID: id, Skills: g.Skills})
		}
	}
	for _, q := range s.Queues {
		c.Queues = append(c.Queues, s.brainQueue(q, q.Routing.under(set.Routing)))
	}
	return c
}

// under is the routing with what a setting says in its place.
func (r Routing) under(set Routing) Routing {
	if set.Strategy != "" {
		r.Strategy = set.Strategy
	}
	if set.Off != nil {
		r.Off = set.Off
	}
	if set.Hedge != (Hedging{}) {
		r.Hedge = set.Hedge
	}
	if set.Misses != 0 {
		r.Misses = set.Misses
	}
	return r
}

func (s *Scenario) brainQueue(q Queue, r Routing) brain.Queue {
	b := brain.Queue{
		Name: q.Name, TierWait: q.TierWait, Strategy: r.Strategy, Needs: needs(q.Needs), Off: r.Off,
		Target: q.Target, OfferTimeout: q.OfferTimeout, MaxWait: *q.MaxWait, WrapUp: *q.WrapUp, Breather: *q.Breather,
		MissesToStop: r.Misses, Hedge: brain.Hedging(r.Hedge), Overflow: q.Overflow,
		Telling: brain.Telling{Wait: q.Tell.Wait, After: q.Tell.After, Every: q.Tell.Every},
	}
	for _, g := range s.Agents {
		if !q.servedBy(g) {
			continue
		}
		b.Agents = append(b.Agents, g.ids()...)
		if tier := q.Tiers[g.ID]; tier > 0 {
			if b.Tiers == nil {
				b.Tiers = map[string]int{}
			}
			for _, id := range g.ids() {
				b.Tiers[id] = tier
			}
		}
	}
	return b
}

func needs(given []Need) []brain.Need {
	var all []brain.Need
	for _, n := range given {
		need := brain.Need{Skill: n.Skill, Level: n.Level}
		for _, step := range n.Relax {
			need.Relax = append(need.Relax, brain.Step(step))
		}
		all = append(all, need)
	}
	return all
}
