package floor

import (
	"testing"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/sip/softphone"
)

const bossHz = 2200

func TestASupervisorListensWhispersAndTakesPart(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.phones["sup"] = h.phone("sup")
	require.NoError(t, h.phones["sup"].Register(t.Context()))
	caller, agent := h.talking("13800000001", "1001")
	id := h.only()
	require.NoError(t, h.floor.Help(t.Context(), id, "1001", "?"))
	require.Equal(t, id, h.seesType("agent.help").Data.(HelpNews).Call)
	require.Equal(t, "?", h.agent("1001").Talk.Help.Text)
	require.ErrorIs(t, h.floor.HelpDone(t.Context(), id, Asker{Person: "1002"}), ErrNotYours)
	require.NoError(t, h.floor.HelpDone(t.Context(), id, Asker{Person: "1001"}))
	require.Nil(t, h.agent("1001").Talk.Help)
	require.NoError(t, h.floor.Help(t.Context(), id, "1001", "!"))
	require.ErrorIs(t, h.floor.Watch(t.Context(), id, "sup", "spy"), ErrBadMode)
	require.ErrorIs(t, h.floor.Watch(t.Context(), id, "1001", Listen), ErrSelf)

	require.NoError(t, h.floor.Watch(t.Context(), id, "sup", Listen))
	boss := h.next("sup")
	h.speaks(boss, bossHz)
	require.True(t, boss.HearsAmong(callerHz, soon))
	require.Nil(t, h.agent("1001").Talk.Help, "it is there")
	require.True(t, boss.HearsAmong(agentHz, soon))
	require.True(t, caller.Hears(agentHz, soon), "as before")
	require.True(t, agent.Hears(callerHz, soon))
	require.False(t, caller.HearsAmong(bossHz, hush), "who listens is heard by nobody")
	require.False(t, agent.HearsAmong(bossHz, hush))

	require.NoError(t, h.floor.Watch(t.Context(), id, "sup", Whisper))
	require.True(t, agent.HearsAmong(bossHz, soon))
	require.True(t, caller.Hears(agentHz, soon))
	require.False(t, caller.HearsAmong(bossHz, hush), "a whisper is not the caller's to hear")

	require.NoError(t, h.floor.Watch(t.Context(), id, "sup", Barge))
	require.True(t, caller.HearsAmong(bossHz, soon))
	require.True(t, agent.HearsAmong(bossHz, soon))

	require.NoError(t, h.floor.Watch(t.Context(), id, "sup", Listen))
	require.True(t, caller.Hears(agentHz, soon))
	require.NoError(t, h.floor.Unwatch(t.Context(), id, "sup"))
	h.gone(boss)
	require.ErrorIs(t, h.floor.Unwatch(t.Context(), id, "sup"), ErrNoCall)
	h.together(caller, agentHz, agent, callerHz)
	caller.Hangup()
	h.gone(agent)
	_, line := h.finished(id)
	requireOrder(t, line, journal.HelpAsked, journal.HelpOver, journal.HelpAsked, journal.WatcherJoined, journal.HelpOver, journal.WatcherChanged, journal.WatcherChanged, journal.WatcherChanged, journal.WatcherLeft)
	list := h.recordings(id, 1)
	var roles []string
	for _, p := range list[0].Present {
		require.Equal(t, "sup", p.Person)
		roles = append(roles, p.Role)
	}
	require.Equal(t, []string{"listen", "whisper", "barge", "listen"}, roles)
	left, right := h.sides(list[0].ID)
	require.Zero(t, tenths(left, bossHz))
	require.Positive(t, mixed(right, agentHz, bossHz), "who takes part is recorded")
	h.empty()
}

// Who watches is not rung for another call, and not by another supervisor's wish.
func TestWhoWatchesIsBusy(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	h.phones["1002"].Behave(softphone.RingForEver)
	_, agent := h.talking("13800000001", "1001")
	id := h.only()
	require.NoError(t, h.floor.Watch(t.Context(), id, "1002", Listen))
	require.Equal(t, brain.Offered, h.agent("1002").State)
	boss := h.next("1002")
	boss.Answer()
	h.until("1002", brain.Talking)
	require.Equal(t, id, h.agent("1002").Call)
	require.ErrorIs(t, h.floor.Transfer(t.Context(), id, Asker{Person: "1001"}, Target{Kind: journal.ToAgent, ID: "1002"}), ErrTargetBusy)
	other := h.queued("13800000002")
	h.sees("who waits", func(e Event) bool { v, ok := e.Data.(QueueView); return ok && v.Waiting == 1 })
	require.Equal(t, brain.Talking, h.agent("1002").State)
	require.NoError(t, h.floor.Unwatch(t.Context(), id, "1002"))
	h.gone(boss)
	h.next("1002").Answer() // now they take it
	require.True(t, other.Hears(announceHz, soon))
	require.ErrorIs(t, h.floor.Watch(t.Context(), id, "1002", Listen), ErrNotNow)
	agent.Hangup()
	h.gone(agent)
}

func TestASupervisorIsSentAwayWithTheTalk(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.phones["sup"] = h.phone("sup")
	require.NoError(t, h.phones["sup"].Register(t.Context()))
	caller, agent := h.talking("13800000001", "1001")
	require.NoError(t, h.floor.Watch(t.Context(), h.only(), "sup", Barge))
	boss := h.next("sup")
	require.NoError(t, boss.WaitAnswered(h.within()))
	caller.Hangup()
	h.gone(boss)
	h.gone(agent)
	h.empty()
}
