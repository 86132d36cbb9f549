package brain

import "time"

// State is what an agent is doing. An agent has one state, and it is kept here.
type State string

// The states.
const (
	Offline   State = "offline"
	Available State = "available"
	Offered   State = "offered" // a phone is rung
	Talking   State = "talking"
	WrapUp    State = "wrapup"
	Break     State = "break"
	Missed    State = "missed" // let an offer ring out; comes back by saying so
)

// agent is a person who takes calls.
type agent struct {
	id        string
	place     int // among all agents, by id
	skills    map[string]int
	auto      bool // the device picks up by itself
	state     State
	reason    string
	want      State // Available, Break or Offline: what comes when nothing is under way
	wantWhy   string
	reachable bool
	gone      bool // no longer configured
	idleSince Instant
	barred    Instant // not rung before
	misses    int     // in a row
	offer     *offer
	talk      *call
	talkOf    *offer  // that led to the talk
	talkSince Instant // when it began
	wrapEnds  Instant // zero: no limit
	breather  time.Duration
	engaged   []AgentEngaged // with what the brain did not offer
	alarm     alarm

	talked   time.Duration // in all
	calls    int           // taken, in all
	silent   int           // rings in a row that were not answered
	silentAt Instant       // the end of the last of them
	nothing  []Instant     // when the phone rang for nothing, the latest of an hour

	posts   []*post
	seats   []*seat
	staff   bool // counted in the seats' pools as signed on
	working bool // and as not on a break
	stands  bool // in the sets of the free
	touched bool

	pickups history // large, and last, so that what every event looks at stays together
}

// free says whether the agent could be rung now, by anyone.
func (a *agent) free(now Instant) bool {
	return a.state == Available && a.reachable && !a.gone && a.offer == nil && a.barred <= now
}

// takes says whether someone may give the agent a call now.
func (a *agent) takes() bool {
	return (a.state == Available || a.state == Break || a.state == Missed) && a.reachable && !a.gone && a.offer == nil
}

// post is the agent's place in a queue, nil where they do not serve it.
func (a *agent) post(l *line) *post {
	return find(a.posts, func(p *post) bool { return p.line == l })
}

// seat gives an agent a place in a pool.
func (b *Brain) seat(a *agent, p *pool, at *post) {
	s := &seat{pool: p, agent: a, post: at}
	s.node.item = s
	a.seats = append(a.seats, s)
	p.count(a, 1)
	switch {
	case a.stands:
		s.stand()
	case a.offer != nil && a.offer.further:
		s.node.key = s.key()
		p.further.insert(&s.node)
	}
}

// unseat takes the agent's place in a pool away.
func (a *agent) unseat(b *Brain, p *pool) {
	for i, s := range a.seats {
		if s.pool == p {
			s.leave()
			p.count(a, -1)
			a.seats = append(a.seats[:i], a.seats[i+1:]...)
			b.thinned(p)
			return
		}
	}
}

// count adds the agent to the pool's numbers, or takes them out.
func (p *pool) count(a *agent, n int) {
	if a.staff {
		p.staff += n
	}
	if a.working {
		p.working += n
	}
}

// stand puts the seat among those of the free.
func (s *seat) stand() {
	s.node.key = s.key()
	s.pool.free.insert(&s.node)
}

// leave takes the seat out of the sets of its pool.
func (s *seat) leave() {
	if s.agent.stands {
		s.pool.free.remove(&s.node)
	} else {
		s.pool.further.remove(&s.node)
	}
}

// stand puts a free agent where calls will find them.
func (a *agent) stand() {
	for _, s := range a.seats {
		s.stand()
	}
	a.stands = true
}

// leave takes an agent from where calls would find them.
func (a *agent) leave() {
	for _, s := range a.seats {
		s.leave()
	}
	a.stands = false
}

// touch has the agent looked at before the Apply ends: something about them has changed.
func (b *Brain) touch(a *agent) {
	if !a.touched {
		a.touched = true
		b.touched = append(b.touched, a)
	}
}

// review brings what follows from an agent's state up to date.
func (b *Brain) review(a *agent, now Instant) {
	a.touched = false
	signedOn := a.state != Offline && !a.gone
	b.countIn(a, signedOn, signedOn && a.state != Break && a.state != Missed)
	if free := a.free(now); free != a.stands {
		if a.stands {
			a.leave()
		} else {
			b.ready = append(b.ready, a)
		}
	}
	var at Instant
	switch {
	case a.state == WrapUp:
		at = a.wrapEnds
	case a.state == Available && a.barred > now:
		at = a.barred
	}
	b.alarms.set(&a.alarm, at)
}

