package floor

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
	"threering/sip/softphone"
)

// conferring brings three together.
func conferring(t *testing.T) (h *house, id string, caller, agent, colleague *softphone.Call) {
	h, id, caller, agent, colleague = consulting(t)
	require.NoError(t, h.floor.Conference(t.Context(), id, Asker{Person: "1001"}))
	for _, hears := range []struct {
		who  *softphone.Call
		tone float64
	}{{caller, agentHz}, {caller, secondHz}, {agent, callerHz}, {agent, secondHz}, {colleague, callerHz}, {colleague, agentHz}} {
		require.True(t, hears.who.HearsAmong(hears.tone, soon), hears)
	}
	return h, id, caller, agent, colleague
}

func TestAConference(t *testing.T) {
	t.Parallel()
	h, id, caller, agent, colleague := conferring(t)
	agent.Hangup()
	require.True(t, caller.Hears(secondHz, soon), "the other two go on")
	require.True(t, colleague.Hears(callerHz, soon))
	h.until("1001", brain.WrapUp)
	caller.Hangup()
	h.gone(colleague)
	h.until("1002", brain.WrapUp)
	call, line := h.finished(id)
	requireOrder(t, line, journal.CallMerged, journal.GuestJoined, journal.TalkEnded, journal.TalkStarted, journal.CallEnded)
	require.Equal(t, []string{"1001", "1002"}, call.Agents)
	list := h.recordings(id, 2)
	require.Equal(t, "1002", list[0].Present[0].Person)
	require.Equal(t, "guest", list[0].Present[0].Role)
	left, right := h.sides(list[0].ID)
	require.GreaterOrEqual(t, tenths(left, callerHz), 3)
	require.Zero(t, tenths(left, secondHz))
	require.GreaterOrEqual(t, mixed(right, agentHz, secondHz), 3, "the mix of the others")
	h.empty()
}

func TestAGuestLeavesAConference(t *testing.T) {
	t.Parallel()
	h, id, caller, agent, colleague := conferring(t)
	colleague.Hangup()
	h.together(caller, agentHz, agent, callerHz)
	h.until("1002", brain.WrapUp)
	caller.Hangup()
	h.gone(agent)
	_, line := h.finished(id)
	requireOrder(t, line, journal.GuestJoined, journal.GuestLeft, journal.TalkEnded)
	h.empty()
}

func TestTheCallerLeavesAConference(t *testing.T) {
	t.Parallel()
	h, _, caller, agent, colleague := conferring(t)
	caller.Hangup()
	h.gone(agent)
	h.gone(colleague)
	h.until("1002", brain.WrapUp)
	h.empty()
}

// mixed counts the tenths of a second in which two tones are heard at once.
func mixed(pcm []int16, a, b float64) int {
	n := 0
	for part := range slices.Chunk(pcm, media.SampleRate/10) {
		if media.Detect(part, a) > 0.2 && media.Detect(part, b) > 0.2 {
			n++
		}
	}
	return n
}
