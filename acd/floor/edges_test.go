package floor

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
)

func TestAStopIsNoAbandon(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	_, err := h.floor.SetAgent(t.Context(), "1001", brain.Break, "tea")
	require.NoError(t, err)
	h.queued("13800000001")
	h.seesType("call.queue.entered")
	h.stop()
	call, _ := h.ended()
	require.Equal(t, journal.Interrupted, call.Outcome)
}

// The phone of a caller who has vanished never answers the BYE; meanwhile the agent becomes free again and again.
func TestStoppingWithACallerWhoHasVanished(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.WrapUp = 0 }, "1001")
	h.talking("13800000001", "1001")
	h.queued("13800000002")
	h.sees("that the second waits", func(e Event) bool { q, ok := e.Data.(QueueView); return ok && q.Waiting == 1 })
	require.NoError(t, h.phones["13800000002"].Close())
	h.phones["13800000002"] = h.phone("nobody")
	h.stop()
	h.mu.Lock()
	defer h.mu.Unlock()
	offers := 0
	for _, e := range h.events {
		if e.Type == "call.offer.made" {
			offers++
		}
	}
	require.Equal(t, 1, offers, "nobody is rung for a call that is being ended")
}

func TestNobodyIsOfferedTheirOwnCall(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	c, err := h.phones["1001"].Dial(t.Context(), "400")
	require.NoError(t, err)
	require.NoError(t, c.WaitAnswered(h.within()))
	require.NoError(t, c.SendInfo(h.within(), '1'))
	_, err = c.WaitEnded(h.within())
	require.NoError(t, err)
	call, line := h.ended()
	require.Equal(t, journal.GaveUp, call.Outcome, "nobody else is there")
	require.False(t, slices.ContainsFunc(line, func(e journal.Entry) bool { return e.Kind == journal.OfferMade }))
}

// The page of an agent whose only phone is the browser signs in before its telephone registers.
func TestAPhoneThatComesAfterTheSignOn(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	signOn := func(available bool) AgentView {
		_, err := h.floor.SetAgent(t.Context(), "1001", brain.Offline, "")
		require.NoError(t, err)
		h.floor.Reach("1001", false)
		require.NoError(t, h.floor.SignOn(t.Context(), "1001", available))
		require.Equal(t, noDevice, h.agent("1001").Reason)
		h.floor.Reach("1001", true)
		return h.agent("1001")
	}
	require.Equal(t, brain.Available, signOn(true).State)
	require.Equal(t, "signed_in", signOn(false).Reason)

	_, err := h.floor.SetAgent(t.Context(), "1001", brain.Break, "tea")
	require.NoError(t, err)
	h.floor.Reach("1001", false)
	h.floor.Reach("1001", true)
	require.Equal(t, "tea", h.agent("1001").Reason, "who has set themselves stays so")
}

// asksAgain asks once more when nobody came.
type asksAgain struct{ script }

func (a asksAgain) Next(s State, r Result) (State, Step) {
	switch r.(type) {
	case GaveUp:
		s.Step = "again"
		return s, Ask{Prompts: []string{"sorry"}, Keys: 1, Timeout: 100 * time.Millisecond}
	case Pressed:
		if s.Step == "again" {
			return s, Hangup{Reason: "pressed"}
		}
	}
	return a.script.Next(s, r)
}

func TestKeysPressedWhileWaitingAnswerNothing(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.MaxWait = 500 * time.Millisecond }, "1001")
	require.NoError(t, h.floor.ask(t.Context(), func() { h.floor.cfg.Script = asksAgain{newScript()} }))
	_, err := h.floor.SetAgent(t.Context(), "1001", brain.Break, "tea")
	require.NoError(t, err)
	caller := h.queued("13800000001")
	h.seesType("call.queue.entered")
	require.NoError(t, caller.SendInfo(h.within(), '0')) // impatient
	_, line := h.ended()
	require.False(t, slices.ContainsFunc(line, func(e journal.Entry) bool { return e.Kind == journal.KeysPressed && e.Step == "again" }))
}

