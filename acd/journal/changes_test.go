package journal

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/store/storetest"
)

func TestChangesThatHoldAreThoseOfTheDocumentInForce(t *testing.T) {
	j := open(t, storetest.Open(t), nil)
	at := start
	change := func(kind Kind, d Details) Entry {
		at = at.Add(time.Microsecond) // within a millisecond they keep their order
		return Entry{At: at, Kind: kind, Details: d}
	}
	j.Append(
		change(QueueSet, Details{Queue: "sales", State: QueueClosed, By: "sup", Revision: 1}),
		change(AgentSeated, Details{Agent: "1001", Queue: "sales", Tier: 2, By: "sup", Revision: 1}),
		change(AgentSet, Details{Agent: "1001", State: "break", By: "sup", Revision: 2}),
		change(AgentSkilled, Details{Agent: "1001", Skills: map[string]int{"english": 3}, By: "sup", Revision: 2}),
		change(AgentSeated, Details{Agent: "1001", Queue: "sales", By: "sup", Revision: 2}),
		change(QueueSet, Details{Queue: "sales", State: QueueOpen, By: "admin", Revision: 2}),
	)
	require.NoError(t, j.Flush(t.Context()))
	list, err := j.Standing(t.Context(), 2)
	require.NoError(t, err)
	var kinds []Kind
	for _, e := range list {
		kinds = append(kinds, e.Kind)
	}
	require.Equal(t, []Kind{AgentSkilled, AgentSeated, QueueSet}, kinds)
	require.Equal(t, map[string]int{"english": 3}, list[0].Skills)
	require.Equal(t, QueueOpen, list[2].State, "the last of the queue")

	list, err = j.Changes(t.Context(), start, 2)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, []string{"admin", "sup"}, []string{list[0].By, list[1].By}, "the newest first")
	list, err = j.Changes(t.Context(), start.Add(time.Second), 9)
	require.NoError(t, err)
	require.Empty(t, list)
	calls, err := j.Calls(t.Context(), Filter{})
	require.NoError(t, err)
	require.Empty(t, calls, "they are of no call")

	standing, err := j.Standing(t.Context(), 2)
	require.NoError(t, err)
	require.NoError(t, j.ForgetChanges(t.Context(), start, 2))
	list, err = j.Changes(t.Context(), start, 9)
	require.NoError(t, err)
	require.Len(t, list, 6, "none is old")
	require.NoError(t, j.ForgetChanges(t.Context(), start.Add(time.Hour), 2))
	list, err = j.Changes(t.Context(), start, 9)
	require.NoError(t, err)
	require.Len(t, list, 3)
	still, err := j.Standing(t.Context(), 2)
	require.NoError(t, err)
	require.Equal(t, standing, still, "what holds is kept, however old")
}

func TestWhatAgentsWereToBe(t *testing.T) {
	j := open(t, storetest.Open(t), nil)
	a, b := at("a"), at("b")
	j.Append(
		a(0, CallArrived, Details{}), b(1, CallArrived, Details{}),
		a(2, AgentReserved, Details{Agent: "1001", State: "break"}), b(3, AgentReserved, Details{Agent: "1001", State: "offline"}),
		a(4, AgentReserved, Details{Agent: "1002", State: "break"}), a(5, AgentReserved, Details{Agent: "1002", State: "available"}),
	)
	require.NoError(t, j.Flush(t.Context()))
	last, err := j.Reserved(t.Context(), start)
	require.NoError(t, err)
	require.Equal(t, []string{"b", "offline"}, []string{last["1001"].Call, last["1001"].State})
	require.Equal(t, "available", last["1002"].State)
}
