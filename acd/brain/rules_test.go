package brain

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// house is a room with one queue as it is changed, whose agents have been idle the longer the earlier they are named.
func house(t *testing.T, change func(*Queue), agents ...Agent) *room {
	r := &room{t: t, now: 1000 * second}
	var ids []string
	for _, a := range agents {
		ids = append(ids, a.ID)
	}
	q := testQueue("sales", ids...)
	change(&q)
	r.does(Configured{Queues: []Queue{q, testQueue("other", ids...)}, Agents: agents})
	for _, a := range agents {
		r.now += second
		r.does(DeviceChanged{Agent: a.ID, Reachable: true})
		r.does(AgentSet{Agent: a.ID, State: Available})
	}
	return r
}

func (r *room) enters(call string) []Order { return r.does(CallEntered{Call: call, Queue: "sales"}) }

// rung is the agents whose phones are rung by the orders.
func rung(orders []Order) []string {
	var list []string
	for _, o := range orders {
		if o, ok := o.(Offer); ok {
			list = append(list, o.Agent)
		}
	}
	return list
}

// talks lets a call of some length go through, and says who took it.
func (r *room) talks(call string, length time.Duration) string {
	o := ordered[Offer](r.t, r.enters(call))
	r.does(OfferAnswered{o.ID})
	r.now = r.now.Add(length)
	r.does(TalkEnded{call})
	r.does(AgentSet{Agent: o.Agent, State: Available})
	return o.Agent
}

func TestStrategies(t *testing.T) {
	lengths := []time.Duration{60 * time.Second, 10 * time.Second, 20 * time.Second, 5 * time.Second, 5 * time.Second}
	for strategy, want := range map[Strategy][]string{
		LongestIdle:   {"b", "a", "c", "b", "a"}, // in the order in which they became free
		LeastTalkTime: {"b", "a", "c", "a", "a"}, // 60; 10; 20; 10+5 s
		FewestCalls:   {"b", "a", "c", "b", "a"},
		RoundRobin:    {"a", "b", "c", "a", "b"}, // as the queue lists them
		TopDown:       {"a", "a", "a", "a", "a"},
	} {
		r := house(t, func(q *Queue) { q.Strategy, q.Agents = strategy, []string{"a", "b", "c"} }, people("b", "a", "c")...)
		var took []string
		for i, length := range lengths {
			took = append(took, r.talks(string(rune('1'+i)), length))
		}
		require.Equal(t, want, took, strategy)
	}
}

func TestRingAllRingsEverybodyAndWhoComesMeanwhile(t *testing.T) {
	r := house(t, func(q *Queue) { q.Strategy = RingAll; q.Tiers = map[string]int{"d": 2} }, people("a", "b", "c", "d")...)
	r.does(AgentSet{Agent: "c", State: Break})
	orders := r.enters("1")
	require.Equal(t, []string{"a", "b"}, rung(orders), "of the first tier")
	require.Equal(t, []string{"c"}, rung(r.does(AgentSet{Agent: "c", State: Available})), "joins in")
	orders = r.does(OfferAnswered{"o2"})
	require.Equal(t, Connect{Offer: "o2", Call: "1", Agent: "b"}, ordered[Connect](t, orders))
	require.ElementsMatch(t, []string{"Withdraw", "Withdraw", "Connect", "AgentChanged"}, kinds(orders))
	require.Equal(t, Elsewhere, ordered[Withdraw](t, orders).Why)
	r.does(OfferEnded{"o1", Withdrawn})
	require.Equal(t, Available, r.state("a"), "no miss")
}

func TestTiersComeBeforeTheStrategy(t *testing.T) {
	r := house(t, func(q *Queue) { q.Tiers = map[string]int{"a": 2}; q.TierWait = 10 * time.Second }, people("a", "b")...)
	require.Equal(t, []string{"b"}, rung(r.enters("1")), "although a has been idle longer")
	require.Empty(t, rung(r.enters("2")), "the second tier is asked later")
	require.Equal(t, []string{"a"}, rung(r.passes(10*time.Second)), "now it is")

	r = house(t, func(q *Queue) { q.Tiers = map[string]int{"a": 2} }, people("a", "b")...)
	r.enters("1")
	o := ordered[Offer](t, r.enters("2"))
	require.Equal(t, "a", o.Agent, "at once where no wait is set")
	require.Equal(t, 2, o.Why.Best[0].Tier)
}