func TestAWrapUpThatAStopCutOff(t *testing.T) {
	t.Parallel()
	h, _, caller, _ := inTalk(t, "1001")
	caller.Hangup()
	h.until("1001", brain.WrapUp)
	call, _ := h.ended()
	last := journal.Entry{Call: call.ID, At: time.Now(), Details: journal.Details{Agent: "1001", State: string(brain.WrapUp)}}
	require.NoError(t, h.floor.Resume(t.Context(), Past{Agents: []journal.Entry{last}}))
	require.NoError(t, h.journal.Flush(t.Context()))
	line, err := h.journal.Timeline(t.Context(), call.ID)
	require.NoError(t, err)
	i := slices.IndexFunc(line, func(e journal.Entry) bool { return e.Kind == journal.WrapUpEnded })
	require.GreaterOrEqual(t, i, 0)
	require.Equal(t, "interrupted", line[i].Why)
}

func TestAgentsWhoLeaveThePlan(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	var both Plan
	require.NoError(t, h.floor.ask(t.Context(), func() { both = h.floor.plan }))
	one := both
	one.Agents = both.Agents[1:]
	ids := func() (list []string) {
		agents, err := h.floor.Agents(t.Context())
		require.NoError(t, err)
		for _, a := range agents {
			list = append(list, a.ID)
		}
		return list
	}
	caller, _ := h.talking("13800000001", "1001")
	require.NoError(t, h.floor.Configure(t.Context(), one))
	require.Equal(t, []string{"1001", "1002"}, ids(), "the talk is not disturbed")
	caller.Hangup()
	h.empty()
	require.Eventually(t, func() bool { return len(ids()) == 1 }, soon, 5*time.Millisecond)

	require.NoError(t, h.floor.Configure(t.Context(), both))
	require.Equal(t, brain.Offline, h.agent("1001").State, "whoever comes back begins anew")
	_, err := h.floor.SetAgent(t.Context(), "1002", brain.Offline, "")
	require.NoError(t, err)
	require.NoError(t, h.floor.SignOn(t.Context(), "1001", true))
	h.queued("13800000002")
	require.NoError(t, h.next("1001").WaitAnswered(h.within()))
}

func TestAnAgentWhoHangsUpInTheAnnouncement(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	caller := h.queued("13800000001")
	agent := h.next("1001")
	h.seesType("call.caller.hears")
	agent.Hangup()
	require.NoError(t, h.next("1002").WaitAnswered(h.within()), "the caller waits on, for somebody else")
	caller.Hangup()
	h.empty()
}

// silence has a side of the only call fall silent, as a port reports it, and checks that this alone ends the talk: the
// phone may have lost its power and answer nothing.
func (h *house) silence(of func(*call) func()) {
	h.t.Helper()
	var talking bool
	require.NoError(h.t, h.floor.ask(h.t.Context(), func() {
		for _, c := range h.floor.calls {
			of(c)()
			talking = c.talk != nil
		}
	}))
	require.False(h.t, talking)
}

func TestACallerWhoseLineIsDeadIsHungUpOn(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.talking("13800000001", "1001")
	h.silence(func(c *call) func() { return c.fellSilent })
	call, line := h.ended()
	require.Equal(t, "system", call.EndedBy)
	require.True(t, slices.ContainsFunc(line, func(e journal.Entry) bool { return e.Kind == journal.LegSilent && e.By == "caller" }))
}

func TestACallerWhoseLineDiesInTheQueueHasAbandonedIt(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	_, err := h.floor.SetAgent(t.Context(), "1001", brain.Break, "tea")
	require.NoError(t, err)
	caller := h.queued("13800000001")
	h.seesType("call.queue.entered")
	h.silence(func(c *call) func() { return c.fellSilent })
	_, err = caller.WaitEnded(h.within())
	require.NoError(t, err, "the phone is told, should it be there")
	call, line := h.ended()
	require.Equal(t, journal.Abandoned, call.Outcome)
	require.True(t, slices.ContainsFunc(line, func(e journal.Entry) bool {
		return e.Kind == journal.QueueLeft && e.Why == string(journal.Abandoned)
	}), "the report counts by this")
	h.empty()
}

func TestAnAgentWhoseLineIsDeadLosesTheTalkButNotTheCaller(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.talking("13800000001", "1001")
	h.silence(func(c *call) func() { return func() { c.talk.offer.fellSilent(c.talk.offer.side) } })
	h.seesType("call.talk.ended")
	call, line := h.ended()
	require.Equal(t, journal.Answered, call.Outcome)
	require.True(t, slices.ContainsFunc(line, func(e journal.Entry) bool {
		return e.Kind == journal.LegSilent && e.By == "agent" && e.Agent == "1001"
	}))
}
