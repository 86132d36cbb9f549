package journal

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/store/storetest"
)

// heard keeps what a follower is told.
type heard struct {
	mu      sync.Mutex // guards entries
	entries []Entry
}

func (h *heard) told(batch []Entry) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.entries = append(h.entries, batch...)
}

// of are the kinds that were told of a call, in their order.
func (h *heard) of(call string) (list []Kind) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.entries {
		if e.Call == call {
			list = append(list, e.Kind)
		}
	}
	return list
}

func TestFollowersAreToldOfEachEntryOnce(t *testing.T) {
	j := open(t, storetest.Open(t), nil)
	var h heard
	waits := []Kind{QueueEntered, QueueLeft}
	j.Append(talk("old", "1", start.Add(-time.Hour))...)
	j.Append(talk("past", "1", start)[:4]...)
	stop, err := j.Follow(t.Context(), start, waits, h.told) // with some of it perhaps not yet written
	require.NoError(t, err)
	j.Append(Entry{At: start, Kind: AgentState, Details: Details{Agent: "1001", State: "available"}})
	j.Append(talk("past", "1", start)[4:]...)
	require.NoError(t, j.Flush(t.Context()))
	require.Equal(t, waits, h.of("past"))
	require.Empty(t, h.of(""))

	stop()
	j.Append(talk("late", "1", start)...)
	require.NoError(t, j.Flush(t.Context()))
	require.Empty(t, h.of("late"))
}

func TestThePastIsToldInTheOrderOfEachCall(t *testing.T) {
	j := open(t, storetest.Open(t), nil)
	one, other := talk("a", "1", start), talk("b", "1", start)
	for i := range one { // both at the same time, and a clock that is set back meanwhile
		one[i].At, other[i].At = start.Add(-time.Duration(i)*time.Second), start
		j.Append(one[i], other[i])
	}
	for range 2 * chunk {
		j.Append(Entry{Call: "c", At: start, Kind: FlowStep})
	}
	require.NoError(t, j.Flush(t.Context()))
	kinds := []Kind{FlowStep}
	for _, e := range one {
		kinds = append(kinds, e.Kind)
	}
	var h heard
	_, err := j.Follow(t.Context(), start.Add(-time.Hour), kinds, h.told)
	require.NoError(t, err)
	require.Equal(t, kinds[1:], h.of("a"))
	require.Equal(t, kinds[1:], h.of("b"))
	require.Len(t, h.of("c"), 2*chunk)
	require.True(t, slices.IsSortedFunc(h.entries[len(h.entries)-2*chunk:], func(x, y Entry) int { return x.Seq - y.Seq }))
}

func TestThePastIsFoundByItsTime(t *testing.T) {
	db := storetest.Open(t)
	open(t, db, nil)
	rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+fmt.Sprintf(entries, "$3, $4"), 0, 1, "a", "b")
	require.NoError(t, err)
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var step string
		require.NoError(t, rows.Scan(&id, &parent, &unused, &step))
		plan.WriteString(step + "\n")
	}
	require.NoError(t, rows.Err())
	require.Contains(t, plan.String(), "USING INDEX journal_entries_at", "not by reading every call there ever was")
}

func TestNothingIsToldBeforeItsCommit(t *testing.T) {
	db := storetest.Open(t)
	alarms := make(chan error, 4)
	j := open(t, db, func(err error) { alarms <- err })
	var h heard
	_, err := j.Follow(t.Context(), start, []Kind{CallArrived}, h.told)
	require.NoError(t, err)
	_, err = db.ExecContext(t.Context(), `ALTER TABLE journal_entries RENAME TO hidden`)
	require.NoError(t, err)
	j.Append(talk("a", "1", start)...)
	require.Error(t, <-alarms)
	require.Empty(t, h.of("a"))
	_, err = j.Follow(t.Context(), start, []Kind{CallArrived}, h.told)
	require.ErrorContains(t, err, "read the journal from 2026-11-20T09:00:00Z on")
	_, err = db.ExecContext(t.Context(), `ALTER TABLE hidden RENAME TO journal_entries`)
	require.NoError(t, err)
	require.NoError(t, <-alarms)
	require.NoError(t, j.Flush(t.Context()))
	require.Equal(t, []Kind{CallArrived}, h.of("a"))
}
