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
	waiting []string          // calls
	talks   map[string]string // call → agent
	offers  map[string]Offer  // not yet reported ended
	held    map[string]string // agent → offer
	ended   map[string]bool   // calls that were connected once
	engaged map[string]string // call → agent: what the brain did not offer
}

type applied struct {
	at     Instant
	ev     Event
	orders []Order
}

var names = []string{"1001", "1002", "1003", "1004"}

func newWorld(t *rapid.T) *world {
	w := &world{T: t, now: second, talks: map[string]string{}, offers: map[string]Offer{}, held: map[string]string{}, ended: map[string]bool{}, engaged: map[string]string{}}
	w.apply(Configured{
		Queues: []Queue{testQueue("sales", "1001", "1002"), testQueue("support", "1002", "1003", "1004")},
		Agents: people(names...),
	})
	for _, a := range names {
		w.apply(DeviceChanged{a, true})
	}
	return w
}

// apply hands the event over and checks every order and every invariant.
func (w *world) apply(ev Event) {
	orders := w.brain.Apply(w.now, ev)
	w.history = append(w.history, applied{w.now, ev, orders})
	for _, o := range orders {
		w.obey(o)
	}
	for _, c := range w.brain.waiting(w.now) {
		require.Empty(w, w.brain.eligible(c, w.now), "call %s stands beside an agent who could take it", c.id)
	}
	require.Len(w, w.brain.calls, len(w.waiting)+len(w.talks), "no call is lost")
	require.Len(w, w.brain.agents, len(names), "no agent is lost")
	if at, ok := w.brain.NextWake(); ok {
		require.Greater(w, at, w.now)
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
		w.noOvertaking(o)
		w.offers[o.ID], w.held[o.Agent] = o, o.ID
	case Connect:
		require.False(w, w.ended[o.Call], "a call is never connected twice")
		for _, agent := range w.engaged {
			require.NotEqual(w, agent, o.Agent, "who is engaged takes no other call")
		}
		w.ended[o.Call] = true
		w.talks[o.Call] = o.Agent
		w.waiting = slices.DeleteFunc(w.waiting, func(c string) bool { return c == o.Call })
		w.end(o.Offer)
	case GiveUp:
		w.waiting = slices.DeleteFunc(w.waiting, func(c string) bool { return c == o.Call })
	}
}

// noOvertaking checks that nobody before the call in its line could have had this agent.
func (w *world) noOvertaking(o Offer) {
	l := w.brain.line(o.Queue)
	for _, c := range l.calls {
		if c.id == o.Call {
			return
		}
		if c.ringing == nil && c.agent == nil {
			require.True(w, c.barred(w.brain.agent(o.Agent), w.now), "%s overtook %s", o.Call, c.id)
		}
	}
}

func (w *world) end(offer string) {
	delete(w.held, w.offers[offer].Agent)
	delete(w.offers, offer)
}

func (w *world) anyOffer() string { return anyOf(w, w.offers) }
func (w *world) anyTalk() string  { return anyOf(w, w.talks) }

// anyOf draws a key, in an order that repeats.
func anyOf[V any](w *world, m map[string]V) string {
	if len(m) == 0 {
		w.Skip("there is none")
	}
	return rapid.SampledFrom(slices.Sorted(maps.Keys(m))).Draw(w.T, "id")
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		agent := rapid.SampledFrom(names)
		rt.Repeat(map[string]func(*rapid.T){
			"enter": func(t *rapid.T) {
				w.calls++
				id := fmt.Sprint("c", w.calls)
				w.waiting = append(w.waiting, id)
				w.apply(CallEntered{Call: id, Queue: rapid.SampledFrom([]string{"sales", "support"}).Draw(t, "queue"), Priority: rapid.IntRange(0, 2).Draw(t, "priority")})
			},
			"leave": func(t *rapid.T) {
				if len(w.waiting) == 0 {
					t.Skip("nobody waits")
				}
				id := rapid.SampledFrom(w.waiting).Draw(t, "call")
				w.waiting = slices.DeleteFunc(w.waiting, func(c string) bool { return c == id })
				w.apply(CallLeft{id})
			},
			"set": func(t *rapid.T) {
				w.apply(AgentSet{Agent: agent.Draw(t, "agent"), State: rapid.SampledFrom([]State{Available, Available, Break, Offline}).Draw(t, "state")})
			},
			"device": func(t *rapid.T) { w.apply(DeviceChanged{agent.Draw(t, "agent"), rapid.Bool().Draw(t, "reachable")}) },
			"ring":   func(*rapid.T) { w.apply(OfferRinging{w.anyOffer()}) },
			"answer": func(*rapid.T) { w.apply(OfferAnswered{w.anyOffer()}) },
			"end": func(t *rapid.T) {
				id := w.anyOffer()
				w.end(id)
				w.apply(OfferEnded{id, rapid.SampledFrom([]End{Refused, Busy, Unreachable, Withdrawn}).Draw(t, "why")})
			},
			"hangup": func(*rapid.T) {
				id := w.anyTalk()
				delete(w.talks, id)
				w.apply(TalkEnded{id})
			},
			"engage": func(t *rapid.T) {
				w.calls++
				e := AgentEngaged{Agent: agent.Draw(t, "agent"), Call: fmt.Sprint("e", w.calls), Rings: rapid.Bool().Draw(t, "rings"), WrapUp: rapid.SampledFrom([]time.Duration{0, 3 * time.Second}).Draw(t, "wrapup")}
				w.engaged[e.Call] = e.Agent
				w.apply(e)
				require.Contains(w, []State{Talking, Offered}, w.brain.agent(e.Agent).state)
			},
			"release": func(*rapid.T) {
				id := anyOf(w, w.engaged)
				agent := w.engaged[id]
				delete(w.engaged, id)
				w.apply(AgentReleased{agent, id})
			},
			"done": func(t *rapid.T) { w.apply(WrapUpDone{agent.Draw(t, "agent")}) },
			"pass": func(t *rapid.T) {
				w.now = w.now.Add(time.Duration(rapid.IntRange(1, 20_000).Draw(t, "ms")) * time.Millisecond)
				w.apply(Passed{})
			},
		})
		for _, id := range slices.Sorted(maps.Keys(w.engaged)) {
			agent := w.engaged[id]
			delete(w.engaged, id)
			w.apply(AgentReleased{agent, id})
		}
		w.settle()
		w.replay()
	})
}

// settle lets time run and reports every withdrawal's end: then no offer may be left.
func (w *world) settle() {
	for range 1000 {
		if len(w.offers) == 0 && len(w.waiting) == 0 {
			return
		}
		w.now = w.now.Add(3 * time.Second)
		w.apply(Passed{})
		for _, o := range slices.Clone(w.brain.offers) {
			if o.withdrawn != "" {
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
