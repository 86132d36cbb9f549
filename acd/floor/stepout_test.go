package floor

import (
	"testing"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/sip/softphone"
)

// colleagues has an agent call another, and both talk.
func (h *house) colleagues(caller, callee string) (from, to *softphone.Call) {
	h.t.Helper()
	from = h.dials(caller, callee)
	to = h.next(callee)
	h.speaks(from, callerHz)
	h.speaks(to, agentHz)
	h.together(from, agentHz, to, callerHz)
	return from, to
}

func TestWhoHasCalledAColleaguePutsThemThrough(t *testing.T) {
	t.Parallel()
	h, id, from, callee := inHouseTalk(t)
	h.phones["1003"].Behave(softphone.RingForEver)
	done := h.refer(from, "1003", nil)
	third := h.next("1003")
	require.True(t, callee.Hears(ringbackHz, soon), "who is put through hears ringing")
	require.Equal(t, "1002", third.Leg().From().Number, "that is who calls")
	third.Answer()
	h.speaks(third, thirdHz)
	require.Equal(t, 200, <-done)
	h.gone(from)
	h.together(callee, thirdHz, third, agentHz)
	h.until("1001", brain.Available)
	h.until("1002", brain.Talking)
	h.until("1003", brain.Talking)
	require.Equal(t, id, h.agent("1003").Call)
	callee.Hangup()
	h.gone(third)
	h.until("1002", brain.Available)
	h.until("1003", brain.Available)
	call, line := h.finished(id)
	require.Equal(t, journal.Answered, call.Outcome)
	require.Equal(t, journal.Internal, call.Direction)
	require.Equal(t, 2, call.Talks)
	require.Equal(t, 1, call.Transfers)
	require.Equal(t, []string{"1001", "1002", "1003"}, call.Agents)
	requireOrder(t, line, journal.TalkStarted, journal.TransferAsked, journal.OfferMade, journal.TransferDone, journal.TalkEnded, journal.TalkStarted, journal.CallEnded)
	h.recordings(id, 2)
	h.empty()
}

func TestWhoPutsAColleagueThroughMayHangUpAtOnce(t *testing.T) {
	t.Parallel()
	h, _, from, callee := inHouseTalk(t)
	h.phones["1003"].Behave(softphone.RingForEver)
	h.refer(from, "1003", nil)
	third := h.next("1003")
	from.Hangup()
	h.until("1001", brain.Available)
	require.True(t, callee.Hears(ringbackHz, soon))
	third.Answer()
	h.speaks(third, thirdHz)
	h.together(callee, thirdHz, third, agentHz)
	third.Hangup()
	h.gone(callee)
	h.until("1002", brain.Available)
	h.empty()
}

func TestAColleagueIsPutThroughFromThePage(t *testing.T) {
	t.Parallel()
	h, id, from, callee := inHouseTalk(t)
	to := Target{Kind: journal.ToAgent, ID: "1003"}
	require.ErrorIs(t, h.floor.Transfer(t.Context(), id, Asker{Person: "1003"}, to), ErrNotYours)
	require.NoError(t, h.floor.Transfer(t.Context(), id, Asker{Person: "1001"}, to))
	third := h.next("1003")
	h.speaks(third, thirdHz)
	require.True(t, callee.Hears(thirdHz, soon))
	h.gone(from)
	h.until("1001", brain.Available)
	callee.Hangup()
	h.gone(third)
	h.empty()
}

func TestAColleagueWhoIsPutThroughInVain(t *testing.T) {
	t.Parallel()
	h, _, from, callee := inHouseTalk(t)
	h.phones["1003"].Behave(softphone.Busy)
	require.Equal(t, 486, <-h.refer(from, "1003", nil))
	require.True(t, from.Hears(agentHz, soon), "the two talk on")
	require.True(t, callee.Hears(callerHz, soon))
	for _, to := range []string{"1001", "1002", "13900000000"} {
		require.Equal(t, 999, <-h.refer(from, to, nil), to)
	}
	h.phones["1003"].Behave(softphone.RingForEver)
	h.refer(from, "1003", nil)
	third := h.next("1003")
	callee.Hangup()
	h.gone(third)
	h.gone(from)
	h.until("1003", brain.Available)
	h.empty()
}

