package sim

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
)

// tale is a model with three agents, told step by step; nobody picks up but when the tale says so.
type tale struct {
	*testing.T
	m   *model
	now brain.Instant
}

func newTale(t *testing.T, set Setting) *tale {
	s := read(t, `
duration: 1h
queues: [{name: q, agents: [a], wrap_up: 60s, breather: 0s, max_wait: 5m}]
agents: [{id: a, count: 3, pick_up: {median: 4s, sigma: 0.6}}]
calls: [{queue: q, per_hour: 1, talk: {mean: 60s}}]
`)
	x := &tale{T: t, m: newModel(set.habits(), s.people()), now: s.begin()}
	x.does(s.configured(set))
	for _, p := range s.people() {
		x.does(brain.AgentSet{Agent: p.id, State: brain.Available})
	}
	return x
}

// does tells the model of an event and gives what it rings and silences.
func (x *tale) does(ev brain.Event) (orders []string) {
	for _, o := range x.m.Apply(x.now, ev) {
		switch o := o.(type) {
		case brain.Offer:
			orders = append(orders, fmt.Sprintf("ring %s for %s", o.Agent, o.Call))
		case brain.Withdraw:
			b := x.m.bells[o.Offer]
			orders = append(orders, "silence "+b.member.id)
			defer x.m.Apply(x.now, brain.OfferEnded{Offer: o.Offer, Why: brain.Withdrawn})
		case brain.Connect:
			orders = append(orders, fmt.Sprintf("join %s with %s", o.Agent, o.Call))
		case brain.AgentChanged:
			if o.State == brain.Missed {
				orders = append(orders, "set aside "+o.Agent)
			}
		case brain.GiveUp:
			orders = append(orders, fmt.Sprintf("give up %s: %s", o.Call, o.Why))
		}
	}
	return orders
}

// until lets time pass, wake by wake, and gives what is ordered, with the seconds since the call entered.
func (x *tale) until(seconds float64, since brain.Instant) (orders []string) {
	end := since.Add(time.Duration(seconds * float64(time.Second)))
	for {
		wake, ok := x.m.NextWake()
		if !ok || wake > end {
			x.now = end
			return orders
		}
		require.Greater(x, wake, x.now)
		x.now = wake
		for _, o := range x.does(brain.Passed{}) {
			orders = append(orders, fmt.Sprintf("%.2f %s", x.now.Sub(since).Seconds(), o))
		}
	}
}

func (x *tale) calls(id string) []string { return x.does(brain.CallEntered{Call: id, Queue: "q"}) }

func (x *tale) offerTo(agent string) string { return x.m.byID[agent].bell.id }

func TestAppQueueRingsTheSameAbsentAgentAgain(t *testing.T) {
	x := newTale(t, Setting{Dispatcher: appQueue})
	start := x.now
	require.Equal(t, []string{"ring a-1 for c0"}, x.calls("c0"), "a caller looks at once, though others are free too")
	require.Equal(t, []string{"15.02 silence a-1", "20.02 ring a-1 for c0"}, x.until(25, start))
}

func TestAppQueueLooksOnceASecond(t *testing.T) {
	x := newTale(t, Setting{Dispatcher: appQueue})
	for _, a := range []string{"a-1", "a-2", "a-3"} {
		x.does(brain.AgentSet{Agent: a, State: brain.Break})
	}
	start := x.now
	require.Empty(t, x.calls("c0"))
	x.until(1.4, start)
	require.Empty(t, x.does(brain.AgentSet{Agent: "a-2", State: brain.Available}))
	require.Equal(t, []string{"2.00 ring a-2 for c0"}, x.until(3, start))
}

func TestAppQueueTunedSetsAsideAndRingsTheNext(t *testing.T) {
	x := newTale(t, Setting{Dispatcher: appQueue, Ring: 8 * time.Second, Retry: time.Second, SetAside: true})
	start := x.now
	x.calls("c0")
	require.Equal(t, []string{"8.02 silence a-1", "9.02 ring a-2 for c0"}, x.until(10, start))
	require.Equal(t, brain.Missed, x.m.byID["a-1"].state)
	x.does(brain.AgentSet{Agent: "a-1", State: brain.Available})
	require.Equal(t, brain.Available, x.m.byID["a-1"].state)
}

func TestCallCenterRingsForAMinuteAndLooksEachTenth(t *testing.T) {
	x := newTale(t, Setting{Dispatcher: callCenter})
	start := x.now
	x.now = x.now.Add(30 * time.Millisecond)
	require.Empty(t, x.calls("c0"), "the dispatcher sleeps")
	require.Equal(t, []string{"0.10 ring a-1 for c0", "60.12 silence a-1", "60.20 ring a-1 for c0"}, x.until(61, start))
}

func TestRingProgressivelyAddsAPhone(t *testing.T) {
	x := newTale(t, Setting{Dispatcher: progressive})
	start := x.now
	require.Equal(t, []string{"ring a-1 for c0"}, x.calls("c0"))
	require.Equal(t, []string{"10.00 ring a-2 for c0", "20.00 ring a-3 for c0"}, x.until(40, start))
	require.Equal(t, []string{"join a-2 with c0", "silence a-1", "silence a-3"}, x.does(brain.OfferAnswered{Offer: x.offerTo("a-2")}))
	require.Equal(t, brain.Available, x.m.byID["a-1"].state)
	require.Equal(t, brain.Talking, x.m.byID["a-2"].state)
}

