package floor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
)

func TestACallbackOutlivesAStop(t *testing.T) {
	t.Parallel()
	before := open(t, nil, "1001")
	before.onBreak("1001")
	before.outside("13800000001")
	_, back := before.books("13800000001")
	before.stop()
	require.NoError(t, before.journal.Flush(t.Context()))
	ended, err := before.journal.Recover(t.Context(), func(string) time.Time { return time.Time{} })
	require.NoError(t, err)
	require.Empty(t, ended)
	owed, err := before.journal.Owed(t.Context())
	require.NoError(t, err)
	require.Len(t, owed, 1)
	require.Equal(t, []string{back, "13800000001", "sales"}, []string{owed[0].Call, owed[0].Number, owed[0].Queue})

	h := open(t, nil, "1001")
	h.outside("13800000001")
	require.NoError(t, h.floor.Resume(t.Context(), Past{Callbacks: owed}))
	agent := h.next("1001")
	customer := h.next("13800000001")
	h.speaks(agent, agentHz)
	require.NoError(t, customer.WaitAnswered(h.within()))
	require.True(t, customer.Hears(agentHz, soon))
	customer.Hangup()
	h.sees("the end", func(e Event) bool {
		n, ok := e.Data.(CallNews)
		return ok && n.Kind == journal.CallEnded && n.Call == back
	})
	h.empty()
}

func TestACallbackThatWasTriedAsOftenAsMayBeIsGivenUp(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	require.NoError(t, h.floor.Resume(t.Context(), Past{Callbacks: []journal.Owed{{Call: "back", Number: "13800000001", Queue: "sales", Asked: time.Now(), Tries: 3}}}))
	ended := h.seesType("call.ended").Data.(CallNews)
	require.Equal(t, []any{"back", journal.NotReached}, []any{ended.Call, ended.Outcome})
	h.empty()
}

func TestAgentsCountersComeBack(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.Strategy = brain.FewestCalls }, "1001", "1002")
	state := func(agent string) journal.Entry {
		return journal.Entry{At: time.Now().Add(-time.Minute), Details: journal.Details{Agent: agent, State: string(brain.Available)}}
	}
	require.NoError(t, h.floor.Resume(t.Context(), Past{
		Agents: []journal.Entry{state("1001"), state("1002")},
		Work:   map[string]journal.Work{"1001": {Calls: 7, Talked: time.Hour}, "1002": {Calls: 3}},
	}))
	caller := h.queued("13800000001")
	h.until("1002", brain.Talking)
	caller.Hangup()
	_, line := h.ended()
	best := entries(line, journal.OfferMade)[0].Choice.Best
	require.Equal(t, []int{3, 7}, []int{best[0].Calls, best[1].Calls})
}

// What an agent was to go back to holds where the center is killed in the midst of a call that they placed.
func TestWhoDialledOutFromABreakIsOnItAgainAfterACrash(t *testing.T) {
	t.Parallel()
	for name, resting := range map[string]struct {
		state  brain.State
		reason string
	}{"on a break": {brain.Break, "tea"}, "not signed on": {brain.Offline, ""}} {
		t.Run(name, func(t *testing.T) {
			before := open(t, nil, "1001")
			_, err := before.floor.SetAgent(t.Context(), "1001", resting.state, resting.reason)
			require.NoError(t, err)
			before.outside("13900000009")
			before.dials("1001", "13900000009")
			before.speaks(before.next("13900000009"), callerHz)
			before.until("1001", brain.Talking)
			past := before.past()

			h := open(t, nil, "1001")
			require.NoError(t, h.floor.Resume(t.Context(), past))
			a := h.agent("1001")
			require.Equal(t, []any{resting.state, resting.reason}, []any{a.State, a.Reason})
		})
	}
}

// past is what the journal would tell the next start if the center were killed now.
func (h *house) past() (p Past) {
	h.t.Helper()
	require.NoError(h.t, h.journal.Flush(h.t.Context()))
	since := time.Now().Add(-time.Hour)
	var err error
	p.Agents, err = h.journal.AgentStates(h.t.Context(), since)
	require.NoError(h.t, err)
	p.Reserved, err = h.journal.Reserved(h.t.Context(), since)
	require.NoError(h.t, err)
	return p
}

func TestWhoMissedACallStaysOut(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	missed := journal.Entry{At: time.Now(), Details: journal.Details{Agent: "1001", State: string(brain.Missed)}}
	require.NoError(t, h.floor.Resume(t.Context(), Past{Agents: []journal.Entry{missed}}))
	require.Equal(t, brain.Missed, h.agent("1001").State)
	h.back("1001")
	require.Equal(t, brain.Available, h.agent("1001").State)
}

func TestAgentsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002", "1003")
	state := func(agent string, s brain.State, why string) journal.Entry {
		return journal.Entry{Details: journal.Details{Agent: agent, State: string(s), Why: why}}
	}
	for _, a := range []string{"1001", "1002", "1003"} {
		_, err := h.floor.SetAgent(t.Context(), a, brain.Offline, "")
		require.NoError(t, err)
	}
	require.NoError(t, h.floor.Resume(t.Context(), Past{Agents: []journal.Entry{
		state("1001", brain.Talking, ""), state("1002", brain.Break, "lunch"), state("1003", brain.Offline, ""),
	}}))
	require.Equal(t, brain.Available, h.agent("1001").State)
	require.Equal(t, "lunch", h.agent("1002").Reason)
	require.Equal(t, brain.Offline, h.agent("1003").State)
}

// A break after the call is one after a restart too, if the call was that one.
func TestAgentsComeBackAsTheyWantedToBe(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	entry := func(agent, call string, s brain.State, why string) journal.Entry {
		return journal.Entry{Call: call, Details: journal.Details{Agent: agent, State: string(s), Why: why}}
	}
	for _, a := range []string{"1001", "1002"} {
		_, err := h.floor.SetAgent(t.Context(), a, brain.Offline, "")
		require.NoError(t, err)
	}
	require.NoError(t, h.floor.Resume(t.Context(), Past{
		Agents: []journal.Entry{entry("1001", "c1", brain.Talking, ""), entry("1002", "c3", brain.Talking, "")},
		Reserved: map[string]journal.Entry{
			"1001": entry("1001", "c1", brain.Break, "lunch"), "1002": entry("1002", "c2", brain.Break, "lunch"),
		},
	}))
	require.Equal(t, []string{"break", "lunch"}, []string{string(h.agent("1001").State), h.agent("1001").Reason})
	require.Equal(t, brain.Available, h.agent("1002").State)
}