func TestAColleagueIsPutThroughToAQueue(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.Agents = []string{"1003"} }, "1001", "1002", "1003")
	from, callee := h.colleagues("1001", "1002")
	require.Equal(t, 200, <-h.refer(from, "sales", nil))
	h.gone(from)
	third := h.next("1003")
	h.speaks(third, thirdHz)
	h.together(callee, thirdHz, third, agentHz)
	h.until("1001", brain.Available)
	callee.Hangup()
	h.gone(third)
	h.until("1002", brain.Available)
	h.empty()
}

// offerTo is what an agent is rung for.
func (f *Floor) offerTo(agent string) *offer {
	for _, o := range f.offers {
		if o.agent == agent {
			return o
		}
	}
	return nil
}

// Who answered for a queue is put through by the colleague who had asked there: to the brain, that talk was its own.
func TestWhoAnsweredForAQueueIsPutThrough(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.Agents, q.Announce = []string{"1002"}, false }, "1001", "1002", "1003")
	from := h.dials("1001", "sales")
	callee := h.next("1002")
	h.speaks(from, callerHz)
	h.speaks(callee, agentHz)
	require.True(t, from.Hears(agentHz, soon))
	require.Equal(t, 200, <-h.refer(from, "1003", nil))
	third := h.next("1003")
	h.speaks(third, thirdHz)
	require.True(t, callee.Hears(thirdHz, soon))
	h.gone(from)
	h.until("1002", brain.Talking)
	third.Hangup()
	h.gone(callee)
	h.until("1003", brain.Available)
	h.empty()
}

func TestTwoCallsWithinTheHouseAreJoined(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002", "1003")
	first, callee := h.colleagues("1001", "1002")
	id := h.only()
	require.NoError(t, first.Hold(t.Context()))
	require.True(t, callee.Hears(musicHz, soon))
	second := h.dials("1001", "1003")
	third := h.next("1003")
	h.speaks(second, callerHz)
	h.speaks(third, thirdHz)
	require.True(t, second.Hears(thirdHz, soon))
	require.Equal(t, 200, <-h.refer(first, "1003", second))
	h.gone(first)
	h.gone(second)
	h.together(callee, thirdHz, third, agentHz)
	h.until("1001", brain.Available)
	require.Equal(t, id, h.agent("1003").Call, "the first goes on")
	third.Hangup()
	h.gone(callee)
	h.until("1002", brain.Available)
	h.until("1003", brain.Available)
	call, _ := h.finished(id)
	require.Equal(t, journal.Answered, call.Outcome)
	require.Equal(t, 1, call.Transfers)
	h.empty()
}

func TestACallWithinTheHouseIsJoinedWithOneThatRings(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002", "1003")
	first, callee := h.colleagues("1001", "1002")
	id := h.only()
	require.NoError(t, first.Hold(t.Context()))
	h.phones["1003"].Behave(softphone.RingForEver)
	second := h.dials("1001", "1003")
	third := h.next("1003")
	h.until("1003", brain.Offered)
	require.NoError(t, h.floor.ask(t.Context(), func() {
		one, other := h.floor.calls[id], h.floor.offerTo("1003").call
		require.NoError(t, one.joinable(other, "1001"))
		one.complete(other, "1001", "", nil)
	}))
	h.gone(second)
	require.True(t, callee.Hears(ringbackHz, soon))
	first.Hangup()
	third.Answer()
	h.speaks(third, thirdHz)
	require.True(t, callee.Hears(thirdHz, soon))
	callee.Hangup()
	h.gone(third)
	h.until("1001", brain.Available)
	h.empty()
}
