package floor

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/recording"
	"threering/sip/softphone"
)

// finished waits for a call to be over, and gives its summary and timeline.
func (h *house) finished(id string) (journal.Call, []journal.Entry) {
	h.t.Helper()
	h.sees("the end of "+id, func(e Event) bool {
		news, ok := e.Data.(CallNews)
		return ok && news.Call == id && news.Kind == journal.CallEnded
	})
	require.NoError(h.t, h.journal.Flush(h.t.Context()))
	call, err := h.journal.Call(h.t.Context(), id)
	require.NoError(h.t, err)
	line, err := h.journal.Timeline(h.t.Context(), id)
	require.NoError(h.t, err)
	return call, line
}

// consultation is the call that is about another.
func (h *house) consultation() string {
	h.t.Helper()
	id := ""
	require.Eventually(h.t, func() bool {
		require.NoError(h.t, h.floor.ask(h.t.Context(), func() {
			for _, c := range h.floor.calls {
				if c.about != nil {
					id = c.id
				}
			}
		}))
		return id != ""
	}, soon, 5*time.Millisecond)
	return id
}

// deaf checks that a phone does not hear a tone while others do.
func (h *house) deaf(c *softphone.Call, hz float64, why string) {
	h.t.Helper()
	require.False(h.t, c.Hears(hz, hush), why)
}

func TestAttendedTransferFromThePhone(t *testing.T) {
	t.Parallel()
	h, id, caller, first := inTalk(t, "1001", "1002")
	require.NoError(t, first.Hold(t.Context()))
	require.True(t, caller.Hears(musicHz, soon))
	second := h.dials("1001", "1002")
	colleague := h.next("1002")
	h.speaks(second, agentHz)
	h.speaks(colleague, secondHz)
	h.together(second, secondHz, colleague, agentHz)
	h.deaf(caller, secondHz, "the consultation is not the caller's to hear")
	consultation := h.consultation()

	require.Equal(t, 200, <-h.refer(first, "1002", second))
	h.gone(first)
	h.gone(second)
	h.together(caller, secondHz, colleague, callerHz)
	h.until("1001", brain.WrapUp)
	h.until("1002", brain.Talking)
	require.Equal(t, id, h.agent("1002").Call)
	caller.Hangup()
	h.gone(colleague)
	h.until("1002", brain.WrapUp)

	call, line := h.finished(id)
	requireOrder(t, line, journal.ConsultStarted, journal.TransferAsked, journal.TransferDone, journal.TalkEnded)
	require.Equal(t, journal.Answered, call.Outcome)
	require.Equal(t, 2, call.Talks)
	require.Equal(t, 1, call.Transfers)
	requireOrder(t, line, journal.TalkHeld, journal.ConsultStarted, journal.CallMerged, journal.TalkEnded, journal.TalkStarted, journal.CallEnded)
	other, _ := h.finished(consultation)
	require.Equal(t, journal.Consult, other.Direction)
	require.Equal(t, journal.Merged, other.Outcome)
	require.Equal(t, id, other.MergedInto)
	list, err := h.archive.List(t.Context(), id)
	require.NoError(t, err)
	require.Len(t, list, 2)
	h.empty()
}

// consulting has the agent speak with another by the API.
func consulting(t *testing.T) (h *house, id string, caller, agent, colleague *softphone.Call) {
	h, id, caller, agent = inTalk(t, "1001", "1002")
	h.consults(id, "1001", "1002")
	require.True(t, caller.Hears(musicHz, soon), "the caller waits")
	colleague = h.next("1002")
	h.speaks(colleague, secondHz)
	h.together(agent, secondHz, colleague, agentHz)
	h.deaf(caller, secondHz, "the caller hears nothing of it")
	h.deaf(colleague, callerHz, "nor is the caller heard")
	return h, id, caller, agent, colleague
}

func TestAConsultationIsJoined(t *testing.T) {
	t.Parallel()
	h, id, caller, agent, colleague := consulting(t)
	consultation := h.consultation()
	require.NoError(t, h.floor.Complete(t.Context(), id, Asker{Person: "1001"}))
	h.gone(agent)
	h.together(caller, secondHz, colleague, callerHz)
	h.until("1001", brain.WrapUp)
	colleague.Hangup()
	h.gone(caller)
	h.until("1002", brain.WrapUp)
	call, _ := h.finished(id)
	require.Equal(t, []string{"1001", "1002"}, call.Agents)
	require.Positive(t, call.HoldMs)
	other, _ := h.finished(consultation)
	require.Equal(t, journal.Merged, other.Outcome)
	h.empty()
}

