package brain

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// audit compares the brain's sets and numbers with what follows from the configuration by the plain definitions.
func audit(t require.TestingT, b *Brain, now Instant) {
	for _, c := range waiting(b) {
		for _, a := range b.staff {
			if a.free(now) && may(c, a, now) && !c.barred(a, now) {
				require.Failf(t, "side by side", "call %s of %s waits beside agent %s, who could take it", c.id, c.line.Name, a.id)
			}
		}
		require.True(t, c.place.in(), "call %s waits where nobody looks", c.id)
		require.True(t, c.pool.waiting.from(c.key()) == &c.place, "call %s is out of order", c.id)
	}
	for _, a := range b.staff {
		require.Equal(t, a.free(now), a.stands, "agent %s is %s, barred until %d at %d", a.id, a.state, a.barred, now)
		require.False(t, a.offer != nil && a.talk != nil, "agent %s has an offer beside a talk", a.id)
		if len(a.engaged) == 0 {
			require.False(t, a.state == Offered && a.offer == nil, "agent %s", a.id)
			require.False(t, a.offer != nil && a.offer.stands() && a.state != Offered, "agent %s", a.id)
			require.Equal(t, a.talk != nil, a.state == Talking, "agent %s", a.id)
		} else {
			require.Contains(t, []State{Offered, Talking}, a.state, "agent %s is engaged", a.id)
		}
	}
	for _, l := range b.lines {
		calls := 0
		for _, p := range l.pools {
			auditPool(t, p)
			for c := p.last.first; c != nil; c = c.after {
				calls++
			}
		}
		require.Equal(t, calls, l.count, "calls in %s", l.Name)
	}
	require.Empty(t, b.touched)
	require.Empty(t, b.woken)
}

func auditPool(t require.TestingT, p *pool) {
	var staff, working, free, further int
	for _, post := range p.line.posts {
		a := post.agent
		if !p.suits(post) {
			require.False(t, p.seats(a), "agent %s has a seat that does not suit", a.id)
			continue
		}
		require.True(t, p.seats(a), "agent %s has no seat", a.id)
		if a.state != Offline && !a.gone {
			staff++
			if a.state != Break && a.state != Missed {
				working++
			}
		}
		if a.stands {
			free++
		}
		if a.offer != nil && a.offer.further {
			further++
		}
	}
	require.Equal(t, []int{staff, working, free, further}, []int{p.staff, p.working, p.free.len(), p.further.len()}, "the numbers of a pool of %s", p.line.Name)
}

// waiting lists the calls that no phone rings for, as they entered.
func waiting(b *Brain) []*call {
	var list []*call
	for _, l := range b.lines {
		for _, p := range l.pools {
			for c := p.last.first; c != nil; c = c.after {
				if c.idle() {
					list = append(list, c)
				}
			}
		}
	}
	slices.SortFunc(list, func(x, y *call) int { return int(x.seq - y.seq) })
	return list
}

// may says whether the agent serves the call by now, by what is configured.
func may(c *call, a *agent, now Instant) bool {
	if a == c.from || a.gone {
		return false
	}
	if c.sticky != 0 {
		return c.pool.only == a
	}
	l, waited := c.line, now.Sub(c.entered)
	if !slices.Contains(l.Agents, a.id) {
		return false
	}
	if l.TierWait > 0 && time.Duration(l.tier(a.id)-1)*l.TierWait > waited {
		return false
	}
	for _, n := range together(l.Needs, c.needs) {
		level := n.Level
		for _, s := range n.Relax {
			if s.After <= waited {
				level = s.Level
			}
		}
		if a.skills[n.Skill] < level {
			return false
		}
	}
	return true
}

func TestTreeAndAlarmsKeepOrder(t *testing.T) {
	var tr tree[int]
	nodes := make([]node[int], 500)
	for i := range nodes {
		nodes[i] = node[int]{key: key{a: int64(i * 7919 % 500)}, item: i * 7919 % 500}
		tr.insert(&nodes[i])
	}
	for i := 0; i < len(nodes); i += 2 {
		tr.remove(&nodes[i])
		tr.remove(&nodes[i]) // twice does nothing
	}
	require.Equal(t, 250, tr.len())
	last, count := -1, 0
	for n := tr.first(); n != nil; n = tr.next(n) {
		require.Greater(t, n.item, last)
		require.Equal(t, count, tr.before(n.key))
		last = n.item
		count++
	}
	require.Equal(t, 250, count)

	var h alarms
	list := make([]alarm, 100)
	for i := range list {
		h.set(&list[i], Instant(i*37%100+1))
	}
	for i := range list {
		h.set(&list[i], sooner(0, Instant((i*61%100)%7*int(second))))
	}
	at := Instant(0)
	for a := h.pop(100 * second); a != nil; a = h.pop(100 * second) {
		require.Zero(t, a.number)
		at++
	}
	require.Equal(t, Instant(100-15), at, "those of zero are not set")
}
