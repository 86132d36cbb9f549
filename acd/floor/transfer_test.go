package floor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/sip"
	"threering/sip/softphone"
)

// The tones of those who are put through to.
const (
	secondHz = 1900
	thirdHz  = 2500
)

// hush is how long a tone is listened for that nobody shall hear.
const hush = 400 * time.Millisecond

// city is what is outside of the house: a softphone for every number.
type city struct{ h *house }

func (c city) Allow(_, number string) error {
	if c.h.phones[number] == nil {
		return sip.ErrNotAllowed
	}
	return nil
}

func (c city) DialOut(_, number string, d sip.Dial) (*sip.Leg, error) {
	p := c.h.phones[number]
	if p == nil {
		return nil, sip.ErrNotAllowed
	}
	d.From = "95588"
	delete(d.Headers, "X-Threering-Call")
	return c.h.sip.DialURI("sip:"+number+"@"+p.Addr().String(), d)
}

// outside gives somebody outside of the house a telephone.
func (h *house) outside(number string) {
	h.phones[number] = h.phone(number)
	require.NoError(h.t, h.floor.ask(h.t.Context(), func() { h.floor.cfg.Trunks = city{h} }))
}

// speaks waits for an answered call and has it say a tone.
func (h *house) speaks(c *softphone.Call, hz float64) {
	h.t.Helper()
	require.NoError(h.t, c.WaitAnswered(h.within()))
	c.PlayTone(hz)
}

// refer has a telephone ask for a transfer, and gives the last status that it hears.
func (h *house) refer(c *softphone.Call, to string, with *softphone.Call) <-chan int {
	last := make(chan int, 1)
	var other *sip.Leg
	if with != nil {
		other = with.Leg()
	}
	c.Leg().Refer(to, other, func(code int, err error) {
		if err != nil {
			h.t.Log("the transfer:", err)
			code = 999
		}
		if code >= 200 {
			last <- code
		}
	})
	return last
}

func (h *house) gone(c *softphone.Call) {
	h.t.Helper()
	_, err := c.WaitEnded(h.within())
	require.NoError(h.t, err)
}

// only is the one call under way that is no consultation.
func (h *house) only() string {
	h.t.Helper()
	id := ""
	require.NoError(h.t, h.floor.ask(h.t.Context(), func() {
		for _, c := range h.floor.calls {
			if c.about == nil {
				id = c.id
			}
		}
	}))
	require.NotEmpty(h.t, id)
	return id
}

func TestBlindTransferFromThePhone(t *testing.T) {
	t.Parallel()
	h, _, caller, first := inTalk(t, "1001", "1002")
	h.phones["1002"].Behave(softphone.AnswerAfter(300 * time.Millisecond))
	done := h.refer(first, "1002", nil)
	second := h.next("1002")
	require.True(t, caller.Hears(ringbackHz, soon), "the caller hears ringing")
	require.Equal(t, "13800000001", second.Leg().From().Number)
	h.speaks(second, secondHz)
	require.Equal(t, 200, <-done)
	h.gone(first)
	h.together(caller, secondHz, second, callerHz)
	h.until("1001", brain.WrapUp)
	h.until("1002", brain.Talking)
	caller.Hangup()
	h.gone(second)
	h.until("1002", brain.WrapUp)
	call, line := h.ended()
	require.Equal(t, journal.Answered, call.Outcome)
	require.Equal(t, 2, call.Talks)
	require.Equal(t, 1, call.Transfers)
	require.Equal(t, []string{"1001", "1002"}, call.Agents)
	requireOrder(t, line, journal.TalkStarted, journal.TransferAsked, journal.OfferMade, journal.OfferRinging, journal.TransferDone,
		journal.TalkEnded, journal.OfferAnswered, journal.TalkStarted, journal.TalkEnded, journal.CallEnded)
	list, err := h.archive.List(t.Context(), call.ID)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, []string{"1001", "1002"}, []string{list[0].Agent, list[1].Agent})
	h.empty()
}

func TestATransferThatFailsBringsTheCallerBack(t *testing.T) {
	t.Parallel()
	for name, policy := range map[string]softphone.Policy{"busy": softphone.Busy, "declined": softphone.Decline} {
		t.Run(name, func(t *testing.T) {
			h, _, caller, first := inTalk(t, "1001", "1002")
			h.phones["1002"].Behave(policy)
			require.Greater(t, <-h.refer(first, "1002", nil), 399)
			require.True(t, caller.Hears(agentHz, soon), "still with who put them through")
			require.True(t, first.Hears(callerHz, soon))
			h.until("1002", brain.Available)
			caller.Hangup()
			h.gone(first)
			call, _ := h.ended()
			require.Equal(t, 1, call.Talks)
			h.empty()
		})
	}
}

