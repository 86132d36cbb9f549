package brain

import (
	"cmp"
	"slices"
	"time"
)

// call is a caller who asked for a person.
type call struct {
	id       string
	seq      int64 // of entry
	line     *line
	entered  Instant // when the caller asked; earlier by what they had waited before
	joined   Instant // when they came into this queue
	priority int
	maxWait  time.Duration
	from     *agent // who calls, if an agent does
	needs    []Need // of its own
	been     []*line
	callback *callback
	entering bool // its queue may still turn it away
	kept     bool // another call has its place

	agent    *agent   // talking with, nil while waiting
	offers   []*offer // whose end is not reported
	ringing  int      // of them, those that stand
	made     int      // offers, in all
	tier     int64    // of the agent who was rung first of those who ring now
	promised *offer   // a further phone that was taken back for this call
	bars     []bar
	tried    map[*agent]bool // who did not take it

	stages  []stage
	pool    *pool       // where it waits, or would
	sticky  Instant     // until when it waits for one agent alone; zero: for all
	place   node[*call] // in pool.waiting
	hunger  node[*call] // in pool.hungry
	hedgeAt Instant     // when a further phone should ring; zero: never
	tellAt  Instant     // when the caller is told where they stand
	told    int         // the best position they were told
	bounds  []Instant   // until when they were expected to wait, each time that was said, and may still prove right
	paced   bool        // has begun to wait in this queue, as far as its pace is concerned
	alarm   alarm

	before, after *call // in the chain of its last pool
	chained       *pool
	woken         bool
}

type bar struct {
	agent *agent
	until Instant
}

// rank orders calls: the moment of entry, made earlier by priority.
func (c *call) rank() Instant {
	if !c.line.rules.aging {
		return c.entered
	}
	return c.entered.Add(-time.Duration(c.priority) * PriorityStep)
}

func (c *call) key() key {
	k := key{b: int64(c.rank()), c: c.seq}
	if !c.line.rules.aging {
		k.a = -int64(c.priority)
	}
	return k
}

func (c *call) deadline() Instant { return c.rank().Add(c.line.Target) }

// idle says that the call waits and no phone rings for it.
func (c *call) idle() bool { return c.agent == nil && c.ringing == 0 && !c.parked() }

// parked says that the call is a callback that is not to be served now.
func (c *call) parked() bool {
	return c.callback != nil && (c.callback.dialling || c.callback.again != 0 || c.line.closed || c.line.resting)
}

// Priority is that of a call that waits or talks; 0 for what is neither.
func (b *Brain) Priority(call string) int {
	if c := b.calls[call]; c != nil {
		return c.priority
	}
	return 0
}

// presses orders calls: those of all queues by deadline, the oldest first of those that have passed it, then those with the
// least slack; those of one queue as they stand in it.
func (c *call) presses(o *call, now Instant) bool {
	x, y := c.rank().Add(c.line.target()), o.rank().Add(o.line.target())
	late, other := x <= now, y <= now
	switch {
	case c.line == o.line:
		if !c.line.rules.firstCome && late != other && c.key().a == o.key().a {
			return other // who can still be answered in time
		}
		return c.key().less(o.key())
	case late != other:
		return late
	case late:
		x, y = c.rank(), o.rank()
	}
	if x != y {
		return x < y
	}
	return c.seq < o.seq
}

// givesUpAt says when the queue stops trying; zero means never.
func (c *call) givesUpAt() Instant {
	wait := cmp.Or(c.maxWait, c.line.MaxWait)
	if wait == 0 || c.callback != nil {
		return 0
	}
	return c.joined.Add(wait)
}

// mayWait says whether the queue lets the call wait until a moment.
func (c *call) mayWait(until Instant) bool {
	at := c.givesUpAt()
	return at == 0 || until <= at
}

// accepts says whether the agent, who has a seat in the call's pool, may be rung for it. Nobody serves their own.
func (c *call) accepts(a *agent, now Instant) bool { return a != c.from && !c.barred(a, now) }

