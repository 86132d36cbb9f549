package floor

import (
	"context"
	"encoding/binary"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
	"threering/recording"
	"threering/sip/softphone"
)

// talking brings a caller and an agent together, each with a tone that the other hears.
func (h *house) talking(number, agent string) (caller, callee *softphone.Call) {
	h.t.Helper()
	caller = h.queued(number)
	callee = h.next(agent)
	require.NoError(h.t, callee.WaitAnswered(h.within()))
	caller.PlayTone(callerHz)
	callee.PlayTone(agentHz)
	require.True(h.t, caller.Hears(agentHz, soon), "the caller hears the agent")
	require.True(h.t, callee.Hears(callerHz, soon), "the agent hears the caller")
	return caller, callee
}

func TestACallGoesAllTheWay(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	caller := h.call("13800000001")
	require.True(t, caller.Hears(greetingHz, soon))
	caller.SendDigit('1')
	h.phones["1001"].Behave(softphone.AnswerAfter(600 * time.Millisecond))
	agent := h.next("1001")
	require.True(t, caller.Hears(ringbackHz, soon), "ringing while waiting")
	require.NoError(t, agent.WaitAnswered(h.within()))
	require.True(t, caller.Hears(announceHz, soon), "the agent's number")
	caller.PlayTone(callerHz)
	agent.PlayTone(agentHz)
	h.together(caller, agentHz, agent, callerHz)
	require.Equal(t, "13800000001", agent.Leg().From().Number)
	require.Equal(t, "张伟", agent.Leg().From().Name)

	caller.SendDigit('7') // RFC 4733, over the bridge
	key, err := agent.WaitDigit(h.within())
	require.NoError(t, err)
	require.Equal(t, '7', key)
	require.NoError(t, agent.SendInfo(h.within(), '5')) // INFO becomes RFC 4733
	key, err = caller.WaitDigit(h.within())
	require.NoError(t, err)
	require.Equal(t, '5', key)

	h.holdsBothWays(caller, agent)

	caller.Hangup()
	_, err = agent.WaitEnded(h.within())
	require.NoError(t, err)
	h.until("1001", brain.WrapUp)
	call, line := h.ended()
	require.Equal(t, journal.Answered, call.Outcome)
	require.Equal(t, "caller", call.EndedBy)
	require.Equal(t, "notice-1", call.Notice)
	require.Equal(t, "张伟", call.Name)
	require.Positive(t, call.HoldMs)
	requireOrder(t, line, journal.CallArrived, journal.CallAnswered, journal.NoticePlayed, journal.KeysPressed, journal.QueueEntered,
		journal.OfferMade, journal.OfferRinging, journal.OfferAnswered, journal.CallerHears, journal.TalkStarted,
		journal.TalkHeld, journal.TalkResumed, journal.TalkEnded, journal.WrapUpStarted)

	_, err = h.floor.Dispose(t.Context(), call.ID, "1001", 0, journal.Disposition{Reason: "order"})
	require.NoError(t, err)
	h.until("1001", brain.Available)
	h.requireStereo(call.ID)
	h.empty()
}

// holdsBothWays holds and resumes from either phone; who is held hears music meanwhile.
func (h *house) holdsBothWays(caller, agent *softphone.Call) {
	h.t.Helper()
	require.NoError(h.t, agent.Hold(h.within()))
	require.True(h.t, caller.Hears(musicHz, soon), "the caller is held")
	require.NoError(h.t, agent.Resume(h.within()))
	require.True(h.t, caller.Hears(agentHz, soon), "and back")
	require.NoError(h.t, caller.Hold(h.within()))
	require.True(h.t, agent.Hears(musicHz, soon), "the agent is held")
	require.NoError(h.t, caller.Resume(h.within()))
	require.True(h.t, agent.Hears(callerHz, soon), "and back")
}

func requireOrder(t *testing.T, line []journal.Entry, wanted ...journal.Kind) {
	t.Helper()
	rest := line
	for _, w := range wanted {
		i := slices.IndexFunc(rest, func(e journal.Entry) bool { return e.Kind == w })
		require.GreaterOrEqual(t, i, 0, "%s is missing, or out of order, in %+v", w, line)
		rest = rest[i+1:]
	}
}

