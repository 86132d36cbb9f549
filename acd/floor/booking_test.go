package floor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
)

// impatient is the number of a caller who waits for a moment only.
const impatient = "13800000001"

// booker is a flow that has callers called back for whom nobody comes (1), or who want nothing else (2).
type booker struct{ script }

func (booker) Start(number, caller string) (State, bool) {
	return State{Flow: "test", Vars: map[string]string{"caller": caller}}, number == "400"
}

func (b booker) Next(s State, r Result) (State, Step) {
	switch r := r.(type) {
	case Begun:
		s.Step = "menu"
		return s, Ask{Prompts: []string{"greeting"}, Keys: 1, Timeout: soon}
	case Pressed:
		if r.Keys == "2" {
			s.Step = "book"
			return s, Book{Queue: "sales"}
		}
		s.Step = "queue"
		e := Enqueue{Name: "sales", Priority: 2, Needs: []brain.Need{{Skill: "english", Level: 1}}}
		if s.Vars["caller"] == impatient {
			e.MaxWait = 300 * time.Millisecond
		}
		return s, e
	case GaveUp:
		s.Step = "book"
		return s, Book{Queue: "sales"}
	case Unbooked:
		s.Step = "sorry"
		return s, Play{Prompts: []string{"sorry"}}
	}
	return b.script.Next(s, r)
}

// openBooker is a house with that flow, whose one agent, who speaks English, is on a break.
func openBooker(t *testing.T) *house {
	h := open(t, nil, "1001")
	h.onBreak("1001")
	h.replan(func(p *Plan) { p.Agents[0].Skills = map[string]int{"english": 5} })
	require.NoError(t, h.floor.ask(t.Context(), func() { h.floor.cfg.Script = booker{newScript()} }))
	return h
}

// wantsNothingElse has somebody call who wants to be called back, and gives the callback.
func (h *house) wantsNothingElse(number string) (back string) {
	h.t.Helper()
	c := h.call(number)
	require.True(h.t, c.Hears(greetingHz, soon))
	c.SendDigit('2')
	return h.confirms(c)
}

// Who was given up keeps the place: who has come after them and waits on comes after them.
func TestWhoIsGivenUpIsCalledBackInTheirPlace(t *testing.T) {
	t.Parallel()
	h := openBooker(t)
	h.outside(impatient)
	first := h.queued(impatient)
	id := h.waits()
	other := h.queued("13800000002")
	back := h.confirms(first)
	call, line := h.line(id)
	require.Equal(t, journal.ToCallBack, call.Outcome)
	requireOrder(t, line, journal.QueueEntered, journal.QueueLeft, journal.FlowStep, journal.CallbackBooked, journal.CallEnded)
	require.Equal(t, string(brain.Timeout), entries(line, journal.QueueLeft)[0].Why)
	require.NoError(t, h.journal.Flush(t.Context()))
	line, err := h.journal.Timeline(t.Context(), back)
	require.NoError(t, err)
	placed := entries(line, journal.CallPlaced)[0]
	require.GreaterOrEqual(t, placed.WaitedMs, int64(300))
	require.Equal(t, []any{2, "english"}, []any{placed.Priority, placed.Needs[0].Skill})

	require.NoError(t, h.floor.ask(t.Context(), func() { require.Equal(t, back, h.floor.lines["sales"][0].id) }))
	h.back("1001")
	agent := h.next("1001")
	h.speaks(agent, agentHz)
	customer := h.next(impatient)
	h.speaks(customer, callerHz)
	require.True(t, customer.Hears(agentHz, soon), "before who came after them")
	customer.Hangup()
	other.Hangup()
	h.until("1001", brain.WrapUp)
	h.empty()
}

// Who has waited for nobody gets a place at the end, and is none whom the queue has kept waiting.
func TestACallbackByTheMenu(t *testing.T) {
	t.Parallel()
	h := openBooker(t)
	h.outside("13800000003")
	waiting := h.queued("13800000002")
	h.waits()
	back := h.wantsNothingElse("13800000003")
	list, err := h.floor.Callbacks(t.Context())
	require.NoError(t, err)
	require.Equal(t, back, list[0].Call)
	require.NoError(t, h.floor.ask(t.Context(), func() { require.Equal(t, back, h.floor.lines["sales"][1].id) }))
	require.NoError(t, h.journal.Flush(t.Context()))
	booked, err := h.journal.Call(t.Context(), back)
	require.NoError(t, err)
	call, _ := h.line(booked.Other)
	require.Equal(t, journal.ToCallBack, call.Outcome)
	require.Nil(t, call.AskedAt)
	waiting.Hangup()

	h.forgets()
	again := h.wantsNothingElse("13800000003")
	list2, err := h.floor.Callbacks(t.Context())
	require.NoError(t, err)
	require.Len(t, list2, 1)
	require.Equal(t, again, list2[0].Call)
	require.WithinDuration(t, list[0].Since, list2[0].Since, 100*time.Millisecond, "at the old place")
	require.NoError(t, h.journal.Flush(t.Context()))
	owed, err := h.journal.Owed(t.Context())
	require.NoError(t, err)
	require.Len(t, owed, 1)
	require.WithinDuration(t, list[0].Since, owed[0].Asked, 100*time.Millisecond, "also after a restart")
	require.NoError(t, h.floor.DropCallback(t.Context(), again, "sup"))
	h.empty()
}

