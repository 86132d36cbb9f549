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

// books has a caller wait and want to be called back. It gives their call and the callback.
func (h *house) books(number string) (id, back string) {
	h.t.Helper()
	caller := h.queued(number)
	id = h.waits()
	h.obeys(brain.Tell{Call: id, Callback: true})
	require.True(h.t, caller.Hears(offerHz, soon))
	caller.SendDigit('1')
	return id, h.confirms(caller)
}

// confirms has a caller say yes to the number at which they are called back, and gives the callback.
func (h *house) confirms(caller *softphone.Call) (back string) {
	h.t.Helper()
	require.True(h.t, caller.Hears(confirmHz, soon), "the number is repeated")
	caller.SendDigit('1')
	require.True(h.t, caller.Hears(bookedHz, soon))
	h.gone(caller)
	booked := h.sees("the booking", func(e Event) bool { n, ok := e.Data.(CallNews); return ok && n.Kind == journal.CallbackBooked })
	return booked.Data.(CallNews).Other
}

// line waits for a call to be over, and gives its summary and timeline.
func (h *house) line(id string) (journal.Call, []journal.Entry) {
	h.t.Helper()
	h.sees("the end of "+id, func(e Event) bool {
		n, ok := e.Data.(CallNews)
		return ok && n.Kind == journal.CallEnded && n.Call == id
	})
	require.NoError(h.t, h.journal.Flush(h.t.Context()))
	call, err := h.journal.Call(h.t.Context(), id)
	require.NoError(h.t, err)
	line, err := h.journal.Timeline(h.t.Context(), id)
	require.NoError(h.t, err)
	return call, line
}

func TestACallbackAgentFirst(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.onBreak("1001")
	h.outside("13800000001")
	id, back := h.books("13800000001")
	call, _ := h.line(id)
	require.Equal(t, journal.ToCallBack, call.Outcome)
	list, err := h.floor.Callbacks(t.Context())
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "13800000001", list[0].Number)
	queues, err := h.floor.Queues(t.Context())
	require.NoError(t, err)
	require.Equal(t, []int{0, 1}, []int{queues[0].Waiting, queues[0].Callbacks})

	h.phones["13800000001"].Behave(softphone.RingForEver)
	h.back("1001")
	agent := h.next("1001")
	require.NoError(t, agent.WaitAnswered(h.within()))
	require.True(t, agent.Hears(callbackHz, soon), "the agent is told")
	require.True(t, agent.Hears(ringbackHz, soon), "and hears it ring")
	customer := h.next("13800000001")
	customer.Answer()
	require.NoError(t, customer.WaitAnswered(h.within()))
	customer.PlayTone(callerHz)
	agent.PlayTone(agentHz)
	h.together(customer, agentHz, agent, callerHz)
	customer.Hangup()
	call, line := h.line(back)
	require.Equal(t, journal.Callback, call.Direction)
	require.Equal(t, journal.Answered, call.Outcome)
	require.Equal(t, id, call.Other)
	require.Equal(t, 1, call.Talks)
	requireOrder(t, line, journal.CallPlaced, journal.QueueEntered, journal.OfferMade, journal.OfferAnswered, journal.CallbackTried,
		journal.CallAnswered, journal.QueueLeft, journal.TalkStarted, journal.TalkEnded, journal.CallEnded)
	require.Equal(t, journal.CalledBack, entries(line, journal.QueueEntered)[0].Why, "it is counted among no callers")
	h.until("1001", brain.WrapUp)
	h.empty()
}

// forgets has what was published be forgotten.
func (h *house) forgets() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = nil
}

func TestACallbackCustomerFirst(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.Callbacks.CustomerFirst = true }, "1001")
	h.onBreak("1001")
	h.outside("13800000001")
	_, back := h.books("13800000001")
	list, err := h.floor.Callbacks(t.Context())
	require.NoError(t, err)
	require.Equal(t, "customer", list[0].First)
	h.back("1001")
	customer := h.next("13800000001")
	require.NoError(t, customer.WaitAnswered(h.within()))
	customer.PlayTone(callerHz)
	agent := h.next("1001")
	h.speaks(agent, agentHz)
	h.together(customer, agentHz, agent, callerHz)
	agent.Hangup()
	call, line := h.line(back)
	require.Equal(t, journal.Answered, call.Outcome)
	requireOrder(t, line, journal.CallbackTried, journal.CallAnswered, journal.OfferMade, journal.CallerHears, journal.TalkStarted)
}

