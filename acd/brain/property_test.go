package brain

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// kinds names the types of the orders.
func kinds(orders []Order) []string {
	var names []string
	for _, o := range orders {
		names = append(names, strings.TrimPrefix(fmt.Sprintf("%T", o), "brain."))
	}
	return names
}

// world is the floor as the properties see it: which offers and talks are open, and everything applied so far.
type world struct {
	*rapid.T
	brain   Brain
	now     Instant
	history []applied
	calls   int
	waiting map[string]bool   // calls without an agent
	callers map[string]bool   // of them, callbacks
	talks   map[string]string // call → agent
	offers  map[string]Offer  // not yet reported ended
	held    map[string]string // agent → offer
	joined  map[string]bool   // calls that were connected
	told    map[string]int    // call → position
	engaged map[string]string // call → agent: what the brain did not offer
	last    Event
}

type applied struct {
	at     Instant
	ev     Event
	orders []Order
}

var (
	names  = []string{"1001", "1002", "1003", "1004", "1005"}
	rooms  = []string{"sales", "support", "night"}
	drawAs = rapid.SampledFrom(names)
	drawQs = rapid.SampledFrom(rooms)
)

func newWorld(t *rapid.T) *world {
	w := &world{
		T: t, now: second, waiting: map[string]bool{}, callers: map[string]bool{}, talks: map[string]string{}, offers: map[string]Offer{},
		held: map[string]string{}, joined: map[string]bool{}, told: map[string]int{}, engaged: map[string]string{},
	}
	w.apply(w.drawPlan())
	for _, a := range names {
		w.apply(DeviceChanged{a, true})
		w.apply(AgentSet{Agent: a, State: Available})
	}
	if rapid.IntRange(0, 3).Draw(t, "learned") == 0 {
		w.teach()
	}
	return w
}

// teach has so many calls served that the brain knows how phones are picked up, so that what it does then is tried too.
func (w *world) teach() {
	for i := range 2 * allPickups {
		call := fmt.Sprint("t", i)
		w.waiting[call] = true
		w.apply(CallEntered{Call: call, Queue: rooms[i%3]})
		for range 1 + i%4 {
			for _, id := range w.offersOf(call) {
				w.apply(OfferRinging{id})
			}
			w.now = w.now.Add(2 * time.Second)
			w.apply(Passed{})
		}
		for _, id := range w.offersOf(call) {
			switch o := w.brain.offers[id]; {
			case !w.waiting[call] || o.withdrawn != "":
				w.end(id)
				w.apply(OfferEnded{id, Withdrawn})
			case o.agent.id != names[0] || i%4 == 0: // who is hardly ever there
				w.apply(OfferAnswered{id})
			}
		}
		agent, talks := w.talks[call]
		if delete(w.talks, call); talks {
			w.apply(TalkEnded{call})
		} else if w.waiting[call] {
			delete(w.waiting, call)
			w.apply(CallLeft{Call: call})
		}
		w.apply(WrapUpDone{agent})
		w.now = w.now.Add(3 * time.Second)
		w.apply(Passed{})
	}
}

// offersOf lists the offers of a call that have not ended.
func (w *world) offersOf(call string) (list []string) {
	for _, id := range slices.Sorted(maps.Keys(w.offers)) {
		if w.offers[id].Call == call {
			list = append(list, id)
		}
	}
	return list
}

