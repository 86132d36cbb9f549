package center

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"threering/acd/brain"
	"threering/ivr"
)

// Routing is the part of a queue that says who is rung when, beside its agents and times. What is not given is off, or the
// brain's default.
type Routing struct {
	Tiers    map[string]int `yaml:"tiers,omitempty,flow" json:"tiers,omitempty"`         // of agents, 1 to 10; 1 where none is given
	TierWait time.Duration  `yaml:"tier_wait,omitempty" json:"tier_wait,omitempty"`      // each further tier is rung after so much more waiting
	Needs    []ivr.Need     `yaml:"needs,omitempty" json:"needs,omitempty"`              // what agents must be able to do
	Off      []string       `yaml:"off,omitempty,flow" json:"off,omitempty"`             // rules that do not hold: first-come, least-slack, aging, hedge, learned
	Hedge    Hedge          `yaml:"hedge,omitempty,flow" json:"hedge,omitzero"`          // when further phones ring
	Limits   Limits         `yaml:"limits,omitempty,flow" json:"limits,omitzero"`        // who does not enter
	Overflow string         `yaml:"overflow,omitempty" json:"overflow,omitempty"`        // the queue that takes whom this one gives up
	UntilEnd bool           `yaml:"wrap_up_until_done,omitempty" json:"until,omitempty"` // wrap-up has no end of its own; with wrap_up 0
	VIP      int            `yaml:"vip,omitempty" json:"vip,omitempty"`                  // priority of customers who are VIPs, each step worth 30 s of waiting; 0: none of their own
	Callback Callback       `yaml:"callback,omitempty,flow" json:"callback,omitzero"`    // who waits long may be called back
	Telling  `yaml:",inline"`
}

// Hedge is when further phones ring; see [brain.Hedging].
type Hedge struct {
	First  time.Duration `yaml:"first,omitempty" json:"first,omitempty"`
	Every  time.Duration `yaml:"every,omitempty" json:"every,omitempty"`
	Phones int           `yaml:"phones,omitempty" json:"phones,omitempty"`
	Budget int           `yaml:"budget,omitempty" json:"budget,omitempty"`
	Share  int           `yaml:"share,omitempty" json:"share,omitempty"`
}

// Limits say who does not enter a queue; see [brain.Limits].
type Limits struct {
	Length  int           `yaml:"length,omitempty" json:"length,omitempty"`
	Wait    time.Duration `yaml:"wait,omitempty" json:"wait,omitempty"`
	OnBreak bool          `yaml:"on_break,omitempty" json:"on_break,omitempty"`
}

var (
	strategies = []string{
		string(brain.LongestIdle), string(brain.LeastTalkTime), string(brain.FewestCalls), string(brain.RoundRobin),
		string(brain.TopDown), string(brain.RingAll),
	}
	rules = []string{
		string(brain.FirstCome), string(brain.LeastSlack), string(brain.Aging), string(brain.Hedged), string(brain.Learned),
	}
)

// plan gives a brain's queue what the routing says.
func (r Routing) plan(q *brain.Queue) {
	q.Tiers, q.TierWait, q.Overflow, q.UntilDone = r.Tiers, r.TierWait, r.Overflow, r.UntilEnd
	q.Hedge, q.Limits = brain.Hedging(r.Hedge), brain.Limits(r.Limits)
	for _, n := range r.Needs {
		q.Needs = append(q.Needs, n.Plan())
	}
	for _, rule := range r.Off {
		q.Off = append(q.Off, brain.Rule(rule))
	}
}

// text is the routing as its table keeps it.
func (r Routing) text() string {
	text, err := json.Marshal(r)
	if err != nil { // plain values
		panic(err)
	}
	return string(text)
}

