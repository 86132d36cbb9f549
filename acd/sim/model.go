package sim

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"threering/acd/brain"
)

// model routes as another product does. It is told the events of the brain and answers with its orders, so that it meets
// the same world.
type model struct {
	habits
	now     brain.Instant
	orders  []brain.Order
	queues  []*modelQueue
	members []*member
	byID    map[string]*member
	calls   map[string]*waiter
	bells   map[string]*bell
	ringing []*bell // those that stand, in order of making
	serial  int
}

type modelQueue struct {
	brain.Queue
	members []*member
	waiting []*waiter // in the order in which they are served
}

// member is an agent as the model knows them.
type member struct {
	id       string
	self     *person // as only the clairvoyant knows them
	state    brain.State
	want     brain.State
	lastTalk brain.Instant // the end of it: idle since, whatever was missed meanwhile
	bell     *bell
	queue    *modelQueue // of the talk
	wrapEnds brain.Instant
}

// waiter is a call as the model knows it.
type waiter struct {
	id       string
	nth      int
	queue    *modelQueue
	priority int
	entered  brain.Instant
	looks    brain.Instant // the moment that its ticks count from; not before it either
	standing int           // phones that ring for it
	member   *member       // talking with
	passed   []*member     // who let it pass
}

// bell is a phone that rings, until its end is reported.
type bell struct {
	id     string
	call   *waiter
	member *member
	ends   brain.Instant
	told   brain.End
}

func newModel(h habits, people []person) *model {
	m := &model{habits: h, byID: map[string]*member{}, calls: map[string]*waiter{}, bells: map[string]*bell{}}
	for i := range people {
		p := &people[i]
		x := &member{id: p.id, self: p, state: brain.Offline, want: brain.Offline}
		m.members = append(m.members, x)
		m.byID[p.id] = x
	}
	return m
}

// Apply takes what happened and answers with what is to be done.
func (m *model) Apply(now brain.Instant, ev brain.Event) []brain.Order {
	m.now, m.orders = now, nil
	switch e := ev.(type) {
	case brain.Configured:
		m.configure(e)
	case brain.CallEntered:
		m.enter(e)
	case brain.CallLeft:
		if w := m.calls[e.Call]; w != nil {
			m.leave(w, brain.CallerGone)
		}
	case brain.AgentSet:
		m.wants(m.byID[e.Agent], e.State)
	case brain.OfferAnswered:
		m.answered(m.bells[e.Offer])
	case brain.OfferEnded:
		m.silent(m.bells[e.Offer])
	case brain.TalkEnded:
		m.talked(m.calls[e.Call])
	case brain.WrapUpDone:
		if x := m.byID[e.Agent]; x.state == brain.WrapUp {
			x.wrapEnds = min(x.wrapEnds, now.Add(x.queue.Breather))
		}
	}
	m.timePasses()
	m.decide()
	return m.orders
}

func (m *model) out(o brain.Order) { m.orders = append(m.orders, o) }

func (m *model) set(x *member, s brain.State) {
	if x.state != s {
		x.state = s
		m.out(brain.AgentChanged{Agent: x.id, State: s})
	}
}

func (m *model) configure(e brain.Configured) {
	for _, q := range e.Queues {
		mq := &modelQueue{Queue: q}
		for _, id := range q.Agents {
			mq.members = append(mq.members, m.byID[id])
		}
		m.queues = append(m.queues, mq)
	}
}

func (m *model) enter(e brain.CallEntered) {
	q := m.queues[slices.IndexFunc(m.queues, func(q *modelQueue) bool { return q.Name == e.Queue })]
	nth, _ := strconv.Atoi(e.Call[1:])
	w := &waiter{id: e.Call, nth: nth, queue: q, priority: e.Priority, entered: m.now, looks: m.now}
	m.calls[w.id] = w
	at := len(q.waiting)
	for at > 0 && q.waiting[at-1].priority < w.priority {
		at--
	}
	q.waiting = slices.Insert(q.waiting, at, w)
}

// leave takes a call that is not connected out.
func (m *model) leave(w *waiter, why brain.End) {
	for _, b := range slices.Clone(m.ringing) {
		if b.call == w {
			m.withdraw(b, why)
		}
	}
	m.unlist(w)
	delete(m.calls, w.id)
}

