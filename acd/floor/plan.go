package floor

import (
	"context"
	"slices"
	"time"

	"threering/acd/brain"
)

// Plan is who works in which queue, and how the center sounds.
type Plan struct {
	Queues   []Queue
	Agents   []Agent
	Revision int64  // of the center's document that it is made of
	Cadence  string // ring_cadence: cn, us, uk …; what callers hear while phones ring
	Music    string // prompt that is played to those who wait or are held
}

// Queue is a brain's queue with what only the floor knows of it.
type Queue struct {
	brain.Queue
	Title    string
	Skill    string // whoever has it serves the queue: Agents are those who have it now; empty: they are named
	Announce bool   // tell the caller the agent's number before the talk

	Languages []string // that callers are spoken to in, one after the other; and agents, in the first
	Briefing  Briefing
	Callbacks Callbacks
	VIP       int // priority of customers who are VIPs; zero: none of their own
}

// Briefing is what the agent hears at pick-up, before the caller, who does not hear it. The zero value says nothing.
type Briefing struct {
	Prompts []string // that name the queue, say
	Waited  bool     // how many minutes the caller has waited, where it is one at least
}

// Agent is a person who takes calls. Their device bears the agent's id.
type Agent struct {
	brain.Agent
	Name string
}

// agent is what the floor keeps of an agent: the brain's word on the state, and the call that the state speaks of.
type agent struct {
	Agent
	state     brain.State
	reason    string
	since     time.Time
	reachable bool
	available bool      // wanted so at sign-on
	call      string    // offered, talking, or in wrap-up of it
	shown     *TalkView // to those who watch
}

// Configure changes the plan. Calls and talks under way are not disturbed.
func (f *Floor) Configure(ctx context.Context, p Plan) error {
	return f.ask(ctx, func() {
		p.Queues = slices.Clone(p.Queues)
		f.plan = p
		for name := range f.closed {
			if !f.hasQueue(name) {
				f.left(name)
			}
		}
		cfg := brain.Configured{}
		for _, q := range p.Queues {
			cfg.Queues = append(cfg.Queues, q.Queue)
		}
		for _, a := range p.Agents {
			cfg.Agents = append(cfg.Agents, a.Agent)
			f.employ(a)
		}
		f.apply(cfg)
		f.keepHours(true)
		for _, a := range p.Agents {
			f.reach(a.ID, f.phones.Reachable(a.ID))
		}
	})
}

func (f *Floor) employ(a Agent) {
	if known := f.agents[a.ID]; known != nil {
		known.Agent = a
		return
	}
	f.agents[a.ID] = &agent{Agent: a, state: brain.Offline, since: time.Now()}
	f.cfg.Metrics.agent("", brain.Offline)
}

// employs says whether the agent is in the plan.
func (f *Floor) employs(id string) bool {
	return slices.ContainsFunc(f.plan.Agents, func(a Agent) bool { return a.ID == id })
}

// Reach says that a device can or cannot be rung. It fits sip.Config.
func (f *Floor) Reach(device string, reachable bool) {
	f.do(func() { f.reach(device, reachable) })
}

func (f *Floor) reach(id string, reachable bool) {
	a := f.agents[id]
	if a == nil || a.reachable == reachable {
		return
	}
	a.reachable = reachable
	f.apply(brain.DeviceChanged{Agent: id, Reachable: reachable})
	if reachable && a.state == brain.Break && a.reason == noDevice {
		f.signOn(a)
	}
	f.publishAgent(a)
}

func (f *Floor) queue(name string) Queue {
	for _, q := range f.plan.Queues {
		if q.Name == name {
			return q
		}
	}
	return Queue{Queue: brain.Queue{Name: name}}
}

// queuesOf lists the queues that the agent serves.
func (f *Floor) queuesOf(agent string) []string {
	names := []string{}
	for _, q := range f.plan.Queues {
		if slices.Contains(q.Agents, agent) {
			names = append(names, q.Name)
		}
	}
	return names
}
