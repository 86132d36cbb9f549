package floor

import (
	"testing"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/sip/softphone"
)

// passes has the time of the present step of a call be over.
func (h *house) passes(id string) {
	h.t.Helper()
	require.NoError(h.t, h.floor.ask(h.t.Context(), func() { h.floor.calls[id].timer.Reset(0) }))
}

// popped counts the pops by their offers.
func (h *house) popped() map[string]int {
	h.mu.Lock()
	defer h.mu.Unlock()
	offers := map[string]int{}
	for _, e := range h.events {
		if pop, ok := e.Data.(PopNews); ok {
			offers[pop.Offer]++
		}
	}
	return offers
}

func TestACustomerRingsForTheirOwnTimeAfterAClick(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.outside("13900000009")
	h.phones["13900000009"].Behave(softphone.RingForEver)
	id, err := h.floor.Place(t.Context(), "1001", Target{Kind: journal.ToNumber, ID: "13900000009"}, "")
	require.NoError(t, err)
	agent, customer := h.next("1001"), h.next("13900000009")
	require.Len(t, h.popped(), 1, "the pop is of one offer, that by which the agent is rung")
	require.True(t, agent.Hears(ringbackHz, soon))
	require.NoError(t, h.floor.ask(t.Context(), func() {
		require.False(t, h.floor.calls[id].placing.late.Stop(), "the time of the agent's phone counts no more once it is picked up")
	}))
	h.passes(id)
	h.gone(customer)
	h.gone(agent)
	call, _ := h.finished(id)
	require.Equal(t, journal.NotReached, call.Outcome)
	require.Equal(t, "system", call.EndedBy)
	h.until("1001", brain.Available)
	h.empty()
}

func TestACustomerWhoIsDialledDoesNotRingForEver(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.outside("13900000009")
	h.phones["13900000009"].Behave(softphone.RingForEver)
	agent := h.dials("1001", "13900000009")
	customer := h.next("13900000009")
	require.NoError(t, agent.WaitRinging(h.within()))
	h.passes(h.only())
	h.gone(customer)
	h.gone(agent)
	h.until("1001", brain.Available)
	h.empty()
}

func TestWhoHasClickedAndDoesNotPickUp(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	h.phones["1001"].Behave(softphone.RingForEver)
	id, err := h.floor.Place(t.Context(), "1001", Target{Kind: journal.ToAgent, ID: "1002"}, "")
	require.NoError(t, err)
	agent := h.next("1001")
	h.passes(id)
	h.gone(agent)
	h.until("1001", brain.Available)
	h.empty()
}

func TestASupervisorsPhoneDoesNotRingForEver(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.phones["sup"] = h.phone("sup")
	require.NoError(t, h.phones["sup"].Register(t.Context()))
	h.phones["sup"].Behave(softphone.RingForEver)
	caller, agent := h.talking("13800000001", "1001")
	id := h.only()
	require.NoError(t, h.floor.Watch(t.Context(), id, "sup", Listen))
	boss := h.next("sup")
	require.NoError(t, h.floor.ask(t.Context(), func() { h.floor.watching[id][0].late.Reset(0) }))
	h.gone(boss)
	require.NoError(t, h.floor.ask(t.Context(), func() { require.Empty(t, h.floor.watching) }))
	caller.Hangup()
	h.gone(agent)
	h.empty()
}
