package floor

import (
	"testing"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
)

func TestABreakAfterThisCall(t *testing.T) {
	t.Parallel()
	h, _, caller, _ := inTalk(t, "1001")
	set := func(s brain.State, reason string) AgentView {
		v, err := h.floor.SetAgent(t.Context(), "1001", s, reason)
		require.NoError(t, err)
		return v
	}
	v := set(brain.Break, "lunch")
	require.Equal(t, brain.Talking, v.State)
	require.Equal(t, &Next{State: brain.Break, Reason: "lunch"}, v.Next)
	h.sees("the reserved break", func(e Event) bool {
		v, ok := e.Data.(AgentView)
		return ok && v.State == brain.Talking && v.Next != nil && v.Next.State == brain.Break
	})
	require.Nil(t, set(brain.Available, "").Next, "undone")
	require.Equal(t, brain.Offline, set(brain.Offline, "").Next.State)
	set(brain.Break, "tea")
	caller.Hangup()
	h.until("1001", brain.WrapUp)
	require.Equal(t, "tea", h.agent("1001").Next.Reason, "it stands while the call is wrapped up")
	call, line := h.ended()
	_, err := h.floor.Dispose(t.Context(), call.ID, "1001", 0, journal.Disposition{Reason: "order"})
	require.NoError(t, err)
	h.until("1001", brain.Break)
	require.Equal(t, "tea", h.agent("1001").Reason)
	require.Nil(t, h.agent("1001").Next)
	require.Len(t, entries(line, journal.AgentReserved), 4)
	h.empty()
}
