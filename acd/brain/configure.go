package brain

import (
	"maps"
	"slices"
	"strings"
)

// configure brings the queues and agents as they are from now on. All pools are made anew.
func (b *Brain) configure(e Configured) {
	waiting := b.disband()
	b.setLines(e.Queues, waiting)
	b.setAgents(e.Agents)
	for _, l := range b.lines {
		b.post(l)
	}
	for _, w := range waiting {
		b.enroll(w.call)
		b.stick(w.call, w.sticky)
	}
}

// enrolled is a call with what it has to keep when it is put into new pools.
type enrolled struct {
	call   *call
	sticky *Sticky
}

// disband takes all calls out of their pools, and all agents from their posts.
func (b *Brain) disband() []enrolled {
	var list []enrolled
	for _, l := range b.lines {
		for _, p := range l.pools {
			for c := p.last.first; c != nil; c = c.after {
				list = append(list, enrolled{call: c})
			}
		}
	}
	slices.SortFunc(list, func(x, y enrolled) int { return int(x.call.seq - y.call.seq) })
	for i, w := range list {
		if c := w.call; c.sticky != 0 {
			list[i].sticky = &Sticky{Agent: c.pool.only.id, For: c.sticky.Sub(b.now)}
		}
		b.strike(w.call)
	}
	for _, a := range b.staff {
		a.leave()
		a.staff, a.working = false, false
		a.seats, a.posts = nil, nil
		b.touch(a)
	}
	return list
}

func (b *Brain) setLines(queues []Queue, waiting []enrolled) {
	old := b.lines
	b.lines, b.queues = nil, map[string]*line{}
	for _, l := range old {
		l.rung = map[string]int64{}
		for _, p := range l.posts {
			l.rung[p.agent.id] = p.rung
		}
		l.gone, l.pools, l.plain, l.posts = true, nil, nil, nil
	}
	for _, q := range queues {
		l := find(old, func(o *line) bool { return o.Name == q.Name })
		if l == nil {
			l = &line{purse: purseMost / 2 * sure}
		}
		l.gone = false
		l.use(q)
		b.lines = append(b.lines, l)
	}
	for _, l := range old { // a queue that is taken away keeps serving those who are in it
		if l.gone && slices.ContainsFunc(waiting, func(w enrolled) bool { return w.call.line == l }) {
			b.lines = append(b.lines, l)
		}
	}
	for _, l := range b.lines {
		b.queues[l.Name] = l
	}
}

func (b *Brain) setAgents(agents []Agent) {
	if b.agents == nil {
		b.agents, b.offers = map[string]*agent{}, map[string]*offer{}
	}
	for _, a := range b.staff {
		a.gone = true
	}
	for _, x := range agents {
		a := b.agents[x.ID]
		if a == nil {
			a = &agent{id: x.ID, state: Offline, want: Offline}
			a.alarm.owner = a
			b.agents[a.id] = a
			b.staff = append(b.staff, a)
		}
		a.gone, a.auto, a.skills = false, x.AutoAnswers, maps.Clone(x.Skills)
		b.touch(a)
	}
	slices.SortFunc(b.staff, func(x, y *agent) int { return strings.Compare(x.id, y.id) })
	b.leaving = b.leaving[:0]
	for i, a := range b.staff {
		a.place = i
		if a.gone {
			b.leaving = append(b.leaving, a)
		}
	}
}

// post gives a queue's agents their posts and their seats in its pools.
func (b *Brain) post(l *line) {
	l.lastTier = 1
	for i, id := range l.Agents {
		a := b.agents[id]
		if a == nil || a.gone || a.post(l) != nil {
			continue
		}
		p := &post{line: l, agent: a, tier: l.tier(id), place: i, rung: l.rung[id]}
		a.posts, l.posts = append(a.posts, p), append(l.posts, p)
		l.lastTier = max(l.lastTier, p.tier)
	}
	l.plain = b.stages(l, nil)
	for _, s := range l.plain {
		s.pool.kept = true
	}
}

// dismiss forgets agents who are no longer configured, once nothing is under way with them.
func (b *Brain) dismiss() {
	if len(b.leaving) == 0 {
		return
	}
	left := func(a *agent) bool { return a.gone && a.offer == nil && a.talk == nil && len(a.engaged) == 0 }
	for _, a := range b.leaving {
		if left(a) {
			b.out(AgentChanged{Agent: a.id, State: Offline, Reason: Removed})
			b.alarms.stop(&a.alarm)
			delete(b.agents, a.id)
		}
	}
	b.leaving = slices.DeleteFunc(b.leaving, left)
	b.staff = slices.DeleteFunc(b.staff, left)
}

// seated brings an agent into a queue, or out of it.
func (b *Brain) seated(e AgentSeated) {
	a, l := b.agents[e.Agent], b.queues[e.Queue]
	if a == nil || a.gone || l == nil || l.gone {
		return
	}
	l.Agents = slices.DeleteFunc(l.Agents, func(id string) bool { return id == a.id })
	if l.Tiers == nil {
		l.Tiers = map[string]int{}
	}
	delete(l.Tiers, a.id)
	if e.Tier > 0 {
		l.Agents = append(l.Agents, a.id)
		l.Tiers[a.id] = e.Tier
	}
	b.rebuild()
}

// skilled changes what an agent can do.
func (b *Brain) skilled(e AgentSkilled) {
	a := b.agents[e.Agent]
	if a == nil || a.gone {
		return
	}
	a.skills = maps.Clone(e.Skills)
	if a.stands {
		a.leave() // and looks for a call anew
	}
	for _, p := range a.posts {
		for _, pool := range p.line.pools {
			has, should := pool.seats(a), pool.suits(p)
			if has && !should {
				a.unseat(b, pool)
			} else if should && !has {
				b.seat(a, pool, p)
			}
		}
	}
	b.touch(a)
}

// rebuild configures anew what is configured.
func (b *Brain) rebuild() {
	e := Configured{}
	for _, l := range b.lines {
		if !l.gone {
			e.Queues = append(e.Queues, l.Queue)
		}
	}
	for _, a := range b.staff {
		if !a.gone {
			e.Agents = append(e.Agents, Agent{ID: a.id, Skills: a.skills, AutoAnswers: a.auto})
		}
	}
	b.configure(e)
}