func TestSequentialGoesToTheNext(t *testing.T) {
	x := newTale(t, Setting{Dispatcher: sequential, Ring: 8 * time.Second})
	start := x.now
	x.calls("c0")
	require.Equal(t, []string{
		"8.02 silence a-1", "8.02 ring a-2 for c0", "16.04 silence a-2", "16.04 ring a-3 for c0", "24.06 silence a-3", "24.06 ring a-1 for c0",
	}, x.until(24.06, start))
}

func TestClairvoyantRingsWhoIsSoonest(t *testing.T) {
	x := newTale(t, Setting{Dispatcher: clairvoyant})
	for call := range 20 {
		id := callID(int32(call))
		orders := x.calls(id)
		w := x.m.calls[id]
		best := x.m.members[0]
		for _, y := range x.m.members {
			if after, _ := y.foreseen(w, x.now); after < least(best.foreseen(w, x.now)) {
				best = y
			}
		}
		require.Equal(t, []string{"ring " + best.id + " for " + id}, orders)
		x.does(brain.CallLeft{Call: id})
	}
}

func least(d time.Duration, _ bool) time.Duration { return d }

func TestModelsKeepTheQueuesRules(t *testing.T) {
	x := newTale(t, Setting{Dispatcher: sequential, Ring: time.Minute})
	start := x.now
	x.calls("c0")
	x.does(brain.OfferAnswered{Offer: x.offerTo("a-1")})
	x.does(brain.TalkEnded{Call: "c0"})
	require.Equal(t, brain.WrapUp, x.m.byID["a-1"].state)
	x.until(59, start)
	require.Equal(t, brain.WrapUp, x.m.byID["a-1"].state)
	x.until(61, start)
	require.Equal(t, brain.Available, x.m.byID["a-1"].state, "wrap-up has its limit")

	for _, a := range []string{"a-1", "a-2", "a-3"} {
		x.does(brain.AgentSet{Agent: a, State: brain.Break})
	}
	entered := x.now
	x.calls("c1")
	require.Equal(t, []string{"300.00 give up c1: timeout"}, x.until(400, entered))
	for _, a := range []string{"a-1", "a-2", "a-3"} {
		x.does(brain.AgentSet{Agent: a, State: brain.Offline})
	}
	require.Equal(t, []string{"give up c2: nobody"}, x.calls("c2"))
}

func TestAPickUpThatComesTooLateIsHungUpOn(t *testing.T) {
	x := newTale(t, Setting{Dispatcher: progressive})
	start := x.now
	x.calls("c0")
	x.until(11, start)
	late := x.offerTo("a-2")
	x.m.Apply(x.now, brain.OfferAnswered{Offer: x.offerTo("a-1")})
	orders := x.m.Apply(x.now, brain.OfferAnswered{Offer: late})
	require.Equal(t, []brain.Order{brain.Release{Offer: late, Why: brain.Elsewhere}}, orders)
}

// TestABrokenDispatcherIsNoticed gives the engine orders that cannot be.
func TestABrokenDispatcherIsNoticed(t *testing.T) {
	for name, orders := range map[string][]brain.Order{
		"two offers":         {brain.Offer{ID: "1", Call: "c0", Agent: "a-1"}, brain.Offer{ID: "2", Call: "c0", Agent: "a-1"}},
		"an unknown call":    {brain.Offer{ID: "1", Call: "c9", Agent: "a-1"}},
		"an unknown agent":   {brain.Offer{ID: "1", Call: "c0", Agent: "zoe"}},
		"joined unanswered":  {brain.Offer{ID: "1", Call: "c0", Agent: "a-1"}, brain.Connect{Offer: "1", Call: "c0", Agent: "a-1"}},
		"an unknown offer":   {brain.Withdraw{Offer: "7"}},
		"given up twice":     {brain.GiveUp{Call: "c0"}, brain.GiveUp{Call: "c0"}},
		"an unknown queue":   {brain.Overflow{Call: "c0", To: "nowhere"}},
		"offered after that": {brain.GiveUp{Call: "c0"}, brain.Offer{ID: "1", Call: "c0", Agent: "a-1"}},
	} {
		s := read(t, plain)
		e := &engine{s: s, d: fixedOrders(orders), callers: s.callers()[:1], calls: make([]call, 1), rings: map[string]*ring{}, lines: make([]line, 1), hash: newHash()}
		e.needs = make([][]brain.Need, 1)
		e.byID = map[string]int32{"a-1": 0}
		e.agents = []agent{{call: -1}}
		e.arrives(0)
		require.ErrorIs(t, e.broken, ErrBroken, name)
	}
}

type fixedOrders []brain.Order

func (o fixedOrders) Apply(brain.Instant, brain.Event) []brain.Order { return o }
func (o fixedOrders) NextWake() (brain.Instant, bool)                { return 0, false }