func TestSkillsAreRelaxedStepByStep(t *testing.T) {
	agents := []Agent{{ID: "a", Skills: map[string]int{"english": 1}}, {ID: "b", Skills: map[string]int{"english": 3}}, {ID: "c"}}
	r := house(t, func(q *Queue) {
		q.Needs = []Need{{"english", 4, []Step{{10 * time.Second, 3}, {20 * time.Second, 0}}}}
		q.Off = []Rule{Hedged}
	}, agents...)
	require.Empty(t, rung(r.enters("1")))
	o := ordered[Offer](t, r.passes(10*time.Second))
	require.Equal(t, "b", o.Agent)
	require.Equal(t, []Need{{Skill: "english", Level: 3}}, o.Why.Needs)
	r.does(OfferAnswered{o.ID})
	r.does(AgentSet{Agent: "a", State: Break})
	r.enters("2")
	require.Equal(t, []string{"c"}, rung(r.passes(20*time.Second)), "not needed any more")

	r = house(t, func(*Queue) {}, agents...)
	orders := r.does(CallEntered{Call: "3", Queue: "other", Needs: []Need{{Skill: "russian", Level: 1}}})
	require.Equal(t, GiveUp{Call: "3", Why: Nobody}, ordered[GiveUp](t, orders), "nobody who is signed on ever could")
	r.does(AgentSkilled{"c", map[string]int{"russian": 2}})
	require.Equal(t, []string{"c"}, rung(r.does(CallEntered{Call: "4", Queue: "other", Needs: []Need{{Skill: "russian", Level: 1}}})))
}

func TestStickyWaitsForOneAgentForAWhile(t *testing.T) {
	r := house(t, func(*Queue) {}, people("a", "b")...)
	r.does(CallEntered{Call: "1", Queue: "sales", Sticky: &Sticky{"b", time.Minute}})
	require.Equal(t, Offered, r.state("b"), "although a has been idle longer")
	sticky := CallEntered{Call: "2", Queue: "sales", Sticky: &Sticky{"b", 20 * time.Second}}
	require.Empty(t, r.does(sticky), "waits beside a")
	require.Equal(t, []string{"a"}, rung(r.passes(20*time.Second)))

	r = house(t, func(*Queue) {}, people("a", "b")...)
	r.does(AgentSet{Agent: "b", State: Offline})
	require.Equal(t, []string{"a"}, rung(r.does(sticky)), "no waiting for who is not there")

	r = house(t, func(*Queue) {}, people("a", "b")...)
	r.does(AgentSet{Agent: "b", State: Break})
	require.Empty(t, rung(r.does(sticky)))
	require.Equal(t, []string{"a"}, rung(r.does(AgentSet{Agent: "b", State: Offline})), "nor for who goes")
}

func TestASecondPhoneRingsWhenTheFirstIsSlow(t *testing.T) {
	r := house(t, func(*Queue) {}, people("a", "b", "c", "d")...)
	r.enters("1")
	r.does(OfferRinging{"o1"})
	require.Empty(t, r.passes(6900*time.Millisecond))
	o := ordered[Offer](t, r.passes(100*time.Millisecond))
	require.Equal(t, []any{"b", Hedge, 2}, []any{o.Agent, o.Why.Reason, o.Why.Phone})
	r.does(OfferRinging{o.ID})
	third := ordered[Offer](t, r.passes(4*time.Second))
	require.Equal(t, "c", third.Agent)
	orders := r.does(OfferAnswered{third.ID})
	require.Len(t, orders, 3, "%v", orders)
	r.does(OfferEnded{o.ID, Withdrawn})
	require.Equal(t, Available, r.state("b"), "rung for nothing: no miss")

	for name, change := range map[string]func(*Queue){
		"off":       func(q *Queue) { q.Off = []Rule{Hedged} },
		"one phone": func(q *Queue) { q.Hedge.Phones = 1 },
	} {
		r = house(t, change, people("a", "b")...)
		r.enters("1")
		r.does(OfferRinging{"o1"})
		require.Empty(t, r.passes(10*time.Second), name)
	}
	r = house(t, func(*Queue) {}, Agent{ID: "a", AutoAnswers: true}, Agent{ID: "b"})
	r.enters("1")
	r.does(OfferRinging{"o1"})
	require.Empty(t, r.passes(10*time.Second), "who picks up by machine needs no second")
}

func TestTheHedgedPhoneIsTakenBackForACallThatHasNobody(t *testing.T) {
	r := house(t, func(*Queue) {}, people("a", "b")...)
	r.enters("1")
	r.does(OfferRinging{"o1"})
	r.passes(7 * time.Second)
	require.Equal(t, Offered, r.state("b"))
	orders := r.enters("2")
	require.Equal(t, []Order{Withdraw{Offer: "o2", Why: Needed}}, orders)
	require.Empty(t, rung(r.enters("3")), "there is only one")
	o := ordered[Offer](t, r.does(OfferEnded{"o2", Withdrawn}))
	require.Equal(t, []string{"b", "2"}, []string{o.Agent, o.Call})
}