func TestAConsultationIsGivenUp(t *testing.T) {
	t.Parallel()
	h, id, caller, agent, colleague := consulting(t)
	require.NoError(t, h.floor.Return(t.Context(), id, Asker{Person: "1001"}))
	h.gone(colleague)
	h.together(caller, agentHz, agent, callerHz)
	h.until("1002", brain.Available)
	require.ErrorIs(t, h.floor.Return(t.Context(), id, Asker{Person: "1001"}), ErrNotNow)
	require.ErrorIs(t, h.floor.Complete(t.Context(), id, Asker{Person: "1001"}), ErrNotNow)
	caller.Hangup()
	h.gone(agent)
	h.empty()
}

func TestWhoIsConsultedHangsUp(t *testing.T) {
	t.Parallel()
	h, _, caller, agent, colleague := consulting(t)
	colleague.Hangup()
	h.together(caller, agentHz, agent, callerHz)
	caller.Hangup()
	h.gone(agent)
	h.empty()
}

func TestTheAgentHangsUpInAConsultation(t *testing.T) {
	t.Parallel()
	h, id, caller, agent, colleague := consulting(t)
	agent.Hangup()
	require.True(t, caller.Hears(secondHz, soon), "that puts the caller through")
	require.True(t, colleague.Hears(callerHz, soon))
	h.until("1001", brain.WrapUp)
	caller.Hangup()
	h.gone(colleague)
	call, _ := h.finished(id)
	require.Equal(t, 2, call.Talks)
	h.empty()
}

func TestTheCallerHangsUpInAConsultation(t *testing.T) {
	t.Parallel()
	h, id, caller, agent, colleague := consulting(t)
	caller.Hangup()
	h.finished(id)
	require.True(t, agent.Hears(secondHz, soon), "the two go on")
	require.True(t, colleague.Hears(agentHz, soon))
	h.until("1001", brain.Talking)
	agent.Hangup()
	h.gone(colleague)
	h.until("1001", brain.WrapUp)
	h.until("1002", brain.Available)
	h.empty()
}

func TestAConsultationIsJoinedWhileItRings(t *testing.T) {
	t.Parallel()
	h, id, caller, agent := inTalk(t, "1001", "1002")
	h.phones["1002"].Behave(softphone.RingForEver)
	h.consults(id, "1001", "1002")
	colleague := h.next("1002")
	h.until("1002", brain.Offered)
	agent.Hangup()
	require.True(t, caller.Hears(ringbackHz, soon))
	colleague.Answer()
	h.speaks(colleague, secondHz)
	require.True(t, caller.Hears(secondHz, soon))
	caller.Hangup()
	h.gone(colleague)
	h.empty()
}

func TestAConsultationWithAQueue(t *testing.T) {
	t.Parallel()
	h, id, caller, agent := inTalk(t, "1001", "1002")
	_, err := h.floor.Consult(t.Context(), id, Asker{Person: "1001"}, Target{Kind: journal.ToQueue, ID: "sales"})
	require.NoError(t, err)
	colleague := h.next("1002")
	h.speaks(colleague, secondHz)
	require.True(t, agent.Hears(secondHz, soon))
	require.NoError(t, h.floor.Complete(t.Context(), id, Asker{Person: "1001"}))
	h.gone(agent)
	require.True(t, caller.Hears(secondHz, soon))
	h.until("1002", brain.Talking)
	caller.Hangup()
	h.gone(colleague)
	h.until("1002", brain.WrapUp)
	h.empty()
}

func TestWhoHangsUpWhileTheColleagueIsAnnouncedPutsTheCallerThrough(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.Briefing = Briefing{Prompts: []string{"whisper"}} }, "1001", "1002")
	caller := h.queued("13800000001")
	agent := h.next("1001")
	caller.PlayTone(callerHz)
	h.speaks(agent, agentHz)
	require.True(t, agent.Hears(callerHz, soon))
	_, err := h.floor.Consult(t.Context(), h.only(), Asker{Person: "1001"}, Target{Kind: journal.ToQueue, ID: "sales"})
	require.NoError(t, err)
	colleague := h.next("1002")
	require.NoError(t, colleague.WaitAnswered(h.within()))
	require.True(t, colleague.Hears(whisperHz, soon))
	agent.Hangup()
	colleague.PlayTone(secondHz)
	h.together(caller, secondHz, colleague, callerHz)
	caller.Hangup()
	h.gone(colleague)
	h.until("1002", brain.WrapUp)
	h.empty()
}

// recordings are those of a call, once they are complete.
func (h *house) recordings(id string, many int) []recording.Recording {
	h.t.Helper()
	var list []recording.Recording
	require.Eventually(h.t, func() bool {
		var err error
		list, err = h.archive.List(h.t.Context(), id)
		require.NoError(h.t, err)
		return len(list) == many && !slices.ContainsFunc(list, func(r recording.Recording) bool { return r.State != recording.StateComplete })
	}, soon, 5*time.Millisecond)
	return list
}
