package brain

import (
	"slices"
	"time"
)

const (
	// PriorityStep is how much waiting one step of priority is worth. Priorities age linearly, so low ones never starve.
	PriorityStep = 30 * time.Second
	// ProvisionalWait is how long a phone may stay silent before it counts as unreachable.
	ProvisionalWait = 2 * time.Second
	barForCall      = 10 * time.Second // a refusal, busy or unreachable phone bars the agent for that call
	barForAll       = 2 * time.Second  // and for every call, so that a phone that answers 486 at once isn't rung without end
)

// line is a queue and the calls in it.
type line struct {
	Queue
	calls []*call // first come first, unconnected only
}

// seats says whether the agent serves the queue.
func (l *line) seats(agent string) bool { return slices.Contains(l.Agents, agent) }

// enter puts a call in its place: by priority-adjusted time of entry, then by arrival.
func (l *line) enter(c *call) {
	at := len(l.calls)
	for at > 0 && c.rank() < l.calls[at-1].rank() {
		at--
	}
	l.calls = slices.Insert(l.calls, at, c)
}

func (l *line) leave(c *call) {
	l.calls = slices.DeleteFunc(l.calls, func(x *call) bool { return x == c })
}

// call is a caller who asked for a person.
type call struct {
	id       string
	line     *line
	entered  Instant
	priority int
	maxWait  time.Duration
	from     string // the agent who calls, if one does
	offers   int    // how many were made
	ringing  *offer // the offer that stands, nil between offers
	agent    *agent // talking with, nil while waiting
	bars     []bar
	tried    []string // agents who did not take it
}

type bar struct {
	agent string
	until Instant
}

// wants says whether the agent serves the call. Nobody serves their own.
func (c *call) wants(a *agent) bool { return a.id != c.from && c.line.seats(a.id) }

// rank orders calls: the moment of entry, made earlier by priority.
func (c *call) rank() Instant { return c.entered.Add(-time.Duration(c.priority) * PriorityStep) }

func (c *call) deadline() Instant { return c.rank().Add(c.line.Target) }

// givesUpAt says when the queue stops trying; zero means never.
func (c *call) givesUpAt() Instant {
	wait := c.maxWait
	if wait == 0 {
		wait = c.line.MaxWait
	}
	if wait == 0 {
		return 0
	}
	return c.entered.Add(wait)
}

// bar keeps the call from the agent for a while, and lets others go first for good.
func (c *call) bar(a *agent, now Instant) {
	if !slices.Contains(c.tried, a.id) {
		c.tried = append(c.tried, a.id)
	}
	c.bars = slices.DeleteFunc(c.bars, func(x bar) bool { return x.agent == a.id || x.until <= now })
	c.bars = append(c.bars, bar{agent: a.id, until: now.Add(barForCall)})
}

func (c *call) barred(a *agent, now Instant) bool {
	return slices.ContainsFunc(c.bars, func(x bar) bool { return x.agent == a.id && x.until > now })
}
