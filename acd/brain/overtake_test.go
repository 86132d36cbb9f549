package brain

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Where a queue has its own order, that between queues is a circle: in sales the important call goes before the old one,
// the old one before that of the other queue, and that one before the important call. When all of them and their agents
// find each other at once, nobody is overtaken within a queue, whoever is looked at first.
func TestNobodyIsOvertakenWhereTheOrdersOfQueuesMakeACircle(t *testing.T) {
	old, important := CallEntered{Call: "old", Queue: "sales"}, CallEntered{Call: "important", Queue: "sales", Priority: 1}
	for _, entries := range [][]CallEntered{
		{old, {Call: "other", Queue: "other"}, important},
		{old, {Call: "other", Queue: "other"}, {Call: "more", Queue: "other"}, important},
		{{Call: "other", Queue: "other"}, old, important, {Call: "more", Queue: "other"}},
	} {
		for _, agents := range [][]string{{"a"}, {"a", "b"}} {
			r := &room{t: t, now: 1000 * second}
			r.does(Configured{Queues: unaging("z"), Agents: people("a", "b", "z")})
			for _, a := range append(agents, "z") {
				r.does(DeviceChanged{Agent: a, Reachable: true})
				r.does(AgentSet{Agent: a, State: Available})
			}
			r.does(AgentSet{Agent: "z", State: Break})
			for _, e := range entries {
				r.does(e)
				r.passes(time.Second)
			}
			served := rungFor(r.does(Configured{Queues: unaging("a", "b", "z"), Agents: people("a", "b", "z")}))
			require.Len(t, served, len(agents))
			if slices.Contains(served, "old") {
				require.Less(t, slices.Index(served, "important"), slices.Index(served, "old"), "%v", served)
				require.Contains(t, served, "important")
			}
		}
	}
}

// The circle goes through calls of other needs: the old call of sales is passed by the important one, that by the younger call
// of the other queue, whose older one stands behind the old call only.
func TestNobodyIsOvertakenWhereTheCircleGoesThroughOtherNeeds(t *testing.T) {
	english := []Need{{Skill: "english", Level: 1}}
	r := &room{t: t, now: 1000 * second}
	r.does(Configured{Queues: unaging("a"), Agents: []Agent{{ID: "a", Skills: map[string]int{"english": 5}}}})
	r.does(DeviceChanged{Agent: "a", Reachable: true})
	r.does(AgentSet{Agent: "a", State: Break})
	for _, e := range []CallEntered{
		{Call: "old", Queue: "sales", Waited: 5 * time.Second},
		{Call: "first", Queue: "other", Waited: 4 * time.Second},
		{Call: "important", Queue: "sales", Priority: 1, Needs: english},
		{Call: "second", Queue: "other", Waited: 3 * time.Second, Needs: english},
	} {
		r.does(e)
	}
	served := rungFor(append(r.does(AgentSet{Agent: "a", State: Available}), r.passes(2*time.Second)...))
	require.Len(t, served, 1)
	require.NotContains(t, []string{"old", "second"}, served[0])
}

// unaging is two queues with the same agents. In one a higher priority always goes first.
func unaging(agents ...string) []Queue {
	sales, other := testQueue("sales", agents...), testQueue("other", agents...)
	sales.Off = []Rule{Aging}
	return []Queue{sales, other}
}

// rungFor is the calls that the orders ring phones for.
func rungFor(orders []Order) (list []string) {
	for _, o := range orders {
		if o, ok := o.(Offer); ok {
			list = append(list, o.Call)
		}
	}
	return list
}

// An agent becomes free at the very moment at which the phone of the first call has rung for long enough.
func TestWhoBeginsToWaitAtThatMomentIsNotOvertaken(t *testing.T) {
	r := house(t, func(q *Queue) { q.Off = []Rule{Hedged} }, people("a", "b")...)
	o := ordered[Offer](t, r.enters("gone"))
	r.does(CallLeft{Call: "gone"})
	first := ordered[Offer](t, r.enters("first"))
	r.does(OfferRinging{first.ID})
	r.enters("second")
	r.now = r.now.Add(11 * time.Second)
	require.Equal(t, []string{"first"}, rungFor(r.does(OfferEnded{o.ID, Withdrawn})))
}