// drawPlan draws queues and agents, most of them with every rule on.
func (w *world) drawPlan() Configured {
	var cfg Configured
	strategies := rapid.SampledFrom([]Strategy{"", LeastTalkTime, FewestCalls, RoundRobin, TopDown, RingAll})
	rules := rapid.SliceOfNDistinct(rapid.SampledFrom([]Rule{FirstCome, LeastSlack, Aging, Hedged, Learned}), 0, 2, rapid.ID)
	for i, name := range rooms {
		q := testQueue(name, rapid.SliceOfNDistinct(drawAs, 2, 5, rapid.ID).Draw(w.T, "agents")...)
		q.Strategy, q.Off = strategies.Draw(w.T, "strategy"), rules.Draw(w.T, "off")
		q.Tiers = map[string]int{"1002": 2, "1004": 3}
		q.Needs, q.Telling = w.drawNeeds("queue"), Telling{Position: true, Wait: true, Every: 30 * time.Second}
		q.TierWait = time.Duration(rapid.IntRange(0, 1).Draw(w.T, "tier wait")) * 20 * time.Second
		q.Overflow = rooms[(i+rapid.IntRange(0, 2).Draw(w.T, "overflow"))%3]
		q.Limits = Limits{Length: rapid.SampledFrom([]int{0, 0, 3}).Draw(w.T, "length"), OnBreak: rapid.Bool().Draw(w.T, "on break")}
		q.MissesToStop = rapid.IntRange(0, 2).Draw(w.T, "misses")
		q.Hedge.Budget = rapid.IntRange(1, 20).Draw(w.T, "budget")
		q.UntilDone = i == 2
		cfg.Queues = append(cfg.Queues, q)
	}
	for i, id := range names {
		cfg.Agents = append(cfg.Agents, Agent{ID: id, Skills: map[string]int{"english": i + 1}, AutoAnswers: i == 3})
	}
	return cfg
}

func (w *world) drawNeeds(label string) []Need {
	switch rapid.IntRange(0, 3).Draw(w.T, label+" needs") {
	case 1:
		return []Need{{Skill: "english", Level: 3}}
	case 2:
		return []Need{{Skill: "english", Level: 4, Relax: []Step{{10 * time.Second, 2}, {30 * time.Second, 0}}}}
	}
	return nil
}

// apply hands the event over and checks every order and every invariant.
func (w *world) apply(ev Event) {
	before := w.now
	orders := w.brain.Apply(w.now, ev)
	w.last = ev
	w.history = append(w.history, applied{before, ev, orders})
	for _, o := range orders {
		w.obey(o)
	}
	if len(w.history)%3 == 0 || len(orders) > 2 { // not each time: it looks at everything
		audit(w, &w.brain, w.brain.now)
	}
	require.Len(w, w.brain.calls, len(w.waiting)+len(w.talks), "no call is lost")
	require.Len(w, w.brain.agents, len(names), "no agent is lost")
	if at, ok := w.brain.NextWake(); ok {
		require.Greater(w, at, w.brain.now)
	}
}

func (w *world) obey(o Order) {
	switch o := o.(type) {
	case Offer:
		require.NotContains(w, w.held, o.Agent, "an agent never holds two offers")
		for _, agent := range w.talks {
			require.NotEqual(w, agent, o.Agent, "nor an offer beside a talk")
		}
		for _, agent := range w.engaged {
			require.NotEqual(w, agent, o.Agent, "nor an offer beside a call of their own")
		}
		require.True(w, w.waiting[o.Call], "only who waits is offered")
		require.Equal(w, o.Agent, o.Why.Best[0].Agent)
		w.noOvertaking(o)
		w.offers[o.ID], w.held[o.Agent] = o, o.ID
	case Connect:
		require.True(w, w.waiting[o.Call], "a call is never connected twice")
		for _, agent := range w.engaged {
			require.NotEqual(w, agent, o.Agent, "who is engaged takes no other call")
		}
		w.joined[o.Call], w.talks[o.Call] = true, o.Agent
		delete(w.waiting, o.Call)
		w.end(o.Offer)
	case GiveUp:
		delete(w.waiting, o.Call)
	case Overflow:
		delete(w.told, o.Call)
	case Tell:
		if was := w.told[o.Call]; was != 0 {
			require.LessOrEqual(w, o.Position, was, "never a worse position than was told before")
		}
		w.told[o.Call] = o.Position
	}
}

// noOvertaking checks that nobody before the call in its queue could have had this agent.
func (w *world) noOvertaking(o Offer) {
	l, c, a := w.brain.queues[o.Queue], w.brain.calls[o.Call], w.brain.agents[o.Agent]
	if l == nil || c == nil || o.Why.Reason != Turn || !l.rules.firstCome {
		return
	}
	for _, d := range waiting(&w.brain) {
		if d.line == l && d.key().less(c.key()) {
			require.False(w, may(d, a, w.now) && !d.barred(a, w.now), "%s overtook %s: %+v", c.id, d.id, w.brain.orders)
		}
	}
}

func (w *world) end(offer string) {
	delete(w.held, w.offers[offer].Agent)
	delete(w.offers, offer)
}

