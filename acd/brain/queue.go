package brain

import (
	"maps"
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

// line is a queue with the calls and agents in it.
type line struct {
	Queue
	closed  bool
	resting bool // it is not the time of the day for callbacks
	gone    bool // no longer configured: it serves those who are in it
	rules   rules
	posts   []*post // in the order of top-down
	pools   []*pool // one for each way to be particular
	plain   []stage // the pools of a call without needs of its own, as it waits
	count   int     // calls without an agent
	pace    pace
	purse   purse

	lastTier int              // the greatest of its agents
	rung     map[string]int64 // what the posts said before the queue was configured anew
}

// rules are those that hold for a queue.
type rules struct{ firstCome, leastSlack, aging, hedge, learned bool }

// post is an agent's place in a queue.
type post struct {
	line  *line
	agent *agent
	tier  int
	place int   // in the queue's list
	rung  int64 // the serial of the last offer that the queue made them
}

// use takes a configuration.
func (l *line) use(q Queue) {
	q.Agents, q.Tiers, q.Needs = slices.Clone(q.Agents), maps.Clone(q.Tiers), slices.Clone(q.Needs)
	q.Hedge = q.Hedge.orDefaults()
	if q.Strategy == "" {
		q.Strategy = LongestIdle
	}
	on := func(r Rule) bool { return !slices.Contains(q.Off, r) }
	l.Queue = q
	l.rules = rules{on(FirstCome), on(LeastSlack), on(Aging), on(Hedged), on(Learned)}
}

// target is by when a call should hear a person, as queues are compared.
func (l *line) target() time.Duration {
	if l.rules.leastSlack {
		return l.Target
	}
	return DefaultTarget
}

// tier is an agent's tier in the queue, from 1.
func (l *line) tier(agent string) int { return max(l.Tiers[agent], 1) }

// stage is the pool that a call is in from some waiting on.
type stage struct {
	after time.Duration
	pool  *pool
}

// stages are the pools that a call goes through as it waits: its needs are relaxed, and further tiers are asked.
func (b *Brain) stages(l *line, own []Need) []stage {
	if len(own) == 0 && l.plain != nil {
		return l.plain
	}
	needs := together(l.Needs, own)
	var list []stage
	for _, after := range l.turns(needs) {
		p := b.pool(l, relaxed(needs, after), l.tierAfter(after))
		if len(list) == 0 || list[len(list)-1].pool != p {
			list = append(list, stage{after, p})
		}
	}
	return list
}

// together is the needs of a queue with those of a call, which stand in the place of the queue's for the same skill.
func together(queue, own []Need) []Need {
	list := slices.DeleteFunc(slices.Clone(queue), func(q Need) bool {
		return slices.ContainsFunc(own, func(n Need) bool { return n.Skill == q.Skill })
	})
	return append(list, own...)
}

// turns are the waits after which something is relaxed, zero the first.
func (l *line) turns(needs []Need) []time.Duration {
	list := []time.Duration{0}
	for _, n := range needs {
		for _, s := range n.Relax {
			list = append(list, max(s.After, 0))
		}
	}
	if l.TierWait > 0 {
		for tier := 2; tier <= l.lastTier; tier++ {
			list = append(list, time.Duration(tier-1)*l.TierWait)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// tierAfter is the last tier that may be rung after some waiting; zero: all.
func (l *line) tierAfter(waited time.Duration) int {
	if l.TierWait <= 0 {
		return 0
	}
	tier := 1 + int(waited/l.TierWait)
	if tier >= l.lastTier {
		return 0
	}
	return tier
}

// relaxed is what is left of needs after some waiting.
func relaxed(needs []Need, waited time.Duration) []Need {
	var list []Need
	for _, n := range needs {
		level, since := n.Level, time.Duration(-1)
		for _, s := range n.Relax {
			if s.After <= waited && s.After >= since {
				level, since = s.Level, s.After
			}
		}
		if level > 0 {
			list = append(list, Need{Skill: n.Skill, Level: level})
		}
	}
	slices.SortFunc(list, func(x, y Need) int {
		if x.Skill < y.Skill {
			return -1
		}
		return 1
	})
	return list
}

// waiting counts the calls that no phone rings for.
func (l *line) waiting() int {
	n := 0
	for _, p := range l.pools {
		n += p.waiting.len()
	}
	return n
}