// bar keeps the call from the agent for a while, and lets others go first for good.
func (c *call) bar(a *agent, now Instant) {
	if c.tried == nil {
		c.tried = map[*agent]bool{}
	}
	c.tried[a] = true
	c.bars = slices.DeleteFunc(c.bars, func(x bar) bool { return x.agent == a || x.until <= now })
	c.bars = append(c.bars, bar{agent: a, until: now.Add(barForCall)})
}

func (c *call) barred(a *agent, now Instant) bool {
	return slices.ContainsFunc(c.bars, func(x bar) bool { return x.agent == a && x.until > now })
}

// stage is the pool that the call should be in by now, and when it will be in another; zero: never.
func (c *call) stage(now Instant) (*pool, Instant) {
	for i, s := range c.stages {
		if i+1 == len(c.stages) {
			return s.pool, 0
		}
		if next := c.entered.Add(c.stages[i+1].after); next > now {
			return s.pool, next
		}
	}
	return nil, 0
}

// enroll puts the call into the queue's pools, from the beginning.
func (b *Brain) enroll(c *call) {
	c.stages = b.stages(c.line, c.needs)
	for _, s := range c.stages {
		s.pool.users++
	}
	c.chained = c.stages[len(c.stages)-1].pool
	c.chained.last.add(c)
	if c.from != nil {
		c.chained.own++
	}
	c.pool, _ = c.stage(b.now)
	c.line.count++
	b.wake(c)
}

// strike takes the call out of all pools of its queue.
func (b *Brain) strike(c *call) {
	if c.chained == nil {
		return
	}
	b.unqueue(c)
	b.unstick(c)
	c.chained.last.drop(c)
	if c.from != nil {
		c.chained.own--
	}
	c.chained = nil
	for _, s := range c.stages {
		b.release(s.pool)
	}
	c.stages, c.pool = nil, nil
	c.line.count--
	b.alarms.stop(&c.alarm)
}

// unqueue takes the call out of the sets in which agents look for calls.
func (b *Brain) unqueue(c *call) {
	if c.pool == nil {
		return
	}
	c.pool.waiting.remove(&c.place)
	c.pool.hungry.remove(&c.hunger)
}

// move brings the call into the pool where it should be by now.
func (b *Brain) move(c *call, p *pool) {
	if c.pool == p {
		return
	}
	b.unqueue(c)
	c.pool = p
	b.wake(c)
}

// unstick ends the waiting for one agent alone.
func (b *Brain) unstick(c *call) {
	if c.sticky == 0 {
		return
	}
	private := c.pool
	c.sticky = 0
	p, _ := c.stage(b.now)
	b.move(c, p)
	b.release(private)
}

// due follows a call through time.
func (c *call) due(b *Brain, now Instant) {
	if c.callback != nil && c.callback.again != 0 && c.callback.again <= now {
		c.callback.again = 0
	}
	if c.sticky != 0 && c.sticky <= now {
		b.unstick(c)
	}
	if c.sticky == 0 {
		p, _ := c.stage(now)
		b.move(c, p)
	}
	if c.tellAt != 0 && c.tellAt <= now {
		b.tell(c, now)
	}
	b.wake(c)
}

// arm sets the alarm to the next moment that matters to the call.
func (b *Brain) arm(c *call, now Instant) {
	var at Instant
	if c.sticky == 0 {
		_, at = c.stage(now)
	} else {
		at = c.sticky
	}
	at = sooner(at, c.tellAt)
	switch {
	case c.callback != nil && c.callback.again != 0:
		at = sooner(at, c.callback.again)
	case c.ringing > 0:
		if c.hedgeAt > now {
			at = sooner(at, c.hedgeAt)
		}
	default:
		at = sooner(at, c.givesUpAt())
		for _, x := range c.bars {
			if x.until > now {
				at = sooner(at, x.until)
			}
		}
	}
	b.alarms.set(&c.alarm, at)
}