// The queue gives a caller up who is just about to confirm the number: the key is not an answer to what they are asked next.
func TestAKeyThatCrossesTheEndOfTheWaiting(t *testing.T) {
	t.Parallel()
	h := openBooker(t)
	h.outside("13800000003")
	caller := h.queued("13800000003")
	id := h.waits()
	h.obeys(brain.Tell{Call: id, Callback: true})
	require.True(t, caller.Hears(offerHz, soon))
	caller.SendDigit('1')
	require.True(t, caller.Hears(confirmHz, soon))
	require.NoError(t, h.floor.ask(t.Context(), func() {
		c := h.floor.calls[id]
		h.floor.apply(brain.CallLeft{Call: id})
		h.floor.obey(brain.GiveUp{Call: id, Why: brain.Timeout})
		c.key('1')
		require.False(t, c.toBeCalled)
	}))
	require.NotEmpty(t, h.confirms(caller), "who is asked again, by the flow")
	call, line := h.line(id)
	require.Equal(t, journal.ToCallBack, call.Outcome)
	require.Len(t, entries(line, journal.CallbackBooked), 1)
}

// Where no number comes of it the flow goes on.
func TestNoNumberToBeCalledAt(t *testing.T) {
	t.Parallel()
	h := openBooker(t)
	h.outside("13800000009")
	caller := h.call("anonymous")
	require.True(t, caller.Hears(greetingHz, soon))
	caller.SendDigit('2')
	for range bookWrong {
		require.True(t, caller.Hears(enterHz, soon))
		for _, key := range "12#" {
			caller.SendDigit(key)
		}
	}
	require.True(t, caller.Hears(sorryHz, soon))
	h.gone(caller)
	call, _ := h.ended()
	require.Equal(t, journal.Menu, call.Outcome)
	h.empty()
}

// A caller who says nothing is not called back.
func TestWhoConfirmsNoNumberIsNotCalled(t *testing.T) {
	t.Parallel()
	h := openBooker(t)
	h.outside(impatient)
	caller := h.queued(impatient)
	require.True(t, caller.Hears(confirmHz, soon))
	require.True(t, caller.Hears(sorryHz, soon+bookPatience))
	h.gone(caller)
	call, line := h.ended()
	require.Equal(t, journal.GaveUp, call.Outcome)
	require.Empty(t, entries(line, journal.CallbackBooked))
	h.empty()
}

// A center without trunks, and one whose queue is gone, cannot call anybody: nobody is asked for a number.
func TestACallbackThatCannotBe(t *testing.T) {
	t.Parallel()
	h := openBooker(t)
	caller := h.queued(impatient)
	require.True(t, caller.Hears(sorryHz, soon))
	h.gone(caller)
	h.ended()
	h.outside("13800000009")
	require.NoError(t, h.floor.ask(t.Context(), func() { h.floor.cfg.Script = astray{booker{newScript()}} }))
	caller = h.call(impatient)
	require.True(t, caller.Hears(sorryHz, soon))
	h.gone(caller)
	h.empty()
}

// astray books into a queue that is there no more.
type astray struct{ booker }

func (a astray) Next(s State, r Result) (State, Step) {
	if _, begun := r.(Begun); begun {
		s.Step = "book"
		return s, Book{Queue: "gone"}
	}
	return a.booker.Next(s, r)
}

func TestWhoWithholdsTheirNumberEntersOne(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.onBreak("1001")
	caller := h.queued("anonymous")
	h.outside("13800000009")
	h.obeys(brain.Tell{Call: h.waits(), Callback: true})
	require.True(t, caller.Hears(offerHz, soon))
	caller.SendDigit('1')
	require.True(t, caller.Hears(enterHz, soon))
	for _, key := range "12#" { // is none
		caller.SendDigit(key)
	}
	require.True(t, caller.Hears(enterHz, soon))
	for _, key := range "00441234567#" { // may not be called
		caller.SendDigit(key)
	}
	require.True(t, caller.Hears(enterHz, soon))
	for _, key := range "13800000009#" {
		caller.SendDigit(key)
	}
	require.True(t, caller.Hears(confirmHz, soon))
	caller.SendDigit('1')
	h.gone(caller)
	list, err := h.floor.Callbacks(t.Context())
	require.NoError(t, err)
	require.Equal(t, "13800000009", list[0].Number)
	require.NoError(t, h.floor.DropCallback(t.Context(), list[0].Call, "sup"))
	require.ErrorIs(t, h.floor.DropCallback(t.Context(), list[0].Call, "sup"), ErrNotWaiting)
	call, _ := h.line(list[0].Call)
	require.Equal(t, []any{journal.NotReached, "sup"}, []any{call.Outcome, call.EndedBy})
	h.empty()
}

func TestAnAgentsAnswerEndsTheBooking(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.Announce = false }, "1001")
	h.onBreak("1001")
	h.outside("13800000001")
	caller := h.queued("13800000001")
	h.obeys(brain.Tell{Call: h.waits(), Callback: true})
	require.True(t, caller.Hears(offerHz, soon))
	caller.SendDigit('1')
	require.True(t, caller.Hears(confirmHz, soon))
	h.back("1001")
	agent := h.next("1001")
	h.speaks(agent, agentHz)
	require.True(t, caller.Hears(agentHz, soon))
	caller.SendDigit('1')
	key, err := agent.WaitDigit(h.within())
	require.NoError(t, err)
	require.Equal(t, '1', key, "is the agent's to hear")
	caller.Hangup()
	call, _ := h.ended()
	require.Equal(t, journal.Answered, call.Outcome)
	h.empty()
}
