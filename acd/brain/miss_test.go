package brain

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// misser is a room whose agents are set aside as is learned; those who were come back after five minutes.
func misser(t *testing.T, change func(*Queue)) *room {
	return house(t, func(q *Queue) {
		q.WrapUp, q.MaxWait, q.Off = 0, 0, []Rule{Hedged}
		change(q)
	}, people("a", "b", "c")...)
}

// days has calls served where the phone of the first agent is not picked up now and then, for so many rings in a row. It
// gives how often who had missed once was set aside, and how often they were asked again.
func (r *room) days(calls, inARow int) (aside, again int) {
	silent := 0
	for i := range calls {
		call := fmt.Sprint("call ", r.brain.serial, " ", i)
		r.enters(call)
		for r.brain.calls[call] != nil {
			o := r.brain.calls[call].latest()
			r.does(OfferRinging{o.id})
			if o.agent.id == "a" && silent == 0 && r.brain.serial%7 == 0 {
				silent = inARow
			}
			if o.agent.id != "a" || silent == 0 {
				r.passes(3 * time.Second)
				r.does(OfferAnswered{o.id})
				r.does(TalkEnded{call})
				continue
			}
			silent--
			r.passes(11 * time.Second)
			r.does(OfferEnded{o.id, Withdrawn})
			switch a := r.brain.agents["a"]; {
			case a.state != Missed:
				again++
			case a.reason == LikelyAway:
				aside++
			}
		}
		if r.state("a") == Missed {
			silent = 0
			r.passes(5 * time.Minute)
			r.does(AgentSet{Agent: "a", State: Available})
		}
	}
	return aside, again
}

func TestWhoMissesOnceIsAskedAgainWhereMissesTellNothing(t *testing.T) {
	r := misser(t, func(*Queue) {})
	r.days(1000, 1)
	aside, again := r.days(1000, 1)
	require.Zero(t, aside)
	require.Greater(t, again, 40)
}

func TestWhoMissesOnceIsSetAsideWhereMostMissAgain(t *testing.T) {
	r := misser(t, func(*Queue) {})
	r.days(1500, 2)
	aside, again := r.days(1500, 2)
	require.Greater(t, aside, 5*again, "but some are asked again, so that it is noticed when that has changed")
	require.NotZero(t, again)
	r.days(9000, 1)
	aside, _ = r.days(1000, 1)
	require.Zero(t, aside, "it has changed")
}

func TestWhatIsSaidOfMissesHolds(t *testing.T) {
	for name, change := range map[string]func(*Queue){
		"one":     func(q *Queue) { q.MissesToStop = 1 },
		"learned": func(q *Queue) { q.Off = append(q.Off, Learned) },
	} {
		t.Run(name, func(t *testing.T) {
			r := misser(t, change)
			aside, again := r.days(500, 1)
			require.Zero(t, aside)
			require.Zero(t, again)
		})
	}
}

// Until it is known what a miss tells, every second who misses once is asked again, and nobody more often.
func TestTwoMissesInARowSetAside(t *testing.T) {
	r := misser(t, func(*Queue) {})
	let := func(call string) {
		r.enters(call)
		o := r.brain.calls[call].latest()
		r.does(OfferRinging{o.id})
		r.passes(11 * time.Second)
		r.end()
		r.does(CallLeft{Call: call})
		r.end()
	}
	r.does(AgentSet{Agent: "b", State: Break})
	r.does(AgentSet{Agent: "c", State: Break})
	why := func() [2]string { return [2]string{string(r.state("a")), r.brain.agents["a"].reason} }
	let("1")
	require.Equal(t, [2]string{string(Missed), LikelyAway}, why())
	r.does(AgentSet{Agent: "a", State: Available})
	let("2")
	require.Equal(t, Available, r.state("a"))
	r.does(AgentSet{Agent: "a", State: Available})
	let("3")
	require.Equal(t, [2]string{string(Missed), LikelyAway}, why(), "who says anything has missed nothing")
	r.does(AgentSet{Agent: "a", State: Available})
	let("4")
	let("5")
	require.Equal(t, [2]string{string(Missed), MissedInARow}, why())
}

// Who has waited while a phone rang out is rung a second one before those behind them get their first.
func TestWhoLostTimeByAPhoneIsOwedAnother(t *testing.T) {
	r := house(t, func(q *Queue) { q.WrapUp, q.MaxWait, q.Hedge.Budget = 0, 0, 1000 }, people("a", "b", "c")...)
	there := map[string]bool{"a": true, "b": true, "c": true}
	for i := range 100 { // until pick-ups are learned
		r.ring(fmt.Sprint("call ", i), there, 3*time.Second)
		r.passes(20 * time.Second)
	}
	for _, a := range []string{"a", "b", "c"} {
		r.does(AgentSet{Agent: a, State: Break})
	}
	r.enters("first")
	r.enters("second")
	rings := func(agent string) {
		orders := r.does(AgentSet{Agent: agent, State: Available})
		r.does(OfferRinging{ordered[Offer](t, orders).ID})
	}
	rings("a")
	r.does(AgentSet{Agent: "a", State: Break}) // is not taken
	r.end()
	rings("b")
	require.Equal(t, "first", r.brain.agents["b"].offer.call.id)
	r.passes(9 * time.Second)
	rings("c")
	require.Equal(t, "first", r.brain.agents["c"].offer.call.id)
	r.enters("third")
	require.True(t, r.brain.agents["c"].offer.stands(), "it is not taken back for who came later")
}

func TestAMissIsShownAlsoOfWhoIsAskedAgain(t *testing.T) {
	r := misser(t, func(q *Queue) { q.MissesToStop = 2 })
	miss := func() {
		r.enters(fmt.Sprint("call ", r.brain.serial))
		o := r.brain.calls[fmt.Sprint("call ", r.brain.serial-1)].latest()
		require.Equal(t, "a", o.agent.id)
		r.does(OfferRinging{o.id})
		r.passes(11 * time.Second)
		r.does(OfferEnded{o.id, Withdrawn})
	}
	a := r.brain.agents["a"]
	miss()
	require.Equal(t, Available, a.state)
	require.Equal(t, MissedOne, a.reason)
	r.does(AgentSet{Agent: "a", State: Available})
	require.Equal(t, Available, a.state)
	require.Empty(t, a.reason, "who says that they are there has seen it")
}
