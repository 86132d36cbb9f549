package floor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/journal"
	"threering/sip"
	"threering/sip/softphone"
)

// shows waits for an event that tells of an agent's talk as it is wanted.
func (h *house) shows(what, agent string, fits func(t *TalkView) bool) {
	h.t.Helper()
	h.sees(what, func(e Event) bool {
		v, ok := e.Data.(AgentView)
		return ok && v.ID == agent && v.Talk != nil && fits(v.Talk)
	})
}

func TestATalkIsSeenToBecomeAConference(t *testing.T) {
	t.Parallel()
	h, id, caller, agent := inTalk(t, "1001", "1002")
	h.phones["1002"].Behave(softphone.RingForEver)
	h.shows("talk", "1001", func(v *TalkView) bool { return v.Joined && !v.Held && v.Consult == nil })
	h.consults(id, "1001", "1002")
	colleague := h.next("1002")
	h.shows("consultation", "1001", func(v *TalkView) bool {
		return v.Held && v.Consult != nil && v.Consult.State == "ringing" && v.Consult.ID == "1002" && v.Consult.Name == h.agent("1002").Name
	})
	colleague.Answer()
	h.shows("consultation that is answered", "1001", func(v *TalkView) bool { return v.Consult != nil && v.Consult.State == "talking" })
	require.Equal(t, journal.Consult, h.agent("1002").Talk.Direction)
	require.NoError(t, h.floor.Conference(t.Context(), id, Asker{Person: "1001"}))
	require.Eventually(t, func() bool { return h.agent("1002").Talk == nil }, soon, 5*time.Millisecond, "the talk is the agent's")
	h.shows("guest", "1001", func(v *TalkView) bool {
		return v.Consult == nil && !v.Held && len(v.Guests) == 1 && v.Guests[0].ID == "1002"
	})
	require.NoError(t, h.floor.RemoveGuest(t.Context(), id, Asker{Person: "1001"}, "1002"))
	h.gone(colleague)
	require.Empty(t, h.agent("1001").Talk.Guests)
	caller.Hangup()
	h.gone(agent)
	h.empty()
}

func TestATransferIsSeenWhileItRings(t *testing.T) {
	t.Parallel()
	h, _, caller, agent := inTalk(t, "1001", "1002")
	h.phones["1002"].Behave(softphone.RingForEver)
	require.NoError(t, h.floor.Transfer(t.Context(), h.only(), Asker{Person: "1001"}, Target{Kind: journal.ToAgent, ID: "1002"}))
	h.next("1002")
	h.shows("transfer", "1001", func(v *TalkView) bool { return v.Moving != nil && v.Moving.ID == "1002" })
	caller.Hangup()
	h.gone(agent)
	h.empty()
}

func TestWhoWasAskedForInVainIsSeen(t *testing.T) {
	t.Parallel()
	h, _, caller, agent := inTalk(t, "1001", "1002")
	h.phones["1002"].Behave(softphone.Busy)
	id, to := h.only(), Target{Kind: journal.ToAgent, ID: "1002"}
	require.NoError(t, h.floor.Transfer(t.Context(), id, Asker{Person: "1001"}, to))
	h.shows("transfer in vain", "1001", func(v *TalkView) bool {
		return v.Moving == nil && v.Failed != nil && v.Failed.ID == "1002" && v.Failed.Why == "busy"
	})
	h.phones["1002"].Behave(softphone.RingForEver)
	_, err := h.floor.Consult(t.Context(), id, Asker{Person: "1001"}, to)
	require.NoError(t, err)
	require.Nil(t, h.agent("1001").Talk.Failed)
	require.NoError(t, h.floor.Return(t.Context(), id, Asker{Person: "1001"}))
	caller.Hangup()
	h.gone(agent)
	h.empty()
}

func TestANumberThatMayNotBeCalledBringsTheCallerBack(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.floor.cfg.Trunks = closedTrunks{}
	caller, agent := h.talking("13800000001", "1001")
	id, to := h.only(), Target{Kind: journal.ToNumber, ID: "13900000009"}
	fails := func(v *TalkView) bool {
		return v.Moving == nil && v.Consult == nil && v.Failed != nil && v.Failed.Why == "not_allowed"
	}
	require.NoError(t, h.floor.Transfer(t.Context(), id, Asker{Person: "1001"}, to))
	h.shows("transfer", "1001", fails)
	require.True(t, caller.Hears(agentHz, soon))
	_, err := h.floor.Consult(t.Context(), id, Asker{Person: "1001"}, to)
	require.NoError(t, err)
	require.Eventually(t, func() bool { v := h.agent("1001").Talk; return !v.Held && fails(v) }, soon, 5*time.Millisecond)
	h.together(caller, agentHz, agent, callerHz)
	caller.Hangup()
	h.gone(agent)
	h.empty()
}

// closedTrunks find only when they dial that a number may not be called.
type closedTrunks struct{}

func (closedTrunks) Allow(string, string) error { return nil }

func (closedTrunks) DialOut(string, string, sip.Dial) (*sip.Leg, error) {
	return nil, sip.ErrNotAllowed
}

func TestBothSeeTheOtherOfACallWithinTheHouse(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	h.phones["1002"].Behave(softphone.RingForEver)
	agent := h.dials("1001", "1002")
	colleague := h.next("1002")
	require.Equal(t, "1002", h.agent("1001").With)
	colleague.Answer()
	h.shows("talk", "1002", func(v *TalkView) bool { return v.Direction == journal.Internal })
	require.Equal(t, "1002", h.agent("1001").With)
	require.Equal(t, "1001", h.agent("1002").With)
	agent.Hangup()
	h.gone(colleague)
	h.empty()
}
