package floor

import (
	"testing"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/sip"
	"threering/sip/softphone"
)

// dials has somebody of the house dial a number from their phone.
func (h *house) dials(agent, number string) *softphone.Call {
	h.t.Helper()
	c, err := h.phones[agent].Dial(h.t.Context(), number)
	require.NoError(h.t, err)
	return c
}

func TestAnAgentCallsACustomer(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.outside("13900000009")
	agent := h.dials("1001", "13900000009")
	customer := h.next("13900000009")
	pop := h.seesType("pop")
	require.Equal(t, "13900000009", pop.Data.(PopNews).Number)
	require.Equal(t, "95588", customer.Leg().From().Number)
	h.speaks(agent, agentHz)
	h.speaks(customer, callerHz)
	for range 4 { // so much is looked for in the recording
		require.True(t, agent.Hears(callerHz, soon))
		require.True(t, customer.Hears(agentHz, soon))
	}
	h.until("1001", brain.Talking)
	customer.Hangup()
	h.gone(agent)
	h.until("1001", brain.WrapUp)
	call, line := h.ended()
	require.Equal(t, journal.Out, call.Direction)
	require.Equal(t, journal.Answered, call.Outcome)
	require.Equal(t, "1001", call.Agent)
	require.Equal(t, 1, call.Talks)
	require.Positive(t, call.TalkMs)
	requireOrder(t, line, journal.CallPlaced, journal.CallAnswered, journal.RecordingStarted, journal.TalkStarted, journal.TalkEnded)
	h.requireStereo(call.ID)
	h.empty()
}

func TestACustomerWhoDoesNotPickUp(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	h.outside("13900000009")
	h.phones["13900000009"].Behave(softphone.Busy)
	agent := h.dials("1001", "13900000009")
	end, err := agent.WaitEnded(h.within())
	require.NoError(t, err)
	require.Equal(t, 486, end.Code)
	h.until("1001", brain.Available)
	call, _ := h.ended()
	require.Equal(t, journal.NotReached, call.Outcome)
	h.empty()

	h.phones["13900000009"].Behave(softphone.RingForEver)
	agent = h.dials("1001", "13900000009")
	h.next("13900000009")
	ringing := h.next("13900000009")
	require.NoError(t, agent.WaitRinging(h.within()))
	agent.Hangup()
	h.gone(ringing)
	h.until("1001", brain.Available)
	h.empty()
}

func TestAnAgentCallsAColleague(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	h.phones["1002"].Behave(softphone.RingForEver)
	agent := h.dials("1001", "1002")
	colleague := h.next("1002")
	require.NoError(t, agent.WaitRinging(h.within()))
	h.until("1002", brain.Offered)
	h.until("1001", brain.Talking)
	colleague.Answer()
	h.speaks(agent, agentHz)
	h.speaks(colleague, secondHz)
	h.together(agent, secondHz, colleague, agentHz)
	agent.Hangup()
	h.gone(colleague)
	h.until("1001", brain.Available)
	h.until("1002", brain.Available)
	call, _ := h.ended()
	require.Equal(t, journal.Internal, call.Direction)
	require.Equal(t, journal.Answered, call.Outcome)
	require.Equal(t, []string{"1001", "1002"}, call.Agents)
	h.empty()
}

func TestACallWithinTheHouseThatComesToNothing(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	h.phones["1002"].Behave(softphone.Busy)
	agent := h.dials("1001", "1002")
	end, err := agent.WaitEnded(h.within())
	require.NoError(t, err)
	require.Equal(t, 486, end.Code)
	h.until("1001", brain.Available)
	h.until("1002", brain.Available)
	h.empty()
	for number, code := range map[string]int{"1001": 403, "13900000009": 404} {
		end, err := h.dials("1001", number).WaitEnded(h.within())
		require.NoError(t, err)
		require.Equal(t, code, end.Code, number)
	}
	h.empty()
}

// Of an agent's talks the one comes first that is no consultation: a further one is about that.
func TestTheFirstOfAnAgentsTalks(t *testing.T) {
	t.Parallel()
	f := New(Config{})
	add := func(id string, about *call) *call {
		c := &call{floor: f, id: id, about: about, talk: &talk{agent: "1001"}}
		f.calls[id] = c
		return c
	}
	require.Nil(t, f.talkOf("1001"))
	older := add("a", nil)
	about := add("c", nil)
	add("b", about)
	add("0", about)
	f.calls["9"] = &call{id: "9", talk: nil}
	for range 20 { // maps have no order
		require.Equal(t, older, f.talkOf("1001"))
	}
	delete(f.calls, "a")
	for range 20 {
		require.Equal(t, about, f.talkOf("1001"))
	}
}

// Whoever may not call a number is told so before a phone rings, or the caller is parted from the agent.
func TestANumberThatMayNotBeCalled(t *testing.T) {
	t.Parallel()
	const forbidden = "0016505550100"
	h := open(t, nil, "1001")
	h.outside("13900000009")
	_, err := h.floor.Place(t.Context(), "1001", Target{Kind: journal.ToNumber, ID: forbidden}, "")
	require.ErrorIs(t, err, sip.ErrNotAllowed)
	end, err := h.dials("1001", forbidden).WaitEnded(h.within())
	require.NoError(t, err)
	require.Equal(t, 403, end.Code)
	h.empty()
	caller, agent := h.talking("13800000001", "1001")
	require.ErrorIs(t, h.floor.Transfer(t.Context(), h.only(), Asker{Person: "1001"}, Target{Kind: journal.ToNumber, ID: forbidden}), sip.ErrNotAllowed)
	_, err = h.floor.Consult(t.Context(), h.only(), Asker{Person: "1001"}, Target{Kind: journal.ToNumber, ID: forbidden})
	require.ErrorIs(t, err, sip.ErrNotAllowed)
	require.Equal(t, 999, <-h.refer(agent, forbidden, nil), "the REFER itself is refused")
	require.True(t, caller.Hears(agentHz, soon), "the talk goes on")
	caller.Hangup()
	h.gone(agent)
	h.empty()
}

func TestClickToCall(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	h.outside("13900000009")
	for _, to := range []Target{{Kind: journal.ToNumber, ID: "13900000009"}, {Kind: journal.ToAgent, ID: "1002"}} {
		id, err := h.floor.Place(t.Context(), "1001", to, "")
		require.NoError(t, err)
		require.NotEmpty(t, id)
		agent, other := h.next("1001"), h.next(to.ID)
		h.speaks(agent, agentHz)
		h.speaks(other, callerHz)
		require.True(t, agent.Hears(callerHz, soon), to)
		require.True(t, other.Hears(agentHz, soon), to)
		_, err = h.floor.Place(t.Context(), "1001", to, "")
		require.ErrorIs(t, err, ErrNotNow)
		agent.Hangup()
		h.gone(other)
		h.empty()
		_, err = h.floor.SetAgent(t.Context(), "1001", brain.Available, "")
		require.NoError(t, err)
	}
	_, err := h.floor.Place(t.Context(), "1001", Target{Kind: journal.ToAgent, ID: "1001"}, "")
	require.ErrorIs(t, err, ErrSelf)
	_, err = h.floor.Place(t.Context(), "1001", Target{Kind: journal.ToAgent, ID: "4711"}, "")
	require.ErrorIs(t, err, ErrNoTarget)
	_, err = h.floor.Place(t.Context(), "nobody", Target{Kind: journal.ToAgent, ID: "1001"}, "")
	require.ErrorIs(t, err, ErrNoAgent)
}