// requireStereo checks that the caller is on the left and the agent on the right of the recording, and nothing crossed.
func (h *house) requireStereo(call string) {
	h.t.Helper()
	var r recording.Recording
	require.Eventually(h.t, func() bool {
		list, err := h.archive.List(h.t.Context(), call)
		require.NoError(h.t, err)
		if len(list) == 1 {
			r = list[0]
		}
		return r.State == recording.StateComplete
	}, soon, 5*time.Millisecond)
	var sides [2][]int16
	sides[0], sides[1] = h.sides(r.ID)
	require.GreaterOrEqual(h.t, tenths(sides[0], callerHz), 3, "the caller is on the left")
	require.GreaterOrEqual(h.t, tenths(sides[1], agentHz), 3, "the agent is on the right")
	require.Zero(h.t, tenths(sides[0], agentHz))
	require.Zero(h.t, tenths(sides[1], callerHz))
}

// sides gives both channels of a recording.
func (h *house) sides(id string) (left, right []int16) {
	h.t.Helper()
	audio, _, err := h.archive.Audio(h.t.Context(), id)
	require.NoError(h.t, err)
	defer audio.Close()
	data, err := io.ReadAll(audio)
	require.NoError(h.t, err)
	for i := 44; i+4 <= len(data); i += 4 {
		left = append(left, int16(binary.LittleEndian.Uint16(data[i:])))
		right = append(right, int16(binary.LittleEndian.Uint16(data[i+2:])))
	}
	return left, right
}

// tenths counts the tenths of a second that are a tone.
func tenths(pcm []int16, hz float64) int {
	n := 0
	for part := range slices.Chunk(pcm, media.SampleRate/10) {
		if media.Detect(part, hz) > 0.8 {
			n++
		}
	}
	return n
}

func TestThePopComesBeforeTheRing(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.phones["1001"].Behave(softphone.RingForEver)
	h.queued("13800000001")
	h.next("1001")
	h.seesType("call.offer.ringing")
	h.mu.Lock()
	defer h.mu.Unlock()
	index := func(name string) int {
		return slices.IndexFunc(h.events, func(e Event) bool { return e.Type == name })
	}
	require.Less(t, index("pop"), index("call.offer.ringing"))
	pop := h.events[index("pop")]
	require.Equal(t, []string{"1001"}, pop.Agents)
	require.False(t, pop.Data.(PopNews).Partial)
}

func TestALateLookupKeepsNoPhoneFromRinging(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.popGate = make(chan struct{})
	h.phones["1001"].Behave(softphone.RingForEver)
	h.queued("13800000001")
	h.next("1001")
	require.True(t, h.seesType("pop").Data.(PopNews).Partial)
	close(h.popGate)
	h.sees("a whole pop", func(e Event) bool { return e.Type == "pop" && !e.Data.(PopNews).Partial })
}

func TestStraightToTheNext(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		policy softphone.Policy
		state  brain.State
	}{
		"busy":       {softphone.Busy, brain.Available},
		"refused":    {softphone.Decline, brain.Available},
		"unanswered": {softphone.RingForEver, brain.Missed},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, func(q *Queue) { q.OfferTimeout = 2 * time.Second }, "1001", "1002")
			h.phones["1001"].Behave(c.policy)
			caller := h.queued("13800000001")
			h.next("1001")
			agent := h.next("1002")
			require.NoError(t, agent.WaitAnswered(h.within()))
			e := h.seesType("call.offer.ended").Data.(CallNews)
			require.Equal(t, name, e.Why)
			require.Equal(t, "1001", e.Agent)
			h.until("1001", c.state)
			caller.Hangup()
			h.empty()
		})
	}
}

func TestAPhoneThatIsGone(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	require.NoError(t, h.phones["1001"].Close())
	h.phones["1001"] = h.phone("nobody") // closed with the house
	h.queued("13800000001")
	require.NoError(t, h.next("1002").WaitAnswered(h.within()), "2 s of silence are enough")
	e := h.seesType("call.offer.ended").Data.(CallNews)
	require.Equal(t, "unreachable", e.Why)
}

