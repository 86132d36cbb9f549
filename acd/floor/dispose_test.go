package floor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
)

// known is a house with a call of long ago in its journal.
func known(t *testing.T) *house {
	h := open(t, nil)
	h.journal.Append(journal.Entry{Call: "c1", At: time.Now(), Kind: journal.CallArrived}, journal.Entry{Call: "c1", At: time.Now(), Kind: journal.CallEnded})
	return h
}

func (h *house) dispose(person string, seen int, reason string) error {
	_, err := h.floor.Dispose(h.t.Context(), "c1", person, seen, journal.Disposition{Reason: reason})
	return err
}

// written are the reasons of the call's dispositions, in the order of their versions.
func (h *house) written() (list []string) {
	require.NoError(h.t, h.journal.Flush(h.t.Context()))
	line, err := h.journal.Timeline(h.t.Context(), "c1")
	require.NoError(h.t, err)
	for _, e := range line {
		if e.Kind == journal.Disposed {
			require.Equal(h.t, len(list)+1, e.Disposition.Version)
			require.Equal(h.t, e.Agent, e.Disposition.By)
			list = append(list, e.Disposition.Reason)
		}
	}
	return list
}

func TestNobodyOverwritesADispositionTheyHaveNotSeen(t *testing.T) {
	t.Parallel()
	h := known(t)
	d, err := h.floor.Dispose(t.Context(), "c1", "1001", 0, journal.Disposition{Reason: "order", Notes: "blue"})
	require.NoError(t, err)
	require.Equal(t, 1, d.Version)
	require.Equal(t, "1001", d.By)
	require.WithinDuration(t, time.Now(), *d.At, time.Minute)

	for _, seen := range []int{0, 2, -1} {
		var stale *StaleError
		require.ErrorAs(t, h.dispose("1002", seen, "other"), &stale)
		require.Equal(t, d.Notes, stale.Present.Notes)
		require.Equal(t, "version 1 of the disposition is there already, written by 1001", stale.Error())
	}
	require.NoError(t, h.dispose("1002", 1, "fault"))
	require.Equal(t, []string{"order", "fault"}, h.written())

	_, err = h.floor.Dispose(t.Context(), "c2", "1001", 0, journal.Disposition{Reason: "order"})
	require.ErrorIs(t, err, journal.ErrNotFound)
}

func TestOfWritersAtTheSameMomentOneWins(t *testing.T) {
	t.Parallel()
	h := known(t)
	const writers, rounds = 8, 5
	for seen := range rounds {
		errs := make([]error, writers)
		var work sync.WaitGroup
		for i := range errs {
			work.Go(func() { errs[i] = h.dispose(fmt.Sprint(i), seen, fmt.Sprint("by ", i)) })
		}
		work.Wait()
		won := -1
		for i, err := range errs {
			var stale *StaleError
			if err == nil {
				require.Negative(t, won, "two have won")
				won = i
			} else {
				require.True(t, errors.As(err, &stale), err)
			}
		}
		require.GreaterOrEqual(t, won, 0, "nobody has won")
		require.Equal(t, fmt.Sprint("by ", won), h.written()[seen])
	}
	require.Len(t, h.written(), rounds)
}

func TestWhatCannotBeComparedIsNotWritten(t *testing.T) {
	t.Parallel()
	h := known(t)
	require.NoError(t, h.journal.Flush(t.Context()))
	_, err := h.db.ExecContext(t.Context(), `ALTER TABLE journal_entries RENAME TO hidden`)
	require.NoError(t, err)
	h.journal.Append(journal.Entry{Call: "c1", At: time.Now(), Kind: journal.FlowStep})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = h.floor.Dispose(ctx, "c1", "1001", 0, journal.Disposition{Reason: "order"})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, err = h.db.ExecContext(t.Context(), `ALTER TABLE hidden RENAME TO journal_entries`)
	require.NoError(t, err)
	require.Empty(t, h.written())
}

func TestAWrapUpSaysWhenItEnds(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.Breather = 5 * time.Second }, "1001")
	require.Nil(t, h.agent("1001").Until)
	caller, _ := h.talking("13800000001", "1001")
	require.Nil(t, h.agent("1001").Until)
	caller.Hangup()
	h.until("1001", brain.WrapUp)
	a := h.agent("1001")
	require.WithinDuration(t, a.Since.Add(20*time.Second), *a.Until, 5*time.Second)
	call, _ := h.ended()

	_, err := h.floor.Dispose(t.Context(), call.ID, "1001", 0, journal.Disposition{Reason: "order"})
	require.NoError(t, err)
	e := h.sees("the breather", func(e Event) bool {
		v, ok := e.Data.(AgentView)
		return ok && v.State == brain.WrapUp && v.Until.Before(a.Until.Add(-time.Second))
	})
	require.Equal(t, []string{"1001"}, e.Agents)
	require.Equal(t, brain.WrapUp, h.agent("1001").State)
}

func TestNewsOfACallBearsNoNumber(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.call("13800000001")
	text, err := json.Marshal(h.seesType("call.arrived").Data)
	require.NoError(t, err)
	require.NotContains(t, string(text), `"seq"`)
	require.Contains(t, string(text), `"kind":"call.arrived"`)
}

func TestWhatACallerIsPromisedIsKept(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	_, err := h.floor.SetAgent(t.Context(), "1001", brain.Break, "tea")
	require.NoError(t, err)
	h.queued("13800000001")
	require.EqualValues(t, 800, h.seesType("call.queue.entered").Data.(CallNews).TargetMs)
	queues, err := h.floor.Queues(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 800, queues[0].TargetMs)
}
