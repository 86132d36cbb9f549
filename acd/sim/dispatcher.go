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

// strategies are the ways to choose an agent that a queue may name; empty is the first.
func strategies() []string { return []string{"", "longest_idle"} }

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
func (s *Scenario) configured() brain.Configured {
	var c brain.Configured
	for _, g := range s.Agents {
		c.Agents = append(c.Agents, g.ids()...)
	}
	for _, q := range s.Queues {
		c.Queues = append(c.Queues, s.brainQueue(q))
	}
	return c
}

func (s *Scenario) brainQueue(q Queue) brain.Queue {
	var agents []string
	for _, g := range s.Agents {
		if q.servedBy(g) {
			agents = append(agents, g.ids()...)
		}
	}
	return brain.Queue{
		Name: q.Name, Agents: agents, Target: q.Target, OfferTimeout: q.OfferTimeout,
		MaxWait: *q.MaxWait, WrapUp: *q.WrapUp, Breather: *q.Breather, MissesToStop: q.Misses,
	}
}
