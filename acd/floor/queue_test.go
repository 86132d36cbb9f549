package floor

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/sip/softphone"
)

// replan changes the plan.
func (h *house) replan(change func(*Plan)) {
	h.t.Helper()
	var plan Plan
	require.NoError(h.t, h.floor.ask(h.t.Context(), func() { plan = h.floor.plan }))
	plan.Queues = slices.Clone(plan.Queues)
	change(&plan)
	require.NoError(h.t, h.floor.Configure(h.t.Context(), plan))
}

// second adds a queue of the same kind.
func second(p *Plan) {
	q := p.Queues[0]
	q.Name, q.Agents, q.Overflow = "second", []string{"1002"}, ""
	p.Queues = append(p.Queues, q)
}

func TestASecondPhoneRingsAndTheFirstIsToldOfTheAnswerElsewhere(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.Hedge.First = 100 * time.Millisecond }, "1001", "1002")
	h.phones["1001"].Behave(softphone.RingForEver)
	caller := h.queued("13800000001")
	first := h.next("1001")
	h.next("1002")
	h.until("1002", brain.Talking)
	reason, err := first.WaitEnded(h.within())
	require.NoError(t, err)
	require.Contains(t, reason.Text, "answered elsewhere")
	h.until("1001", brain.Available)
	caller.Hangup()
	_, line := h.ended()
	offers := entries(line, journal.OfferMade)
	require.Len(t, offers, 2)
	require.Equal(t, brain.Hedge, offers[1].Choice.Reason)
	ends := entries(line, journal.OfferEnded)
	require.Equal(t, string(brain.Elsewhere), ends[0].Why)
}

func TestAFullQueueFlowsOver(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.MaxWait, q.Overflow = 200*time.Millisecond, "second" }, "1001", "1002")
	_, err := h.floor.SetAgent(t.Context(), "1001", brain.Break, "tea")
	require.NoError(t, err)
	h.replan(func(p *Plan) {
		second(p)
		p.Queues[0].Agents = []string{"1001"}
	})
	caller := h.queued("13800000001")
	h.until("1002", brain.Talking)
	caller.Hangup()
	call, line := h.ended()
	require.Equal(t, "second", call.Queue)
	require.Equal(t, journal.Answered, call.Outcome)
	left := entries(line, journal.QueueLeft)
	require.Equal(t, []string{"timeout", journal.Connected}, []string{left[0].Why, left[1].Why})
	entered := entries(line, journal.QueueEntered)
	require.Zero(t, entered[0].WaitedMs)
	require.InDelta(t, entered[1].At.Sub(entered[0].At).Milliseconds(), entered[1].WaitedMs, 1000, "since first asking")
	require.GreaterOrEqual(t, entered[1].WaitedMs, int64(200))
}

func TestSupervisorsCommands(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	for _, a := range []string{"1001", "1002"} {
		_, err := h.floor.SetAgent(t.Context(), a, brain.Break, "tea")
		require.NoError(t, err)
	}
	h.replan(second)
	caller := h.queued("13800000001")
	id := h.sees("the queue", func(e Event) bool { n, ok := e.Data.(CallNews); return ok && n.Kind == journal.QueueEntered }).Data.(CallNews).Call
	ctx := t.Context()
	require.ErrorIs(t, h.floor.Move(ctx, "none", "second", "sup"), ErrNotWaiting)
	require.ErrorIs(t, h.floor.Move(ctx, id, "none", "sup"), ErrNoQueue)
	require.NoError(t, h.floor.Prioritise(ctx, id, 3, "sup"))
	require.Equal(t, 3, h.view("sales").Calls[0].Priority)
	h.sees("the priority", func(e Event) bool {
		v, ok := e.Data.(QueueView)
		return ok && len(v.Calls) > 0 && v.Calls[0].Priority == 3
	})
	require.NoError(t, h.floor.Move(ctx, id, "second", "sup"))
	require.ErrorIs(t, h.floor.Take(ctx, id, "none", "sup"), ErrNoAgent)
	require.NoError(t, h.floor.Take(ctx, id, "1001", "sup"))
	h.until("1001", brain.Talking)
	require.ErrorIs(t, h.floor.Take(ctx, id, "1002", "sup"), ErrNotWaiting)
	caller.Hangup()
	call, line := h.ended()
	require.Equal(t, []string{"second", "1001"}, []string{call.Queue, call.Agent})
	for _, kind := range []journal.Kind{journal.CallPrioritised, journal.CallMoved, journal.CallTaken} {
		require.Equal(t, "sup", entries(line, kind)[0].By, kind)
	}
}

// entries are those of one kind.
func entries(line []journal.Entry, kind journal.Kind) []journal.Entry {
	return slices.DeleteFunc(slices.Clone(line), func(e journal.Entry) bool { return e.Kind != kind })
}