func (m *model) unlist(w *waiter) {
	w.queue.waiting = slices.DeleteFunc(w.queue.waiting, func(x *waiter) bool { return x == w })
}

func (m *model) withdraw(b *bell, why brain.End) {
	b.told = why
	b.call.standing--
	m.ringing = slices.DeleteFunc(m.ringing, func(x *bell) bool { return x == b })
	m.out(brain.Withdraw{Offer: b.id, Why: why})
}

func (m *model) wants(x *member, s brain.State) {
	x.want = s
	switch {
	case x.bell != nil && s != brain.Available && x.bell.told == "":
		m.withdraw(x.bell, brain.Refused)
	case x.state != brain.Talking && x.bell == nil:
		m.set(x, s)
	}
}

func (m *model) answered(b *bell) {
	if b.call.member != nil || m.calls[b.call.id] == nil {
		if b.told == "" {
			m.withdraw(b, brain.Elsewhere)
			m.orders = m.orders[:len(m.orders)-1] // it picked up: it is hung up on instead
		}
		m.out(brain.Release{Offer: b.id, Why: brain.Elsewhere})
		return
	}
	w, x := b.call, b.member
	if b.told == "" {
		w.standing--
		m.ringing = slices.DeleteFunc(m.ringing, func(r *bell) bool { return r == b })
	}
	delete(m.bells, b.id)
	x.bell, x.queue, w.member = nil, w.queue, x
	m.out(brain.Connect{Offer: b.id, Call: w.id, Agent: x.id})
	m.set(x, brain.Talking)
	for _, other := range slices.Clone(m.ringing) {
		if other.call == w {
			m.withdraw(other, brain.Elsewhere)
		}
	}
	m.unlist(w)
}

// silent is a phone that has stopped: only now is its agent free of it.
func (m *model) silent(b *bell) {
	delete(m.bells, b.id)
	x := b.member
	x.bell = nil
	if b.told == brain.Unanswered && m.aside && x.want == brain.Available {
		m.set(x, brain.Missed)
		return
	}
	m.set(x, x.want)
}

func (m *model) talked(w *waiter) {
	x := w.member
	delete(m.calls, w.id)
	x.lastTalk = m.now
	x.wrapEnds = m.now.Add(w.queue.WrapUp)
	m.set(x, brain.WrapUp)
}

// timePasses ends what has lasted long enough.
func (m *model) timePasses() {
	for _, x := range m.members {
		if x.state == brain.WrapUp && x.wrapEnds <= m.now {
			m.set(x, x.want)
		}
	}
	for len(m.ringing) > 0 && m.ringing[0].ends <= m.now {
		b := m.ringing[0]
		m.withdraw(b, brain.Unanswered)
		b.call.passed = append(b.call.passed, b.member)
		b.call.looks = m.now.Add(m.rest)
	}
	for _, q := range m.queues {
		for _, w := range slices.Clone(q.waiting) {
			m.giveUp(w)
		}
	}
}

// giveUp ends the waiting of a call that has lasted as long as the queue allows, or that nobody is there for.
func (m *model) giveUp(w *waiter) {
	why := brain.Timeout
	if w.standing > 0 {
		return
	}
	if at := w.givesUpAt(); at > m.now {
		if slices.ContainsFunc(w.queue.members, func(x *member) bool { return x.state != brain.Offline }) {
			return
		}
		why = brain.Nobody
	}
	m.leave(w, brain.CallerGone)
	m.out(brain.GiveUp{Call: w.id, Why: why})
}

func (w *waiter) givesUpAt() brain.Instant {
	if w.queue.MaxWait == 0 {
		return never
	}
	return w.entered.Add(w.queue.MaxWait)
}

// longestIdle orders by the end of the last talk; a miss changes nothing.
func longestIdle(x, y *member) int { return cmp.Compare(x.lastTalk, y.lastTalk) }

// foreseen is after what time the agent would pick up the call; false if they would not.
func (x *member) foreseen(w *waiter, now brain.Instant) (time.Duration, bool) {
	after, ok := x.self.pickUp(w.nth, 1)
	return x.self.atDesk(now.Add(signalling)).Sub(now) + after, ok
}