func TestACustomerWhoIsNotReachedIsTriedAgainAndGivenUp(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.Calling = brain.Calling{Tries: 2, Pause: 300 * time.Millisecond} }, "1001")
	h.onBreak("1001")
	h.outside("13800000001")
	_, back := h.books("13800000001")
	h.phones["13800000001"].Behave(softphone.Busy)
	h.back("1001")
	for range 2 {
		agent := h.next("1001")
		require.NoError(t, agent.WaitAnswered(h.within()))
		h.next("13800000001")
		require.True(t, agent.Hears(unreachedHz, soon), "the agent is told")
		h.gone(agent)
	}
	h.until("1001", brain.Available)
	call, line := h.line(back)
	require.Equal(t, journal.NotReached, call.Outcome)
	require.Zero(t, call.Talks)
	failed := entries(line, journal.CallbackFailed)
	require.Len(t, failed, 2)
	require.Equal(t, []any{"busy", 486, 2}, []any{failed[1].Why, failed[1].Code, failed[1].Try})
	require.Equal(t, string(brain.Unreached), entries(line, journal.QueueLeft)[0].Why)
	h.empty()
}

func TestAnAgentWhoHangsUpBeforeTheCustomerIsThere(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	h.onBreak("1001", "1002")
	h.outside("13800000001")
	_, back := h.books("13800000001")
	h.phones["13800000001"].Behave(softphone.RingForEver)
	h.back("1001")
	agent := h.next("1001")
	require.NoError(t, agent.WaitAnswered(h.within()))
	ringing := h.next("13800000001")
	h.phones["13800000001"].Behave(softphone.AnswerAfter(0)) // from the next call on
	h.back("1002")
	agent.Hangup()
	h.gone(ringing)
	other := h.next("1002")
	h.speaks(other, secondHz)
	customer := h.next("13800000001")
	require.NoError(t, customer.WaitAnswered(h.within()))
	require.True(t, customer.Hears(secondHz, soon))
	customer.Hangup()
	_, line := h.line(back)
	require.Equal(t, journal.AgentGone, entries(line, journal.CallbackFailed)[0].Why)
	require.Equal(t, []int{1, 1}, []int{entries(line, journal.CallbackTried)[0].Try, entries(line, journal.CallbackTried)[1].Try}, "it was no try")
	h.empty()
}

func TestWhoDialsInAgainFindsTheOldPlace(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.onBreak("1001")
	h.outside("13800000001")
	id, back := h.books("13800000001")
	between := h.queued("13800000002")
	again := h.queued("13800000001")
	call, line := h.line(back)
	require.Equal(t, journal.Merged, call.Outcome)
	require.NotEqual(t, id, call.MergedInto)
	require.Equal(t, "resumed", entries(line, journal.QueueLeft)[0].Why)
	h.back("1001")
	agent := h.next("1001")
	h.speaks(agent, agentHz)
	require.True(t, again.Hears(agentHz, soon), "before who came after the booking")
	again.Hangup()
	between.Hangup()
	h.empty()
}

// shut lets nobody out.
type shut struct{ passes bool }

func (shut) Error() string                                        { return "nobody is let out" }
func (shut) Is(target error) bool                                 { return target == sip.ErrNotAllowed }
func (s shut) Passes() bool                                       { return s.passes }
func (s shut) Allow(_, _ string) error                            { return nil }
func (s shut) DialOut(string, string, sip.Dial) (*sip.Leg, error) { return nil, s }

func TestACallbackThatNoTrunkLetsOut(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.onBreak("1001")
	h.outside("13800000001")
	_, back := h.books("13800000001")
	lets := func(passes bool) {
		require.NoError(t, h.floor.ask(t.Context(), func() { h.floor.cfg.Trunks = shut{passes} }))
	}
	lets(true)
	h.back("1001")
	agent := h.next("1001")
	require.True(t, agent.Hears(unreachedHz, soon))
	h.gone(agent)
	h.until("1001", brain.Available)
	list, err := h.floor.Callbacks(t.Context())
	require.NoError(t, err)
	require.Zero(t, list[0].Tries, "it was no try")
	require.WithinDuration(t, time.Now().Add(time.Minute), *list[0].Next, 10*time.Second)
	lets(false)
	require.NoError(t, h.floor.Take(t.Context(), back, "1001", "sup"))
	agent = h.next("1001")
	h.gone(agent)
	call, line := h.line(back)
	require.Equal(t, journal.NotReached, call.Outcome)
	failed := entries(line, journal.CallbackFailed)
	require.Equal(t, []string{journal.NoLine, "not_allowed"}, []string{failed[0].Why, failed[1].Why})
	h.empty()
}