func TestAnAnswerThatCrossesTheTakingBackIsTaken(t *testing.T) {
	r := house(t, func(*Queue) {}, people("a", "b")...)
	r.enters("1")
	r.does(OfferRinging{"o1"})
	r.passes(7 * time.Second)
	r.enters("2")
	orders := r.does(OfferAnswered{"o2"})
	require.Equal(t, Connect{Offer: "o2", Call: "1", Agent: "b"}, ordered[Connect](t, orders))
	require.Equal(t, "2", ordered[Offer](t, r.does(OfferEnded{"o1", Withdrawn})).Call, "the first phone is free instead")
}

func TestRingsForNothingHaveABudget(t *testing.T) {
	r := house(t, func(q *Queue) { q.Hedge.Budget = 1; q.WrapUp = 0 }, people("a", "b")...)
	hedged := func(call string) bool {
		first := ordered[Offer](t, r.enters(call))
		r.does(OfferRinging{first.ID})
		further := rung(r.passes(8 * time.Second))
		r.does(OfferAnswered{first.ID})
		for id := range r.brain.offers {
			r.does(OfferEnded{id, Withdrawn})
		}
		r.does(TalkEnded{call})
		return len(further) > 0
	}
	require.True(t, hedged("1"))
	require.False(t, hedged("2") && hedged("3"), "both have had theirs")
	r.passes(time.Hour)
	require.True(t, hedged("4"))
}

func TestPickUpsAreLearned(t *testing.T) {
	r := house(t, func(q *Queue) { q.WrapUp = 0; q.Off = []Rule{Hedged} }, people("a", "b")...)
	for i := range 2 * allPickups {
		o := ordered[Offer](t, r.enters(string(rune(1000+i))))
		r.does(OfferRinging{o.ID})
		r.now = r.now.Add(1200 * time.Millisecond)
		r.does(OfferAnswered{o.ID})
		r.does(TalkEnded{o.Call})
		r.passes(time.Second)
	}
	o := r.brain.queues["sales"]
	o.rules.hedge = true
	r.enters("slow")
	offer := r.brain.calls["slow"].offers[0]
	r.does(OfferRinging{offer.id})
	require.Empty(t, rung(r.passes(1400*time.Millisecond)))
	require.Equal(t, 1, len(rung(r.passes(100*time.Millisecond))), "who always picks up at once and has not by now will not")

	var h history
	for range 100 {
		h.add(4*time.Second, true, pickupsMost)
		h.add(8*time.Second, true, pickupsMost)
		h.add(6*time.Second, false, pickupsMost) // stopped: half of those would have been picked up at eight seconds
	}
	s := h.silence(&h)
	require.Equal(t, int64(sure), s.after(4*time.Second))
	require.InDelta(t, sure*2/3, s.after(5*time.Second), sure/1000)
	require.LessOrEqual(t, s.after(9*time.Second), int64(1), "all who were let ring were picked up")
	for range 100 {
		h.add(11*time.Second, false, pickupsMost)
	}
	s = h.silence(&h)
	require.InDelta(t, sure*3/8, s.after(11*time.Second), sure/1000)
}

func TestRulesCanBeSwitchedOff(t *testing.T) {
	wait := func(off ...Rule) *room {
		r := house(t, func(q *Queue) { q.Off = append(off, Hedged); q.MaxWait = 0 }, people("a")...)
		r.does(AgentSet{Agent: "a", State: Break})
		return r
	}
	next := func(r *room) string { return ordered[Offer](t, r.does(AgentSet{Agent: "a", State: Available})).Call }

	r := wait(FirstCome)
	r.enters("late")
	r.passes(16 * time.Second)
	r.enters("in time")
	require.Equal(t, "in time", next(r))

	r = wait(Aging)
	r.enters("old")
	r.passes(time.Hour)
	r.does(CallEntered{Call: "vip", Queue: "sales", Priority: 1})
	require.Equal(t, "vip", next(r), "an hour of waiting does not beat it")

	for _, off := range []bool{false, true} {
		r = house(t, func(q *Queue) {
			q.Target = 5 * time.Minute
			if off {
				q.Off = []Rule{LeastSlack}
			}
		}, people("a")...)
		r.does(AgentSet{Agent: "a", State: Break})
		r.enters("patient")
		r.passes(time.Second)
		r.does(CallEntered{Call: "urgent", Queue: "other"})
		require.Equal(t, map[bool]string{false: "urgent", true: "patient"}[off], next(r))
	}
}

func TestNobodyIsOfferedAgainToWhoMissed(t *testing.T) {
	r := house(t, func(q *Queue) { q.MissesToStop = 2 }, people("a")...)
	o := ordered[Offer](t, r.enters("1"))
	for range 2 {
		r.does(OfferRinging{o.ID})
		r.passes(11 * time.Second)
		orders := append(r.does(OfferEnded{o.ID, Withdrawn}), r.passes(10*time.Second)...)
		for _, x := range orders {
			if x, ok := x.(Offer); ok {
				o = x
			}
		}
	}
	require.Equal(t, Missed, r.state("a"))
}
