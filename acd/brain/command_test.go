package brain

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLimitsAndOverflow(t *testing.T) {
	busy := func(change func(*Queue)) *room {
		r := house(t, change, people("a")...)
		r.does(AgentSet{Agent: "a", State: Break})
		return r
	}
	r := busy(func(q *Queue) { q.Limits.Length = 1; q.Overflow = "other" })
	require.Empty(t, r.enters("1"))
	require.Equal(t, []Order{Overflow{Call: "2", From: "sales", To: "other", Why: Full}}, r.enters("2"))

	r = busy(func(q *Queue) { q.Limits.OnBreak = true })
	require.Equal(t, GiveUp{Call: "1", Why: OnBreak}, ordered[GiveUp](t, r.enters("1")))
	r.does(AgentSet{Agent: "a", State: Available})
	r.does(OfferAnswered{ordered[Offer](t, r.enters("2")).ID})
	require.Empty(t, r.enters("3"), "who talks is not on a break")
	r.does(AgentSet{Agent: "a", State: Break})
	r.does(TalkEnded{"2"})
	require.Equal(t, GiveUp{Call: "3", Why: OnBreak}, ordered[GiveUp](t, r.passes(30*time.Second)), "nor stays")

	r = busy(func(q *Queue) { q.Overflow = "sales" })
	r.enters("1")
	require.Equal(t, Timeout, ordered[GiveUp](t, r.passes(2*time.Minute)).Why, "a loop leads nowhere")

	r = busy(func(q *Queue) { q.Limits.Wait = time.Minute })
	r.brain.queues["sales"].pace = pace{mean: 50 * time.Second, factor: factorFirst}
	require.Equal(t, GiveUp{Call: "1", Why: TooLong}, ordered[GiveUp](t, r.enters("1")))
}

func TestAClosedQueueTakesNobodyAndServesWhoIsThere(t *testing.T) {
	r := house(t, func(*Queue) {}, people("a")...)
	r.does(AgentSet{Agent: "a", State: Break})
	r.enters("1")
	r.does(QueueSet{"sales", false})
	require.Equal(t, GiveUp{Call: "2", Why: Closed}, ordered[GiveUp](t, r.enters("2")))
	require.Equal(t, "1", ordered[Offer](t, r.does(AgentSet{Agent: "a", State: Available})).Call)
	r.does(QueueSet{"sales", true})
	require.Empty(t, r.enters("3"))
}

func TestSupervisorsMovePrioritiseAndTakeCalls(t *testing.T) {
	r := house(t, func(*Queue) {}, people("a", "b")...)
	r.does(AgentSet{Agent: "a", State: Break})
	r.does(AgentSet{Agent: "b", State: Break})
	r.enters("1")
	r.enters("2")
	r.does(CallPrioritised{"2", 5})
	o := ordered[Offer](t, r.does(AgentSet{Agent: "a", State: Available}))
	require.Equal(t, "2", o.Call)
	require.Equal(t, []Order{Overflow{Call: "1", From: "sales", To: "other", Why: Command}}, r.does(CallMoved{"1", "other"}))

	given := r.does(CallTaken{"2", "b"})
	require.Equal(t, Withdraw{Offer: o.ID, Why: Moved}, ordered[Withdraw](t, given))
	taken := ordered[Offer](t, given)
	require.Equal(t, []any{"b", ByOrder}, []any{taken.Agent, taken.Why.Reason}, "also on a break")
	require.Equal(t, []Order{Rejected{Call: "1", Agent: "b", Why: "busy"}}, r.does(CallTaken{"1", "b"}))
	require.Equal(t, "no_call", ordered[Rejected](t, r.does(CallMoved{"none", "other"})).Why)
	r.does(OfferAnswered{taken.ID})
	r.does(TalkEnded{"2"})
	r.passes(30 * time.Second)
	require.Equal(t, Break, r.state("b"))
}

func TestAgentsJoinAndLeaveQueuesLive(t *testing.T) {
	r := house(t, func(q *Queue) { q.Agents = []string{"a"} }, people("a", "b")...)
	r.enters("1")
	require.Empty(t, rung(r.enters("2")))
	require.Equal(t, []string{"b"}, rung(r.does(AgentSeated{"b", "sales", 1})))
	r.does(OfferAnswered{"o2"})
	r.does(AgentSeated{"b", "sales", 0})
	r.does(TalkEnded{"2"})
	r.passes(30 * time.Second)
	require.Empty(t, rung(r.enters("3")))
}

