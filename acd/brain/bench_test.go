package brain

import (
	"fmt"
	"testing"
	"time"
)

// crowd is a center under load: all agents talk, and more calls wait than there are agents.
type crowd struct {
	brain   Brain
	now     Instant
	calls   int
	events  int
	talks   []string          // calls, oldest first
	agents  map[string]string // of the talks
	waiting []string
}

func newCrowd(agents, waiting int) *crowd {
	c := &crowd{now: second, agents: map[string]string{}}
	cfg := Configured{}
	for i := range 5 { // each agent serves two of five queues, one of which asks for a skill and relaxes it
		q := testQueue(fmt.Sprint("q", i))
		q.MaxWait = 0
		if i == 0 {
			q.Needs = []Need{{Skill: "english", Level: 3, Relax: []Step{{30 * time.Second, 1}}}}
		}
		for a := range agents {
			if a%5 == i || (a+1)%5 == i {
				q.Agents = append(q.Agents, fmt.Sprint(a))
			}
		}
		cfg.Queues = append(cfg.Queues, q)
	}
	for a := range agents {
		cfg.Agents = append(cfg.Agents, Agent{ID: fmt.Sprint(a), Skills: map[string]int{"english": a%7 + 1}})
	}
	c.apply(cfg)
	for a := range agents {
		c.apply(DeviceChanged{fmt.Sprint(a), true})
		c.apply(AgentSet{Agent: fmt.Sprint(a), State: Available})
	}
	for range agents + waiting {
		c.enter()
	}
	c.events = 0
	return c
}

// apply hands an event over and picks up every phone that rings.
func (c *crowd) apply(ev Event) {
	c.now += 50
	c.events++
	for _, o := range c.brain.Apply(c.now, ev) {
		if o, ok := o.(Offer); ok {
			c.apply(OfferRinging{o.ID})
			c.apply(OfferAnswered{o.ID})
			c.talks = append(c.talks, o.Call)
			c.agents[o.Call] = o.Agent
		}
	}
}

func (c *crowd) enter() {
	c.calls++
	c.apply(CallEntered{Call: fmt.Sprint(c.calls), Queue: fmt.Sprint("q", c.calls%5), Priority: c.calls % 3})
}

// turn is a call's way through the center: one enters, the oldest talk ends, its agent wraps up and gets the next.
func (c *crowd) turn() {
	c.enter()
	call := c.talks[0]
	c.talks = c.talks[1:]
	agent := c.agents[call]
	delete(c.agents, call)
	c.apply(TalkEnded{call})
	c.apply(AgentSet{Agent: agent, State: Available})
}

// BenchmarkApply tells the events a second at several sizes. Five or so make a call.
func BenchmarkApply(b *testing.B) {
	for _, size := range []struct{ agents, waiting int }{{500, 1_000}, {2_000, 10_000}, {10_000, 50_000}} {
		b.Run(fmt.Sprintf("agents=%d/waiting=%d", size.agents, size.waiting), func(b *testing.B) {
			c := newCrowd(size.agents, size.waiting)
			b.ReportAllocs()
			b.ResetTimer()
			for c.events < b.N {
				c.turn()
			}
			b.ReportMetric(float64(c.events)/b.Elapsed().Seconds(), "events/s")
		})
	}
}