// anyOf draws a key, in an order that repeats.
func anyOf[V any](w *world, m map[string]V) string {
	if len(m) == 0 {
		w.Skip("there is none")
	}
	return rapid.SampledFrom(slices.Sorted(maps.Keys(m))).Draw(w.T, "id")
}

func (w *world) enter(t *rapid.T) {
	w.calls++
	e := CallEntered{Call: fmt.Sprint("c", w.calls), Queue: drawQs.Draw(t, "queue"), Priority: rapid.IntRange(0, 2).Draw(t, "priority")}
	if rapid.IntRange(0, 3).Draw(t, "special") == 0 {
		e.Needs = w.drawNeeds("call")
		e.Waited = time.Duration(rapid.IntRange(0, 60).Draw(t, "waited")) * time.Second
		e.From = rapid.SampledFrom([]string{"", "1001"}).Draw(t, "from")
		if rapid.Bool().Draw(t, "sticky") {
			e.Sticky = &Sticky{Agent: drawAs.Draw(t, "whom"), For: 15 * time.Second}
		}
		switch rapid.IntRange(0, 2).Draw(t, "callback") {
		case 1:
			e.Callback = &Callback{CustomerFirst: rapid.Bool().Draw(t, "customer first")}
			w.callers[e.Call] = true
		case 2:
			if len(w.callers) > 0 {
				e.Resumes = anyOf(w, w.callers)
			}
		}
	}
	w.waiting[e.Call] = true
	if w.waiting[e.Resumes] {
		delete(w.waiting, e.Resumes)
		if w.brain.calls[e.Resumes].callback == nil { // it has been reached
			w.waiting[e.Resumes] = true
		}
	}
	w.apply(e)
}

func (w *world) failed(t *rapid.T) {
	id := anyOf(w, w.callers)
	if c := w.brain.calls[id]; c != nil && c.callback != nil && c.agent != nil {
		delete(w.talks, id)
		w.waiting[id] = true
	}
	w.apply(CallbackFailed{Call: id, Untried: rapid.Bool().Draw(t, "untried"), After: rapid.SampledFrom([]time.Duration{0, time.Minute}).Draw(t, "after"), Final: rapid.IntRange(0, 9).Draw(t, "final") == 0})
}