// routing checks what a queue says of who is rung when.
func (c *checker) routing(path string, q Queue, people []Person, skills []string) {
	serve := q.servedBy(people)
	for _, agent := range slices.Sorted(maps.Keys(q.Tiers)) {
		at := path + ".tiers." + agent
		if !slices.Contains(serve, agent) {
			c.wrong(at, agent, "an agent of this queue")
		} else if tier := q.Tiers[agent]; tier < 1 || tier > 10 {
			c.wrong(at, fmt.Sprint(tier), "1 to 10")
		}
	}
	c.between(path+".tier_wait", q.TierWait, 0, time.Hour)
	c.needs(path+".needs", q.Needs, skills)
	if !servable(q.Needs, serve, people) {
		c.wrong(path+".needs", "", "what somebody who serves the queue can do, at the latest when all is relaxed")
	}
	for i, rule := range q.Off {
		at := fmt.Sprintf("%s.off.%d", path, i)
		if c.oneOf(at, rule, rules); slices.Contains(q.Off[:i], rule) {
			c.wrong(at, rule, "each rule once")
		}
	}
	if q.UntilEnd && or(q.WrapUp, defaultWrapUp) != 0 {
		c.wrong(path+".wrap_up_until_done", "true", "false, or wrap_up: 0s beside it")
	}
	c.between(path+".hedge.first", q.Hedge.First, 0, time.Minute)
	c.between(path+".hedge.every", q.Hedge.Every, 0, time.Minute)
	c.count(path+".hedge.phones", q.Hedge.Phones, 10)
	c.count(path+".hedge.budget", q.Hedge.Budget, 100)
	c.count(path+".hedge.share", q.Hedge.Share, 300)
	c.count(path+".vip", q.VIP, 100)
	c.count(path+".limits.length", q.Limits.Length, 1_000_000)
	c.between(path+".limits.wait", q.Limits.Wait, 0, 24*time.Hour)
}

func (c *checker) needs(path string, needs []ivr.Need, skills []string) {
	for i, n := range needs {
		at := fmt.Sprintf("%s.%d", path, i)
		if c.need(at, n, skills); slices.ContainsFunc(needs[:i], func(o ivr.Need) bool { return o.Skill == n.Skill }) {
			c.wrong(at+".skill", n.Skill, "each skill once")
		}
	}
}

// servable says whether one of the agents meets all needs when they are relaxed as far as they will be.
func servable(needs []ivr.Need, serve []string, people []Person) bool {
	return len(needs) == 0 || slices.ContainsFunc(people, func(p Person) bool {
		return slices.Contains(serve, p.ID) && !slices.ContainsFunc(needs, func(n ivr.Need) bool { return p.Skills[n.Skill] < least(n) })
	})
}

// least is the level that is needed in the end.
func least(n ivr.Need) int {
	if len(n.Relax) == 0 {
		return n.Level
	}
	return n.Relax[len(n.Relax)-1].Level
}

func (c *checker) need(path string, n ivr.Need, skills []string) {
	c.oneOf(path+".skill", n.Skill, skills)
	n.Check(path, c.wrong)
}

func (c *checker) count(path string, n, most int) {
	if n < 0 || n > most {
		c.wrong(path, fmt.Sprint(n), fmt.Sprintf("0 to %d", most))
	}
}

// overflows refuses those that lead nowhere, or back.
func (c *checker) overflows(queues []Queue) {
	next := map[string]string{}
	for _, q := range queues {
		next[q.Name] = q.Overflow
	}
	for i, q := range queues {
		if q.Overflow == "" {
			continue
		}
		path := fmt.Sprintf("queues.%d.overflow", i)
		if _, known := next[q.Overflow]; !known {
			c.oneOf(path, q.Overflow, names(queues))
			continue
		}
		way := []string{q.Name}
		for at := q.Overflow; at != "" && len(way) <= len(queues); at = next[at] {
			way = append(way, at)
			if at == q.Name {
				c.wrong(path, q.Overflow, "a queue that does not lead back here, as "+strings.Join(way, " → ")+" does")
				break
			}
		}
	}
}