func TestTheCallerHangsUpAnywhere(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reach   func(h *house) *softphone.Call
		outcome journal.Outcome
	}{
		"in the greeting": {func(h *house) *softphone.Call { return h.call("1") }, journal.Menu},
		"in the menu": {func(h *house) *softphone.Call {
			c := h.call("1")
			h.sees("the menu", func(e Event) bool { n, ok := e.Data.(CallNews); return ok && n.Step == "menu" })
			return c
		}, journal.Menu},
		"while waiting": {func(h *house) *softphone.Call {
			_, err := h.floor.SetAgent(h.t.Context(), "1001", brain.Break, "tea")
			require.NoError(h.t, err)
			c := h.queued("1")
			require.True(h.t, c.Hears(musicHz, soon), "music after the ringing")
			return c
		}, journal.Abandoned},
		"while a phone rings": {func(h *house) *softphone.Call {
			h.phones["1001"].Behave(softphone.RingForEver)
			c := h.queued("1")
			h.next("1001")
			h.seesType("call.offer.ringing")
			return c
		}, journal.Abandoned},
		"in the announcement": {func(h *house) *softphone.Call {
			c := h.queued("1")
			h.seesType("call.caller.hears")
			return c
		}, journal.Answered},
		"in the talk": {func(h *house) *softphone.Call { c, _ := h.talking("1", "1001"); return c }, journal.Answered},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			h := open(t, nil, "1001")
			c.reach(h).Hangup()
			call, _ := h.ended()
			require.Equal(t, c.outcome, call.Outcome)
			require.Equal(t, "caller", call.EndedBy)
			h.empty()
			require.NotEqual(t, brain.Offered, h.agent("1001").State)
		})
	}
}

func TestTheAgentHangsUp(t *testing.T) {
	t.Parallel()
	h, _, caller, agent := inTalk(t, "1001")
	agent.Hangup()
	_, err := caller.WaitEnded(h.within())
	require.NoError(t, err, "the flow ends the call")
	call, line := h.ended()
	require.Equal(t, "system", call.EndedBy)
	i := slices.IndexFunc(line, func(e journal.Entry) bool { return e.Kind == journal.TalkEnded })
	require.Equal(t, "agent", line[i].By)
	h.until("1001", brain.WrapUp)
}

func TestNobodyComes(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.MaxWait = 500 * time.Millisecond }, "1001")
	_, err := h.floor.SetAgent(t.Context(), "1001", brain.Break, "tea")
	require.NoError(t, err)
	caller := h.queued("13800000001")
	require.True(t, caller.Hears(sorryHz, soon), "an apology")
	_, err = caller.WaitEnded(h.within())
	require.NoError(t, err)
	call, _ := h.ended()
	require.Equal(t, journal.GaveUp, call.Outcome)
	h.empty()
}

func TestKeysPressedAheadAreTaken(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	caller := h.call("13800000001")
	caller.SendDigit('1') // while the greeting plays
	require.NoError(t, h.next("1001").WaitAnswered(h.within()))
	caller.Hangup()
	h.empty()
}

func TestALockedDatabaseStopsNoCall(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	tx, err := h.db.BeginTx(t.Context(), nil) // the write lock, held by somebody else
	require.NoError(t, err)
	caller, agent := h.talking("13800000001", "1001")
	require.NoError(t, tx.Rollback())
	caller.Hangup()
	_, err = agent.WaitEnded(h.within())
	require.NoError(t, err)
	call, _ := h.ended()
	require.Equal(t, journal.Answered, call.Outcome)
	h.requireStereo(call.ID)
}

func TestStoppingEndsWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	h, _, caller, agent := inTalk(t, "1001")
	h.stop()
	for _, c := range []*softphone.Call{caller, agent} {
		_, err := c.WaitEnded(h.within())
		require.NoError(t, err)
	}
	call, line := h.ended()
	require.Equal(t, "system", call.EndedBy)
	require.Equal(t, journal.Interrupted, call.Outcome)
	requireOrder(t, line, journal.TalkEnded, journal.RecordingEnded)
	_, err := h.floor.Agents(context.Background())
	require.ErrorIs(t, err, ErrClosed)
}

func TestBadCommands(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	_, err := h.floor.SetAgent(t.Context(), "1001", brain.Talking, "")
	require.ErrorIs(t, err, ErrBadState)
	_, err = h.floor.SetAgent(t.Context(), "nobody", brain.Break, "")
	require.ErrorIs(t, err, ErrNoAgent)
	c, err := h.phones["1001"].Dial(t.Context(), "499")
	require.NoError(t, err)
	end, err := c.WaitEnded(h.within())
	require.NoError(t, err)
	require.Equal(t, 404, end.Code)
}
