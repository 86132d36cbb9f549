package brain

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// engaged is a brain with one agent who is available, and what happened when they became busy.
func engaged(t *testing.T) *Brain {
	t.Helper()
	b := &Brain{}
	b.Apply(1, Configured{Queues: []Queue{testQueue("sales", "1001")}, Agents: []Agent{{ID: "1001"}}})
	b.Apply(1, DeviceChanged{"1001", true})
	b.Apply(1, AgentSet{Agent: "1001", State: Available})
	return b
}

func TestWhoIsEngagedIsNotRung(t *testing.T) {
	b := engaged(t)
	orders := b.Apply(2, AgentEngaged{Agent: "1001", Call: "e1", WrapUp: 10 * time.Second, Breather: time.Second})
	require.Equal(t, []Order{AgentChanged{Agent: "1001", State: Talking, Call: "e1"}}, orders)
	require.Empty(t, b.Apply(3, CallEntered{Call: "c1", Queue: "sales"}))
	require.Empty(t, b.Apply(4, AgentEngaged{Agent: "1001", Call: "e2"}), "a consultation beside it")
	require.Empty(t, b.Apply(5, AgentReleased{"1001", "e2"}))
	require.Equal(t, []Order{AgentChanged{Agent: "1001", State: WrapUp}}, b.Apply(6, AgentReleased{"1001", "e1"}))
	at, ends := b.Until("1001")
	require.True(t, ends)
	require.Equal(t, Instant(6).Add(10*time.Second), at)
	b.Apply(7, WrapUpDone{"1001"})
	orders = b.Apply(Instant(7).Add(time.Second), Passed{})
	require.Contains(t, kinds(orders), "Offer")
}

func TestEngagingStopsTheRingingPhone(t *testing.T) {
	b := engaged(t)
	orders := b.Apply(2, CallEntered{Call: "c1", Queue: "sales"})
	offer := orders[0].(Offer).ID
	orders = b.Apply(3, AgentEngaged{Agent: "1001", Call: "e1"})
	require.Equal(t, []Order{Withdraw{Offer: offer, Why: Refused}, AgentChanged{Agent: "1001", State: Talking, Call: "e1"}}, orders)
	require.Equal(t, []Order{Release{Offer: offer, Why: Refused}}, b.Apply(4, OfferAnswered{offer}), "one talk at a time")
	require.Empty(t, b.Apply(5, OfferEnded{offer, Withdrawn}))
	orders = b.Apply(Instant(6).Add(barForCall), AgentReleased{"1001", "e1"})
	require.Equal(t, []string{"AgentChanged", "Offer", "AgentChanged"}, kinds(orders))
}

func TestACallOfOnesOwnBesideATalk(t *testing.T) {
	b := engaged(t)
	offer := b.Apply(2, CallEntered{Call: "c1", Queue: "sales"})[0].(Offer).ID
	b.Apply(3, OfferAnswered{offer})
	require.Empty(t, b.Apply(4, AgentEngaged{Agent: "1001", Call: "e1"}))
	require.Empty(t, b.Apply(5, TalkEnded{"c1"}), "still busy with the other")
	require.Equal(t, []Order{AgentChanged{Agent: "1001", State: WrapUp}}, b.Apply(6, AgentReleased{"1001", "e1"}))
	at, _ := b.Until("1001")
	require.Equal(t, Instant(5).Add(b.lines[0].WrapUp), at, "the wrap-up of the talk")
}