func TestCallbackAgentFirst(t *testing.T) {
	r := house(t, func(*Queue) {}, people("a")...)
	r.does(AgentSet{Agent: "a", State: Break})
	r.does(CallEntered{Call: "back", Queue: "sales", Waited: time.Minute, Callback: &Callback{}})
	r.enters("later")
	require.Equal(t, Timeout, ordered[GiveUp](t, r.passes(3*time.Minute)).Why, "of the other; a callback waits")
	for try := range CallbackTries {
		o := ordered[Offer](t, r.does(AgentSet{Agent: "a", State: Available}))
		require.Equal(t, "back", o.Call)
		r.does(OfferAnswered{o.ID})
		orders := r.does(CallbackFailed{Call: "back"})
		require.Equal(t, Available, r.state("a"), "no wrap-up")
		if try+1 == CallbackTries {
			require.Equal(t, Unreached, ordered[GiveUp](t, orders).Why)
			break
		}
		require.Empty(t, rung(r.passes(CallbackPause-time.Second)))
		r.does(AgentSet{Agent: "a", State: Break})
		r.passes(time.Second)
	}
}

func TestCallbackCustomerFirst(t *testing.T) {
	r := house(t, func(*Queue) {}, people("a")...)
	back := CallEntered{Call: "back", Queue: "sales", Callback: &Callback{CustomerFirst: true}}
	require.Equal(t, []Order{StartCallback{Call: "back", Try: 1}}, r.does(back))
	require.Empty(t, r.does(CallbackFailed{Call: "back"}))
	require.Equal(t, []Order{StartCallback{Call: "back", Try: 2}}, r.passes(CallbackPause))
	require.Equal(t, "back", ordered[Offer](t, r.does(CallbackReached{"back"})).Call)
}

func TestCallbackTriesAndPauseAreTheQueues(t *testing.T) {
	r := house(t, func(q *Queue) { q.Calling = Calling{Tries: 2, Pause: time.Minute} }, people("a")...)
	back := CallEntered{Call: "back", Queue: "sales", Callback: &Callback{CustomerFirst: true, After: 10 * time.Second}}
	require.Empty(t, r.does(back), "after a restart the pause goes on")
	require.Equal(t, []Order{StartCallback{Call: "back", Try: 1}}, r.passes(10*time.Second))
	r.does(CallbackFailed{Call: "back"})
	require.Equal(t, []Order{StartCallback{Call: "back", Try: 2}}, r.passes(time.Minute))
	require.Equal(t, Unreached, ordered[GiveUp](t, r.does(CallbackFailed{Call: "back"})).Why)
}

func TestCallbacksRestOutsideTheirHours(t *testing.T) {
	r := house(t, func(*Queue) {}, people("a")...)
	r.does(CallbacksSet{"sales", false})
	require.Empty(t, r.does(CallEntered{Call: "back", Queue: "sales", Waited: time.Minute, Callback: &Callback{}}))
	o := ordered[Offer](t, r.enters("other"))
	require.Equal(t, "other", o.Call, "who is on the line is served at any time")
	r.does(CallLeft{Call: "other"})
	r.does(OfferEnded{o.ID, Withdrawn})
	require.Equal(t, "back", ordered[Offer](t, r.does(CallbacksSet{"sales", true})).Call)
}

func TestAnAgentWhoGoesIsNoTryOfTheCustomer(t *testing.T) {
	r := house(t, func(q *Queue) { q.Calling.Tries = 1 }, people("a", "b")...)
	o := ordered[Offer](t, r.does(CallEntered{Call: "back", Queue: "sales", Waited: time.Minute, Callback: &Callback{}}))
	r.does(OfferAnswered{o.ID})
	next := ordered[Offer](t, r.does(CallbackFailed{Call: "back", Untried: true}))
	require.Equal(t, "back", next.Call)
	require.NotEqual(t, o.Agent, next.Agent)
}

func TestACallbackThatCannotBeMadeNowOrEver(t *testing.T) {
	r := house(t, func(q *Queue) { q.Calling.Tries = 1 }, people("a")...)
	start := CallEntered{Call: "back", Queue: "sales", Callback: &Callback{CustomerFirst: true}}
	require.Equal(t, 1, ordered[StartCallback](t, r.does(start)).Try)
	require.Empty(t, r.does(CallbackFailed{Call: "back", Untried: true, After: time.Minute}))
	require.Equal(t, 1, ordered[StartCallback](t, r.passes(time.Minute)).Try, "it was no try")
	require.Equal(t, Unreached, ordered[GiveUp](t, r.does(CallbackFailed{Call: "back", Untried: true, Final: true})).Why)
}

func TestWhoDialsInAgainHasTheOldPlace(t *testing.T) {
	r := house(t, func(*Queue) {}, people("a")...)
	r.does(AgentSet{Agent: "a", State: Break})
	r.does(CallEntered{Call: "back", Queue: "sales", Callback: &Callback{}})
	r.passes(time.Minute)
	r.enters("other")
	r.does(CallEntered{Call: "again", Queue: "sales", Resumes: "back"})
	require.Equal(t, "again", ordered[Offer](t, r.does(AgentSet{Agent: "a", State: Available})).Call)
	require.Nil(t, r.brain.calls["back"])
}

