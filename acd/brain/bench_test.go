package brain

import (
	"container/heap"
	"fmt"
	"strconv"
	"testing"
	"time"
)

// crowd is a center under load: all agents talk, and more calls wait than there are agents.
type crowd struct {
	brain  Brain
	now    Instant
	calls  int
	events int
	talks  []talk // oldest first
}

type talk struct{ call, agent string }

func newCrowd(agents, waiting int) *crowd {
	c := &crowd{now: second}
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
			c.talks = append(c.talks, talk{o.Call, o.Agent})
		}
	}
}

func (c *crowd) enter() {
	c.calls++
	c.apply(CallEntered{Call: strconv.Itoa(c.calls), Queue: crowdQueues[c.calls%5], Priority: c.calls % 3})
}

var crowdQueues = [5]string{"q0", "q1", "q2", "q3", "q4"}

// turn is a call's way through the center: one enters, the oldest talk ends, its agent wraps up and gets the next.
func (c *crowd) turn() {
	c.enter()
	over := c.talks[0]
	c.talks = c.talks[1:]
	c.apply(TalkEnded{over.call})
	c.apply(AgentSet{Agent: over.agent, State: Available})
}

// register is the yardstick of what the brain costs: the same calls and agents come and go in it, found by their ids in maps,
// the waiting ones in a binary heap, and nothing is decided.
type register struct {
	calls  map[string]*call
	agents map[string]*agent
	heap   waitingHeap
	talks  []*call // oldest first
	came   int
	events int
}

// waitingHeap is that of the standard library, the most pressing first.
type waitingHeap []*call

func (h waitingHeap) Len() int           { return len(h) }
func (h waitingHeap) Less(i, j int) bool { return h[i].entered < h[j].entered }
func (h waitingHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *waitingHeap) Push(x any)        { *h = append(*h, x.(*call)) }
func (h *waitingHeap) Pop() any {
	last := len(*h) - 1
	c := (*h)[last]
	*h = (*h)[:last]
	return c
}

func newRegister(agents, waiting int) *register {
	r := &register{calls: map[string]*call{}, agents: map[string]*agent{}}
	for a := range agents {
		id := strconv.Itoa(a)
		r.agents[id] = &agent{id: id}
	}
	for range agents + waiting {
		r.enter()
	}
	for a := range agents {
		r.take(r.agents[strconv.Itoa(a)])
	}
	return r
}

func (r *register) enter() {
	r.came++
	c := &call{id: strconv.Itoa(r.came), entered: Instant(r.came).Add(-time.Duration(r.came%3) * PriorityStep)}
	r.calls[c.id] = c
	heap.Push(&r.heap, c)
}

// take gives the agent the call that comes first.
func (r *register) take(a *agent) {
	c := heap.Pop(&r.heap).(*call)
	c.agent = a
	r.talks = append(r.talks, c)
}

// turn is what crowd.turn does: five events, in each of which a record is found by its id.
func (r *register) turn() {
	r.enter()
	over := r.talks[0]
	r.talks = r.talks[1:]
	a := r.agents[r.calls[over.id].agent.id]
	delete(r.calls, over.id)
	r.take(a)
	for range 2 { // the phone rings, and is picked up
		r.calls[r.talks[len(r.talks)-1].id].made++
	}
	r.events += 5
}

const benchRound = 10_000 // events

// BenchmarkApply tells the events a second at several sizes. Five make a call. Brain and yardstick are measured in turns, so
// that whatever else the machine does befalls both: where "x-plain" stays, what the brain costs grows as plain maps and heaps do.
func BenchmarkApply(b *testing.B) {
	for _, size := range []struct{ agents, waiting int }{{500, 1_000}, {2_000, 10_000}, {10_000, 50_000}} {
		b.Run(fmt.Sprintf("agents=%d/waiting=%d", size.agents, size.waiting), func(b *testing.B) {
			c, r := newCrowd(size.agents, size.waiting), newRegister(size.agents, size.waiting)
			var plain time.Duration
			b.ReportAllocs()
			b.ResetTimer()
			for c.events < b.N {
				for end := min(b.N, c.events+benchRound); c.events < end; {
					c.turn()
				}
				b.StopTimer()
				start := time.Now()
				for r.events < c.events {
					r.turn()
				}
				plain += time.Since(start)
				b.StartTimer()
			}
			b.ReportMetric(float64(c.events)/b.Elapsed().Seconds(), "events/s")
			b.ReportMetric(float64(plain)/float64(r.events), "plain-ns/event")
			b.ReportMetric(float64(b.Elapsed())/float64(plain), "x-plain")
		})
	}
}
