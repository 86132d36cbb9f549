package journal

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/store/storetest"
)

// at makes entries of a call, some seconds from the start.
func at(id string) func(s int, k Kind, d Details) Entry {
	return func(s int, k Kind, d Details) Entry {
		return Entry{Call: id, At: start.Add(time.Duration(s) * time.Second), Kind: k, Details: d}
	}
}

// callback is one whose customer was tried twice; the first time the agent went.
func callback(id, number string) []Entry {
	e := at(id)
	needs := []brain.Need{{Skill: "english", Level: 2}}
	return []Entry{
		e(60, CallPlaced, Details{Number: number, Dialled: number, Direction: Callback, Other: "first", Flow: "main", Step: "sales", WaitedMs: 60_000, Priority: 3, Needs: needs}),
		e(60, QueueEntered, Details{Queue: "sales", Why: CalledBack}),
		e(90, OfferMade, Details{Offer: "o1", Agent: "1001"}),
		e(95, OfferAnswered, Details{Offer: "o1", Agent: "1001"}),
		e(95, CallbackTried, Details{Try: 1}),
		e(99, CallbackFailed, Details{Try: 1, Why: AgentGone}),
		e(110, CallbackTried, Details{Try: 1}),
		e(120, CallbackFailed, Details{Try: 1, Why: "busy"}),
	}
}

func TestACallbackThatIsOwedOutlivesAStop(t *testing.T) {
	db := storetest.Open(t)
	j := open(t, db, nil)
	j.Append(callback("back", "+8613800000001")...)
	reached := callback("reached", "+8613800000002")
	j.Append(append(reached, at("reached")(130, CallAnswered, Details{}))...)
	require.NoError(t, j.Flush(t.Context()))

	again := open(t, db, nil)
	ended, err := again.Recover(t.Context(), func(string) time.Time { return time.Time{} })
	require.NoError(t, err)
	require.Len(t, ended, 1)
	require.Equal(t, "reached", ended[0].ID, "whose customer was on the line is cut off like any other")
	owed, err := again.Owed(t.Context())
	require.NoError(t, err)
	require.Equal(t, []Owed{{
		Call: "back", Number: "+8613800000001", Queue: "sales", Flow: "main", Step: "sales", Priority: 3, Needs: []brain.Need{{Skill: "english", Level: 2}},
		Asked: start, Tries: 1, Last: start.Add(120 * time.Second),
	}}, owed)
	again.Append(at("back")(200, CallbackTried, Details{Try: 2})) // and then the power goes
	require.NoError(t, again.Flush(t.Context()))
	owed, err = again.Owed(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, owed[0].Tries)
	require.Equal(t, start.Add(200*time.Second), owed[0].Last)
	c, err := again.Call(t.Context(), "back")
	require.NoError(t, err)
	require.Zero(t, c.Talks, "an agent picked up, and spoke with nobody")
}

func TestWhoWasMissedAndNotServedSince(t *testing.T) {
	j := open(t, storetest.Open(t), nil)
	call := func(id, number string, s int, outcome Outcome, direction Direction) {
		e := at(id)
		if direction == In {
			j.Append(e(s, CallArrived, Details{Number: number}), e(s+1, QueueEntered, Details{Queue: "sales"}))
		} else {
			j.Append(e(s, CallPlaced, Details{Number: number, Direction: direction}))
		}
		if outcome != UnderWay {
			j.Append(e(s+20, CallEnded, Details{Outcome: outcome}))
		}
	}
	call("a1", "1380001", 0, Abandoned, In)
	call("a2", "1380001", 100, GaveUp, In) // twice: the last counts
	call("b1", "1380002", 10, Abandoned, In)
	call("b2", "1380002", 200, Answered, Out) // was called
	call("c1", "1380003", 20, Interrupted, In)
	call("c2", "1380003", 300, NotReached, Out) // in vain
	call("d1", "1380004", 30, Abandoned, In)
	call("d2", "1380004", 400, UnderWay, Callback)
	call("e1", "1380005", 500, Answered, In)
	call("e2", "1380005", 600, Abandoned, In) // since then
	call("f1", "anonymous", 40, Abandoned, In)
	j.Append(at("g1")(50, CallArrived, Details{Number: "1380006"}), at("g1")(60, CallEnded, Details{Outcome: Menu}))
	require.NoError(t, j.Flush(t.Context()))
	missed, err := j.Missed(t.Context(), start)
	require.NoError(t, err)
	var ids []string
	for _, c := range missed {
		ids = append(ids, c.ID)
	}
	require.Equal(t, []string{"e2", "a2", "c1"}, ids)
	missed, err = j.Missed(t.Context(), start.Add(550*time.Second))
	require.NoError(t, err)
	require.Len(t, missed, 1)
}

func TestWorkOfAgents(t *testing.T) {
	j := open(t, storetest.Open(t), nil)
	e := at("a")
	j.Append(
		e(0, CallArrived, Details{}), e(5, OfferAnswered, Details{Agent: "1001"}), e(35, TalkEnded, Details{Agent: "1001"}),
		e(40, OfferAnswered, Details{Agent: "1002", Target: &Target{Kind: ToAgent, ID: "1002"}}), e(90, TalkEnded, Details{Agent: "1002"}),
		e(100, OfferAnswered, Details{Agent: "1001"}),
	)
	require.NoError(t, j.Flush(t.Context()))
	work, err := j.Work(t.Context(), start)
	require.NoError(t, err)
	require.Equal(t, Work{Calls: 2, Talked: 30 * time.Second, Last: start.Add(35 * time.Second)}, work["1001"])
	require.Zero(t, work["1002"].Calls, "somebody asked for them: no queue has offered it")
}
