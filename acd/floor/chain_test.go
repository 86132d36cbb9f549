package floor

import (
	"testing"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
)

// Who is consulted consults somebody else: meanwhile they cannot be given the caller, since they have one leg only.
func TestWhoIsConsultedSpeaksWithSomebodyElse(t *testing.T) {
	t.Parallel()
	h, id, caller, agent := inTalk(t, "1001", "1002", "1003")
	first := h.consults(id, "1001", "1002")
	colleague := h.next("1002")
	h.speaks(colleague, secondHz)
	require.True(t, agent.Hears(secondHz, soon))
	h.consults(first, "1002", "1003")
	third := h.next("1003")
	h.speaks(third, agentHz)
	require.True(t, colleague.Hears(agentHz, soon))

	require.ErrorIs(t, h.floor.Complete(t.Context(), id, Asker{Person: "1001"}), ErrNotNow)
	require.NoError(t, h.floor.Return(t.Context(), first, Asker{Person: "1002"}))
	h.gone(third)
	require.NoError(t, h.floor.Complete(t.Context(), id, Asker{Person: "1001"}))
	h.gone(agent)
	h.together(caller, secondHz, colleague, callerHz)
	colleague.Hangup()
	h.gone(caller)
	h.until("1002", brain.WrapUp)
	h.empty()
}

// An agent's consultation by another leg is nothing to who talks with the caller after them.
func TestAConsultationIsTheAgentsOwn(t *testing.T) {
	t.Parallel()
	h, id, caller, first := inTalk(t, "1001", "1002", "1003")
	require.NoError(t, first.Hold(t.Context()))
	second := h.dials("1001", "1002")
	colleague := h.next("1002")
	h.speaks(second, agentHz)
	require.True(t, colleague.Hears(agentHz, soon))
	require.NoError(t, h.floor.Transfer(t.Context(), id, Asker{Person: "1001"}, Target{Kind: journal.ToAgent, ID: "1003"}))
	third := h.next("1003")
	h.speaks(third, secondHz)
	require.True(t, caller.Hears(secondHz, soon))

	require.ErrorIs(t, h.floor.Complete(t.Context(), id, Asker{Person: "1003"}), ErrNotNow)
	require.Nil(t, h.agent("1003").Talk.Consult)
	require.True(t, colleague.Hears(agentHz, soon), "the two go on")
	caller.Hangup()
	h.gone(third)
	second.Hangup()
	h.gone(colleague)
	h.empty()
}

// A number outside that the agent has dialled by another leg is a guest like any other.
func TestAGuestOutsideLeavesAConference(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.outside("13900000009")
	caller, first := h.talking("13800000001", "1001")
	id := h.only()
	second := h.dials("1001", "13900000009")
	guest := h.next("13900000009")
	h.speaks(guest, secondHz)
	require.True(t, second.Hears(secondHz, soon))
	require.NoError(t, h.floor.Conference(t.Context(), id, Asker{Person: "1001"}))
	h.gone(second)
	require.True(t, caller.HearsAmong(secondHz, soon))
	guest.Hangup()
	h.sees("the guest's leaving", func(e Event) bool { n, ok := e.Data.(CallNews); return ok && n.Kind == journal.GuestLeft })
	require.Empty(t, h.agent("1001").Talk.Guests)
	caller.Hangup()
	h.gone(first)
	h.empty()
}

func TestAGuestWhoseLineIsDeadIsSentAway(t *testing.T) {
	t.Parallel()
	h, id, caller, agent, colleague := conferring(t)
	require.NoError(t, h.floor.ask(t.Context(), func() {
		o := h.floor.calls[id].guests[0]
		o.fellSilent(o.side)
	}))
	h.gone(colleague)
	h.until("1002", brain.WrapUp)
	require.True(t, caller.Hears(agentHz, soon), "the others go on")
	caller.Hangup()
	h.gone(agent)
	_, line := h.finished(id)
	require.Equal(t, "guest", entries(line, journal.LegSilent)[0].By)
	h.empty()
}

// Who was put through, or is no caller, is not counted where the queue flows over either.
func TestWhoIsNotCountedFlowsOver(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.MaxWait = 0 }, "1001", "1002")
	h.replan(second)
	caller, agent := h.talking("13800000001", "1001")
	id := h.only()
	_, err := h.floor.SetAgent(t.Context(), "1002", brain.Break, "tea")
	require.NoError(t, err)
	require.NoError(t, h.floor.Transfer(t.Context(), id, Asker{Person: "1001"}, Target{Kind: journal.ToQueue, ID: "sales"}))
	h.gone(agent)
	require.NoError(t, h.floor.Move(t.Context(), id, "second", "sup"))
	caller.Hangup()
	_, line := h.finished(id)
	entered := entries(line, journal.QueueEntered)
	require.Len(t, entered, 3)
	require.Equal(t, []string{"", journal.Transferred, journal.Transferred}, []string{entered[0].Why, entered[1].Why, entered[2].Why})
	h.empty()
}

func TestNobodyIsPutThroughToAClosedQueue(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	h.replan(second)
	caller, agent := h.talking("13800000001", "1001")
	_, err := h.floor.OpenQueue(t.Context(), "second", false, "sup")
	require.NoError(t, err)
	to := Target{Kind: journal.ToQueue, ID: "second"}
	require.ErrorIs(t, h.floor.Transfer(t.Context(), h.only(), Asker{Person: "1001"}, to), ErrTargetBusy)
	h.speaks(agent, agentHz)
	require.True(t, caller.Hears(agentHz, soon), "the caller is still with the agent")
	targets, err := h.floor.Targets(t.Context())
	require.NoError(t, err)
	for _, v := range targets {
		require.Equal(t, v.Kind == journal.ToQueue && v.ID == "sales" || v.ID == "1002", v.Free, v)
	}
	caller.Hangup()
	h.gone(agent)
	h.empty()
}

// Where the caller talks with a number outside there is no agent by whose leave another could be called.
func TestWithoutAnAgentNobodyOutsideIsCalled(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.outside("13900000009")
	h.outside("13900000008")
	caller, agent := h.talking("13800000001", "1001")
	id, to := h.only(), func(number string) Target { return Target{Kind: journal.ToNumber, ID: number} }
	require.NoError(t, h.floor.Transfer(t.Context(), id, Asker{Person: "1001"}, to("13900000009")))
	other := h.next("13900000009")
	h.speaks(other, secondHz)
	h.gone(agent)
	require.True(t, caller.Hears(secondHz, soon))
	require.ErrorIs(t, h.floor.Transfer(t.Context(), id, Asker{Person: "sup", Any: true}, to("13900000008")), ErrNotNow)
	caller.Hangup()
	h.gone(other)
	h.empty()
}