// actions are what may happen to a center, and what should not.
func (w *world) actions() map[string]func(*rapid.T) {
	draw := func(t *rapid.T, list ...string) string { return rapid.SampledFrom(list).Draw(t, "one of") }
	return map[string]func(*rapid.T){
		"enter":  w.enter,
		"enter2": w.enter,
		"leave": func(t *rapid.T) {
			id := anyOf(w, w.waiting)
			delete(w.waiting, id)
			w.apply(CallLeft{Call: id, Keeps: rapid.Bool().Draw(t, "keeps")})
		},
		"set": func(t *rapid.T) {
			w.apply(AgentSet{Agent: drawAs.Draw(t, "agent"), State: State(draw(t, "available", "available", "available", "break", "offline"))})
		},
		"device": func(t *rapid.T) {
			w.apply(DeviceChanged{drawAs.Draw(t, "agent"), rapid.IntRange(0, 4).Draw(t, "up") > 0})
		},
		"ring":   func(*rapid.T) { w.apply(OfferRinging{anyOf(w, w.offers)}) },
		"answer": func(*rapid.T) { w.apply(OfferAnswered{anyOf(w, w.offers)}) },
		"end": func(t *rapid.T) {
			id := anyOf(w, w.offers)
			w.end(id)
			w.apply(OfferEnded{id, End(draw(t, "refused", "busy", "unreachable", "withdrawn"))})
		},
		"hangup": func(*rapid.T) {
			id := anyOf(w, w.talks)
			delete(w.talks, id)
			w.apply(TalkEnded{id})
		},
		"done": func(t *rapid.T) { w.apply(WrapUpDone{drawAs.Draw(t, "agent")}) },
		"pass": func(t *rapid.T) {
			w.now = w.now.Add(time.Duration(rapid.IntRange(1, 20_000).Draw(t, "ms")) * time.Millisecond)
			w.apply(Passed{})
		},
		"wake": func(*rapid.T) {
			if at, ok := w.brain.NextWake(); ok {
				w.now = at
			}
			w.apply(Passed{})
		},
		"jump": func(t *rapid.T) {
			w.now = max(w.now.Add(time.Duration(rapid.IntRange(-10, 60).Draw(t, "minutes"))*time.Minute), second)
			w.apply(Passed{})
			w.now = w.brain.now
		},
		"twice": func(*rapid.T) { w.apply(w.again()) },
		"move":  func(t *rapid.T) { w.apply(CallMoved{anyOf(w, w.waiting), drawQs.Draw(t, "queue")}) },
		"prioritise": func(t *rapid.T) {
			w.apply(CallPrioritised{anyOf(w, w.waiting), rapid.IntRange(0, 3).Draw(t, "priority")})
		},
		"take":  func(t *rapid.T) { w.apply(CallTaken{anyOf(w, w.waiting), drawAs.Draw(t, "agent")}) },
		"queue": func(t *rapid.T) { w.apply(QueueSet{drawQs.Draw(t, "queue"), rapid.IntRange(0, 2).Draw(t, "open") > 0}) },
		"engage": func(t *rapid.T) {
			w.calls++
			e := AgentEngaged{Agent: drawAs.Draw(t, "agent"), Call: fmt.Sprint("e", w.calls), Rings: rapid.Bool().Draw(t, "rings"), WrapUp: rapid.SampledFrom([]time.Duration{0, 3 * time.Second}).Draw(t, "wrapup")}
			w.engaged[e.Call] = e.Agent
			w.apply(e)
		},
		"release": func(*rapid.T) {
			id := anyOf(w, w.engaged)
			agent := w.engaged[id]
			delete(w.engaged, id)
			w.apply(AgentReleased{agent, id})
		},
		"hours":   func(t *rapid.T) { w.apply(CallbacksSet{draw(t, "a", "b"), rapid.Bool().Draw(t, "open")}) },
		"reached": func(*rapid.T) { w.apply(CallbackReached{anyOf(w, w.callers)}) },
		"failed":  w.failed,
		"skilled": func(t *rapid.T) {
			w.apply(AgentSkilled{drawAs.Draw(t, "agent"), map[string]int{"english": rapid.IntRange(0, 5).Draw(t, "level")}})
		},
		"seated": func(t *rapid.T) {
			w.apply(AgentSeated{drawAs.Draw(t, "agent"), drawQs.Draw(t, "queue"), rapid.IntRange(0, 2).Draw(t, "tier")})
		},
		"restored": func(t *rapid.T) {
			w.apply(Restored{[]Memory{{Agent: drawAs.Draw(t, "agent"), State: Missed, Idle: time.Hour}}})
		},
		"configured": func(t *rapid.T) {
			if rapid.IntRange(0, 9).Draw(t, "really") == 0 {
				w.apply(w.drawPlan())
			}
		},
	}
}

// again is an event that has happened already, and that changes nothing for who is told twice.
func (w *world) again() Event {
	switch w.last.(type) {
	case OfferAnswered, OfferRinging, CallLeft, TalkEnded, OfferEnded, DeviceChanged, WrapUpDone:
		return w.last
	}
	return Passed{}
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		rt.Repeat(w.actions())
		w.settle()
		w.replay()
	})
}

// settle lets time run and reports every withdrawal's end: then no offer may be left, and no call but callbacks.
func (w *world) settle() {
	for _, q := range rooms {
		w.apply(QueueSet{q, false})
	}
	for range 2000 {
		if len(w.offers) == 0 && !slices.ContainsFunc(slices.Collect(maps.Keys(w.waiting)), func(c string) bool { return !w.callers[c] }) {
			return
		}
		w.now = w.now.Add(3 * time.Second)
		w.apply(Passed{})
		for _, id := range slices.Sorted(maps.Keys(w.offers)) {
			if o := w.brain.offers[id]; o != nil && o.withdrawn != "" {
				w.end(o.id)
				w.apply(OfferEnded{o.id, Withdrawn})
			}
		}
	}
	require.Empty(w, w.offers, "every offer ends")
	require.Empty(w, w.waiting, "every call is served or given up")
}

// replay applies the same history to a new brain, which must give the same orders.
func (w *world) replay() {
	var again Brain
	for _, h := range w.history {
		require.Equal(w, h.orders, again.Apply(h.at, h.ev))
	}
}
