package floor

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
	"threering/sip"
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

// browser has the leg of the agent in the only talk say something of its browser.
func (h *house) browser(e sip.Event) {
	h.t.Helper()
	require.NoError(h.t, h.floor.ask(h.t.Context(), func() {
		for _, c := range h.floor.calls {
			c.talk.offer.hears(c.talk.offer.side, e)
		}
	}))
}

func kinds(line []journal.Entry) (all []journal.Kind) {
	for _, e := range line {
		all = append(all, e.Kind)
	}
	return all
}

func TestATalkIsTakenUpByAPageThatWasLoadedAnew(t *testing.T) {
	t.Parallel()
	h, caller, first := browsing(t)
	h.browser(sip.Stranded{})
	h.seesType("call.leg.lost")
	require.Equal(t, brain.Talking, h.agent("1001").State)
	h.browser(sip.Rejoined{})

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
	t.Parallel()
	h, caller, _ := browsing(t)
	h.browser(sip.Stranded{})
	h.seesType("call.leg.lost")
	h.phones["1001"].Behave(softphone.RingForEver)
	h.browser(sip.Rejoined{})
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
	t.Parallel()
	h, caller, _ := browsing(t)
	h.browser(sip.Stranded{})
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

func TestAPageThatWasOnlyCutOffGoesOn(t *testing.T) {
	t.Parallel()
	h, caller, agent := browsing(t)
	h.browser(sip.Stranded{})
	h.seesType("call.leg.lost")
	h.browser(sip.Rejoined{Same: true})
	h.seesType("call.leg.back")
	require.NoError(t, h.floor.ask(t.Context(), func() {
		for _, c := range h.floor.calls {
			require.Nil(t, c.talk.rejoin, "the page is not called again")
			require.Nil(t, c.talk.away)
		}
	}))
	caller.Hangup()
	_, err := agent.WaitEnded(h.within())
	require.NoError(t, err, "it is the same leg")
	h.ended()
	h.empty()
}

// inTalk does something with the only talk.
func (h *house) inTalk(do func(*talk)) {
	h.t.Helper()
	require.NoError(h.t, h.floor.ask(h.t.Context(), func() {
		for _, c := range h.floor.calls {
			do(c.talk)
		}
	}))
}

func TestAnAnswerThatCrossesTheEndOfAResume(t *testing.T) {
	t.Parallel()
	h, caller, _ := browsing(t)
	h.browser(sip.Stranded{})
	h.phones["1001"].Behave(softphone.RingForEver)
	h.browser(sip.Rejoined{})
	late := h.next("1001")
	h.inTalk(func(t *talk) { t.rejoin = nil }) // given up; the CANCEL is on its way
	late.Answer()
	_, err := late.WaitEnded(h.within())
	require.NoError(t, err, "nobody is left in a call of one")
	caller.Hangup()
	h.empty()
}

func TestAPageThatIsLoadedAnewTwice(t *testing.T) {
	t.Parallel()
	h, caller, _ := browsing(t)
	h.browser(sip.Stranded{})
	h.phones["1001"].Behave(softphone.RingForEver)
	h.browser(sip.Rejoined{})
	first := h.next("1001")
	h.phones["1001"].Behave(softphone.AnswerAtOnce)
	h.browser(sip.Rejoined{})
	require.NoError(t, h.next("1001").WaitAnswered(h.within()))
	_, err := first.WaitEnded(h.within())
	require.NoError(t, err, "the page is gone that was called first")
	h.seesType("call.leg.back")
	caller.Hangup()
	h.ended()
	h.empty()
}

func TestAResumeThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	h, caller, _ := browsing(t)
	h.browser(sip.Stranded{})
	h.phones["1001"].Behave(softphone.Busy)
	h.browser(sip.Rejoined{})
	h.next("1001")
	h.phones["1001"].Behave(softphone.AnswerAtOnce)
	require.NoError(t, h.next("1001").WaitAnswered(h.within()))
	h.seesType("call.leg.back")
	caller.Hangup()
	h.ended()
	h.empty()
}

// resumed has the agent's page loaded anew and take up the talk.
func (h *house) resumed(before func(*talk)) *softphone.Call {
	h.t.Helper()
	h.browser(sip.Stranded{})
	h.phones["1001"].Behave(softphone.RingForEver)
	h.browser(sip.Rejoined{})
	again := h.next("1001")
	h.inTalk(before)
	again.Answer()
	require.NoError(h.t, again.WaitAnswered(h.within()))
	return again
}

func TestAHoldOutlastsAResume(t *testing.T) {
	t.Parallel()
	h, caller, _ := browsing(t)
	h.inTalk(func(t *talk) { t.offer.call.holds(t.offer.call.caller, true) })
	h.resumed(func(t *talk) { t.offer.holds(t.rejoin, true) })
	h.seesType("call.leg.back")
	h.inTalk(func(talk *talk) {
		require.NotNil(t, talk.offer.side.music, "the caller still holds")
		require.NotNil(t, talk.offer.call.caller.music, "the new page holds from the first")
	})
	caller.Hangup()
	h.ended()
	h.empty()
}

func TestATalkThatCannotBeJoinedAnewIsOver(t *testing.T) {
	t.Parallel()
	h, caller, _ := browsing(t)
	other, err := h.media.NewPort(nil)
	require.NoError(t, err)
	defer other.Close()
	h.resumed(func(talk *talk) {
		_, err := media.Join(talk.rejoin.port, other)
		require.NoError(t, err)
	})
	_, err = caller.WaitEnded(h.within())
	require.NoError(t, err)
	_, line := h.ended()
	entered := 0
	for _, k := range kinds(line) {
		if k == journal.QueueEntered {
			entered++
		}
	}
	require.Equal(t, 1, entered, "who has talked does not wait again")
	h.empty()
}

// abroad has the leg of the only caller say something of its browser.
func (h *house) abroad(e sip.Event) {
	h.t.Helper()
	require.NoError(h.t, h.floor.ask(h.t.Context(), func() {
		for _, c := range h.floor.calls {
			c.heard(e)
		}
	}))
}

func TestACallersPageThatWasOnlyCutOffGoesOn(t *testing.T) {
	t.Parallel()
	h, caller, _ := browsing(t)
	h.abroad(sip.Stranded{})
	h.abroad(sip.Rejoined{Same: true})
	h.inTalk(func(talk *talk) { require.Nil(t, talk.offer.call.away) })
	caller.Hangup()
	_, line := h.ended()
	require.Subset(t, kinds(line), []journal.Kind{journal.LegLost, journal.LegBack})
	h.empty()
}

func TestACallersPageThatDoesNotComeBack(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(h *house){
		"loaded anew": func(h *house) { h.abroad(sip.Rejoined{}) },
		"closed":      func(h *house) { h.inTalk(func(t *talk) { t.offer.call.away.Reset(0) }) },
	} {
		t.Run(name, func(t *testing.T) {
			h, caller, agent := browsing(t)
			h.abroad(sip.Stranded{})
			end(h)
			_, err := agent.WaitEnded(h.within())
			require.NoError(t, err, "the agent is not left alone")
			_, err = caller.WaitEnded(h.within())
			require.NoError(t, err, "a page that is there after all is told")
			call, _ := h.ended()
			require.Equal(t, "caller", call.EndedBy)
			h.empty()
		})
	}
}