func TestATransferThatFailsAfterTheAgentHasGoneRingsThem(t *testing.T) {
	t.Parallel()
	h, _, caller, first := inTalk(t, "1001", "1002")
	h.phones["1002"].Behave(softphone.AnswerAfter(time.Hour))
	h.refer(first, "1002", nil)
	target := h.next("1002")
	require.True(t, caller.Hears(ringbackHz, soon))
	first.Hangup()
	h.until("1001", brain.WrapUp)
	target.Reject(486, "Busy Here")
	again := h.next("1001")
	h.speaks(again, thirdHz)
	require.True(t, caller.Hears(thirdHz, soon))
	caller.Hangup()
	h.gone(again)
	call, _ := h.ended()
	require.Equal(t, 2, call.Talks)
	require.Zero(t, call.Transfers)
	h.empty()
}

func TestTheCallerHangsUpWhileTheyArePutThrough(t *testing.T) {
	t.Parallel()
	h, _, caller, first := inTalk(t, "1001", "1002")
	h.phones["1002"].Behave(softphone.RingForEver)
	h.refer(first, "1002", nil)
	target := h.next("1002")
	caller.Hangup()
	h.gone(target)
	h.gone(first)
	h.until("1002", brain.Available)
	h.empty()
}

func TestTransfersThatAreRefused(t *testing.T) {
	t.Parallel()
	h, _, caller, first := inTalk(t, "1001", "1002")
	for _, to := range []string{"1001", "13900000000"} {
		require.Equal(t, 999, <-h.refer(first, to, nil), to)
	}
	require.Equal(t, 999, <-h.refer(caller, "1002", nil), "callers put nobody through")
	h.phones["1002"].Behave(softphone.RingForEver)
	h.refer(first, "1002", nil)
	h.next("1002")
	id := h.only()
	require.ErrorIs(t, h.floor.Transfer(t.Context(), id, Asker{Person: "1001"}, Target{Kind: journal.ToQueue, ID: "sales"}), ErrNotNow, "two at once")
	require.ErrorIs(t, h.floor.Transfer(t.Context(), id, Asker{Person: "1002"}, Target{Kind: journal.ToQueue, ID: "sales"}), ErrNotYours)
	require.ErrorIs(t, h.floor.Transfer(t.Context(), "nothing", Asker{Person: "1001"}, Target{Kind: journal.ToQueue, ID: "sales"}), ErrNoCall)
	caller.Hangup()
	h.gone(first)
	h.empty()
}

func TestTransferToAQueueCountsTheCallOnce(t *testing.T) {
	t.Parallel()
	h, _, caller, first := inTalk(t, "1001", "1002")
	require.NoError(t, h.floor.Transfer(t.Context(), h.only(), Asker{Person: "1001"}, Target{Kind: journal.ToQueue, ID: "sales"}))
	h.gone(first)
	second := h.next("1002")
	h.speaks(second, secondHz)
	require.True(t, caller.Hears(secondHz, soon))
	caller.Hangup()
	h.gone(second)
	call, line := h.ended()
	require.Equal(t, 2, call.Talks)
	var entered []journal.Entry
	for _, e := range line {
		if e.Kind == journal.QueueEntered {
			entered = append(entered, e)
		}
	}
	require.Len(t, entered, 2)
	require.Empty(t, entered[0].Why)
	require.Equal(t, journal.Transferred, entered[1].Why)
	require.Equal(t, entered[0].At.UnixMilli(), call.AskedAt.UnixMilli(), "from the first asking")
	h.empty()
}

func TestTransferToANumberOutside(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.outside("13900000009")
	caller, first := h.talking("13800000001", "1001")
	require.Equal(t, 200, <-h.refer(first, "13900000009", nil))
	there := h.next("13900000009")
	h.speaks(there, secondHz)
	h.together(caller, secondHz, there, callerHz)
	h.gone(first)
	there.Hangup()
	h.gone(caller)
	call, _ := h.ended()
	require.Equal(t, "1001", call.Agent)
	require.Equal(t, 2, call.Talks)
	h.empty()
}
