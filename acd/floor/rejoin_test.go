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

// browsing has a caller talk to an agent in a browser. The two hear nothing: a softphone does not look for a way by ICE.
func browsing(t *testing.T) (h *house, caller, agent *softphone.Call) {
	h = open(t, func(q *Queue) { q.Announce = false }, "1001")
	h.carry.Store(uint32(media.Browser))
	caller = h.queued("13800000001")
	agent = h.next("1001")
	require.NoError(t, agent.WaitAnswered(h.within()))
	h.seesType("call.talk.started")
	return h, caller, agent
}

func kinds(line []journal.Entry) (all []journal.Kind) {
	for _, e := range line {
		all = append(all, e.Kind)
	}
	return all
}

func TestATalkIsTakenUpByAPageThatWasLoadedAnew(t *testing.T) {
	h, caller, first := browsing(t)
	h.floor.Reach("1001", false)
	h.seesType("call.leg.lost")
	require.Equal(t, brain.Talking, h.agent("1001").State)
	h.floor.Reach("1001", true)

	again := h.next("1001")
	require.Equal(t, "yes", again.Leg().Header("X-Threering-Resume"))
	require.NoError(t, again.WaitAnswered(h.within()))
	h.seesType("call.leg.back")
	_, err := first.WaitEnded(h.within())
	require.NoError(t, err, "the dead leg is cleared")

	require.NoError(t, h.floor.ask(t.Context(), func() {
		for _, c := range h.floor.calls {
			require.NotNil(t, c.talk.bridge)
		}
	}))
	again.Hangup()
	_, err = caller.WaitEnded(h.within())
	require.NoError(t, err)
	call, line := h.ended()
	require.Equal(t, journal.Answered, call.Outcome)
	require.Equal(t, 1, call.Talks)
	require.Subset(t, kinds(line), []journal.Kind{journal.LegLost, journal.LegBack})
	h.empty()
}

func TestACallerHangsUpWhileTheAgentIsAway(t *testing.T) {
	h, caller, _ := browsing(t)
	h.floor.Reach("1001", false)
	h.seesType("call.leg.lost")
	h.phones["1001"].Behave(softphone.RingForEver)
	h.floor.Reach("1001", true)
	back := h.next("1001")
	caller.Hangup()
	_, err := back.WaitEnded(h.within())
	require.NoError(t, err, "nobody is called back for nothing")
	call, line := h.ended()
	require.Equal(t, "caller", call.EndedBy)
	require.False(t, slices.Contains(kinds(line), journal.LegBack))
	h.empty()
}

func TestAnAgentWhoDoesNotComeBack(t *testing.T) {
	h, caller, _ := browsing(t)
	h.floor.Reach("1001", false)
	h.seesType("call.leg.lost")
	require.NoError(t, h.floor.ask(t.Context(), func() {
		for _, c := range h.floor.calls {
			c.talk.away.Reset(0)
		}
	}))
	_, err := caller.WaitEnded(h.within())
	require.NoError(t, err)
	call, _ := h.ended()
	require.Equal(t, journal.Answered, call.Outcome)
	h.empty()
}