// countIn keeps the numbers of the agent's pools.
func (b *Brain) countIn(a *agent, staff, working bool) {
	if a.staff == staff && a.working == working {
		return
	}
	for _, s := range a.seats {
		s.pool.count(a, -1)
	}
	fewer := a.staff && !staff || a.working && !working
	a.staff, a.working = staff, working
	for i := len(a.seats) - 1; i >= 0; i-- { // the private ones may go
		s := a.seats[i]
		s.pool.count(a, 1)
		if fewer {
			b.thinned(s.pool)
		}
	}
}

// due ends the agent's wrap-up, or lets them be rung again.
func (a *agent) due(b *Brain, now Instant) {
	if a.state == WrapUp && a.wrapEnds != 0 && a.wrapEnds <= now {
		a.idleSince = now
		b.rest(a)
	}
	b.touch(a)
}

func (b *Brain) set(a *agent, s State, reason string) {
	b.touch(a)
	if a.engages(s) || a.state == s && a.reason == reason && s != Talking && s != Offered {
		return
	}
	a.state, a.reason = s, reason
	changed := AgentChanged{Agent: a.id, State: s, Reason: reason}
	switch {
	case a.talk != nil:
		changed.Call = a.talk.id
	case len(a.engaged) > 0:
		changed.Call = a.engaged[len(a.engaged)-1].Call
	case a.offer != nil && a.offer.call != nil:
		changed.Call = a.offer.call.id
	}
	b.out(changed)
}

// rest puts an agent who has nothing under way where they want to be.
func (b *Brain) rest(a *agent) {
	a.wrapEnds = 0
	b.set(a, a.want, a.wantWhy)
}

func (b *Brain) agentSet(now Instant, e AgentSet) {
	a := b.agents[e.Agent]
	if a == nil || a.gone || (e.State != Available && e.State != Break && e.State != Offline) {
		return
	}
	fresh := a.want != Available && e.State == Available
	reserved := a.want != e.State || a.wantWhy != e.Reason
	a.want, a.wantWhy = e.State, e.Reason
	a.present()
	switch a.state {
	case Offered:
		if e.State != Available && a.offer != nil && a.offer.stands() {
			b.withdraw(now, a.offer, Refused) // who goes on a break under a ringing phone does not want it to ring on
			return
		}
		fallthrough
	case Talking:
		if reserved {
			b.out(AgentReserved{Agent: a.id, State: e.State, Reason: e.Reason})
		}
		return
	}
	if fresh || a.state == Missed || a.state == WrapUp {
		a.idleSince = now
	}
	b.rest(a)
}

func (b *Brain) wrapUpDone(now Instant, a *agent) {
	if a == nil || a.state != WrapUp {
		return
	}
	if end := now.Add(a.breather); a.wrapEnds == 0 || end < a.wrapEnds {
		a.wrapEnds = end
	}
	a.due(b, now)
}

// Until says when the state of an agent ends by itself; false where it does not.
func (b *Brain) Until(agent string) (Instant, bool) {
	a := b.agents[agent]
	if a == nil || a.state != WrapUp || a.wrapEnds == 0 {
		return 0, false
	}
	return a.wrapEnds, true
}

// Wants says what an agent is to be once nothing is under way with them.
func (b *Brain) Wants(agent string) (State, string) {
	a := b.agents[agent]
	if a == nil {
		return Offline, ""
	}
	return a.want, a.wantWhy
}

// restore brings agents back to what is remembered of them.
func (b *Brain) restore(now Instant, list []Memory) {
	for _, m := range list {
		a := b.agents[m.Agent]
		if a == nil || a.state == Talking || a.state == Offered {
			continue
		}
		if a.stands {
			a.leave() // their place among the free is another now
			b.touch(a)
		}
		a.talked, a.calls, a.idleSince = m.Talked, m.Calls, now.Add(-m.Idle)
		a.want, a.wantWhy = Available, ""
		switch m.State {
		case Missed:
			b.set(a, Missed, m.Reason)
			continue
		case Break, Offline:
			a.want, a.wantWhy = m.State, m.Reason
		}
		b.rest(a)
	}
}