func TestAPlaceIsKeptAndAgentsAreRestored(t *testing.T) {
	r := house(t, func(q *Queue) { q.Strategy = FewestCalls }, people("a", "b", "c")...)
	r.does(Restored{[]Memory{{Agent: "a", State: Available, Calls: 5}, {Agent: "b", State: Break, Reason: "lunch"}, {Agent: "c", State: Talking, Calls: 2}}})
	require.Equal(t, Break, r.state("b"))
	require.Equal(t, []string{"c"}, rung(r.does(CallEntered{Call: "1", Queue: "sales", Waited: time.Minute})))
	require.Equal(t, time.Minute, r.now.Sub(r.brain.calls["1"].entered))
}

func TestCallersAreToldWhereTheyStand(t *testing.T) {
	r := house(t, func(q *Queue) {
		q.MaxWait = 0
		q.Telling = Telling{Position: true, Wait: true, Every: 10 * time.Second, Callback: 4 * time.Minute}
	}, people("a")...)
	r.brain.queues["sales"].pace = pace{mean: 90 * time.Second, factor: factorFirst}
	r.does(AgentSet{Agent: "a", State: Break})
	r.enters("1")
	r.enters("2")
	require.Empty(t, r.passes(19*time.Second), "nothing before 20 s")
	require.Equal(t, []Order{
		Tell{Call: "1", Position: 1, Under: 5 * time.Minute, Callback: true}, Tell{Call: "2", Position: 2, Under: 8 * time.Minute, Callback: true},
	}, r.passes(time.Second))
	r.does(CallEntered{Call: "vip", Queue: "sales", Priority: 9})
	for _, o := range r.passes(10 * time.Second) {
		if o, ok := o.(Tell); ok && o.Call == "1" {
			require.Equal(t, 1, o.Position, "never worse than was told before")
		}
	}
}

// What is told of the wait of one who waits alone is learned from all of it, not from what is left since they were told.
func TestThePaceOfAQueueWhereOneWaits(t *testing.T) {
	r := house(t, func(q *Queue) { q.MaxWait, q.Telling = 0, Telling{Position: true, Every: 20 * time.Second} }, people("a")...)
	r.does(AgentSet{Agent: "a", State: Break})
	r.passes(time.Hour)
	r.enters("1")
	r.passes(20 * time.Second)
	r.passes(22 * time.Second)
	r.does(CallLeft{Call: "1"})
	require.Equal(t, 42*time.Second, r.brain.queues["sales"].pace.mean)
}

// Who books a callback, and who comes for theirs, has a place as before: nobody has left the queue.
func TestWhoKeepsThePlaceHasNotLeft(t *testing.T) {
	r := house(t, func(q *Queue) { q.MaxWait = 0 }, people("a")...)
	r.does(AgentSet{Agent: "a", State: Break})
	pace := &r.brain.queues["sales"].pace
	r.enters("1")
	r.passes(30 * time.Second)
	r.does(CallEntered{Call: "back", Queue: "sales", Waited: 30 * time.Second, Callback: &Callback{}})
	r.does(CallLeft{Call: "1", Keeps: true})
	require.Zero(t, pace.mean)
	r.passes(10 * time.Second)
	r.does(CallEntered{Call: "again", Queue: "sales", Resumes: "back"})
	require.Zero(t, pace.mean)
	r.passes(10 * time.Second)
	r.does(CallLeft{Call: "again"})
	require.Equal(t, 50*time.Second, pace.mean)
}

// Nine of ten waits are within the bound once it has been learned, whatever the departures are like.
func TestTheExpectedWaitHoldsForNineOfTen(t *testing.T) {
	for name, interval := range map[string]func(uint64) time.Duration{
		"even":   func(uint64) time.Duration { return 10 * time.Second },
		"random": func(x uint64) time.Duration { return time.Duration(x%20_000) * time.Millisecond },
		"bursts": func(x uint64) time.Duration {
			return map[bool]time.Duration{true: time.Second, false: 46 * time.Second}[x%5 > 0]
		},
	} {
		r := house(t, func(q *Queue) { q.MaxWait, q.WrapUp, q.Off = 0, 0, []Rule{Hedged} }, people("a")...)
		queue := r.brain.queues["sales"]
		random, held, judged := uint64(1), 0, 0
		bounds := map[string]Instant{}
		for i := range 3000 {
			random ^= random << 13
			random ^= random >> 7
			random ^= random << 17
			r.enters(string(rune(2000 + i)))
			r.passes(interval(random >> 20))
			for _, c := range waiting(&r.brain) {
				if len(c.bounds) > 0 {
					bounds[c.id] = c.bounds[0]
				}
			}
			for _, o := range r.brain.offers {
				call := o.call.id
				r.does(OfferAnswered{o.id})
				if at := bounds[call]; at != 0 && i > 500 {
					judged++
					if r.now <= at {
						held++
					}
				}
				if i < 8 { // some wait from the beginning
					r.enters("x" + call)
				}
				r.does(TalkEnded{call})
				break
			}
		}
		require.Greater(t, judged, 1000, name)
		require.GreaterOrEqual(t, float64(held)/float64(judged), 0.88, "%s: %d of %d, factor %d", name, held, judged, queue.pace.factor)
	}
}
