package brain

import "slices"

// pool is where calls of one queue that ask for the same meet the agents who can give it. A call waits in one pool at a
// time; an agent who is free stands in all pools whose calls they could take. So the next call of an agent and the next
// agent of a call are each the first of a few ordered sets.
type pool struct {
	line    *line
	needs   []Need // with nothing to relax, by skill
	tier    int    // the last that is asked; zero: all
	only    *agent // the calls wait for this agent alone; nil: for anyone
	waiting tree[*call]
	hungry  tree[*call] // for which a further phone should ring
	free    tree[*seat] // of agents who could be rung now
	further tree[*seat] // of agents whose phone rings as a further one
	staff   int         // agents who are signed on
	working int         // of them, who are not on a break
	last    chain       // the calls that will be in this pool at last
	own     int         // of them, those that an agent makes
	kept    bool        // also when nobody is in it
	users   int         // calls that are in it now or will be
}

// seat is an agent's place in a pool.
type seat struct {
	pool  *pool
	agent *agent
	post  *post // nil where the agent does not serve the queue
	node  node[*seat]
}

// chain is a list of calls in which each knows its neighbours.
type chain struct{ first, last *call }

func (h *chain) add(c *call) {
	c.before, c.after = h.last, nil
	if h.last == nil {
		h.first = c
	} else {
		h.last.after = c
	}
	h.last = c
}

func (h *chain) drop(c *call) {
	if c.before == nil {
		h.first = c.after
	} else {
		c.before.after = c.after
	}
	if c.after == nil {
		h.last = c.before
	} else {
		c.after.before = c.before
	}
	c.before, c.after = nil, nil
}

// sparePools is how many pools that nobody is in a queue keeps, beside those of its own needs: calls of the same kind
// will come again.
const sparePools = 64

// pool finds a queue's pool, or makes it.
func (b *Brain) pool(l *line, needs []Need, tier int) *pool {
	for _, p := range l.pools {
		if p.only == nil && p.tier == tier && slices.EqualFunc(p.needs, needs, sameNeed) {
			return p
		}
	}
	p := &pool{line: l, needs: needs, tier: tier}
	b.open(p)
	for _, post := range l.posts {
		if p.suits(post) {
			b.seat(post.agent, p, post)
		}
	}
	return p
}

// private finds the pool of those who wait for one agent alone, or makes it.
func (b *Brain) private(l *line, a *agent) *pool {
	for _, s := range a.seats {
		if s.pool.only == a && s.pool.line == l {
			return s.pool
		}
	}
	p := &pool{line: l, only: a}
	b.seat(a, p, a.post(l))
	return p
}

func sameNeed(x, y Need) bool { return x.Skill == y.Skill && x.Level == y.Level }

// open adds a pool to its queue, in the place of one that nobody has been in for long if there are many.
func (b *Brain) open(p *pool) {
	l := p.line
	if len(l.pools) >= sparePools {
		if i := slices.IndexFunc(l.pools, func(x *pool) bool { return x.users == 0 && !x.kept }); i >= 0 {
			for _, post := range l.posts {
				post.agent.unseat(b, l.pools[i])
			}
			l.pools = slices.Delete(l.pools, i, i+1)
		}
	}
	l.pools = append(l.pools, p)
}

// release says that a call is in the pool no more. One for a single agent goes with its last call.
func (b *Brain) release(p *pool) {
	if p.users--; p.users == 0 && p.only != nil {
		p.only.unseat(b, p)
	}
}

// suits says whether who has the post may take calls of the pool.
func (p *pool) suits(post *post) bool {
	if p.tier > 0 && post.tier > p.tier {
		return false
	}
	for _, n := range p.needs {
		if post.agent.skills[n.Skill] < n.Level {
			return false
		}
	}
	return true
}

// key is the place of a free agent among the others: by tier, then as the strategy says, then the longest idle.
func (s *seat) key() key {
	a := s.agent
	if s.post == nil {
		return key{c: int64(a.idleSince), d: int64(a.place)}
	}
	k := key{a: int64(s.post.tier), c: int64(a.idleSince), d: int64(a.place)}
	switch s.pool.line.Strategy {
	case LeastTalkTime:
		k.b = int64(a.talked)
	case FewestCalls:
		k.b = int64(a.calls)
	case RoundRobin:
		k.b, k.c = s.post.rung, int64(s.post.place)
	case TopDown:
		k.b = int64(s.post.place)
	}
	return k
}

// next is the call of the pool that this agent should take, nil where there is none.
func (p *pool) next(a *agent, now Instant) *call {
	n := p.waiting.first()
	if n != nil && !p.line.rules.firstCome {
		// Who can still be in time goes first.
		intime := key{a: n.key.a, b: int64(now.Add(-p.line.target())) + 1}
		if m := p.waiting.from(intime); m != nil && m.key.a == n.key.a {
			if c := p.accepted(m, a, now); c != nil {
				return c
			}
		}
	}
	return p.accepted(n, a, now)
}

// accepted is the first call from a node on that the agent may take.
func (p *pool) accepted(n *node[*call], a *agent, now Instant) *call {
	for ; n != nil; n = p.waiting.next(n) {
		if n.item.accepts(a, now) {
			return n.item
		}
	}
	return nil
}
