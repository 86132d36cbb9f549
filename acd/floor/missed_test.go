package floor

import (
	"testing"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/sip/softphone"
)

// Who hung up waiting is called back because a supervisor wants it, once, and before who has not waited as long.
func TestAMissedCallerIsCalledBack(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.onBreak("1001")
	caller := h.queued("13800000009")
	require.True(t, caller.Hears(musicHz, soon))
	caller.Hangup()
	missed, _ := h.ended()
	require.Equal(t, journal.Abandoned, missed.Outcome)
	_, err := h.floor.CallBack(t.Context(), missed, "sup")
	require.ErrorIs(t, err, ErrNoTrunk)
	h.outside("13800000001")
	missed.Number = "13800000001"
	elsewhere, withheld := missed, missed
	elsewhere.Queue, withheld.Number = "gone", "anonymous"
	_, err = h.floor.CallBack(t.Context(), elsewhere, "sup")
	require.ErrorIs(t, err, ErrNoQueue)
	_, err = h.floor.CallBack(t.Context(), withheld, "sup")
	require.ErrorIs(t, err, ErrNoTarget)

	h.queued("13800000002")
	back, err := h.floor.CallBack(t.Context(), missed, "sup")
	require.NoError(t, err)
	_, err = h.floor.CallBack(t.Context(), missed, "sup")
	require.ErrorIs(t, err, ErrServed)
	list, err := h.floor.Callbacks(t.Context())
	require.NoError(t, err)
	require.Len(t, list, 1)
	h.phones["13800000001"].Behave(softphone.AnswerAfter(0))
	h.back("1001")
	agent := h.next("1001")
	h.speaks(agent, agentHz)
	customer := h.next("13800000001")
	require.True(t, customer.Hears(agentHz, soon), "before who came after they had hung up, and has not waited as long")
	customer.Hangup()
	call, line := h.line(back)
	require.Equal(t, []any{journal.Answered, missed.ID}, []any{call.Outcome, call.Other})
	placed := entries(line, journal.CallPlaced)[0]
	require.Equal(t, []any{"sup", "test", missed.WaitMs}, []any{placed.By, placed.Flow, placed.WaitedMs})
	h.until("1001", brain.WrapUp)
}
