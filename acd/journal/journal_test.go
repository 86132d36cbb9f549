package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"threering/store"
	"threering/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func open(t *testing.T, db *store.DB, alarm func(error)) *Journal {
	j, err := Open(t.Context(), Config{DB: db, Log: slog.New(slog.DiscardHandler), Alarm: alarm})
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		j.Close(ctx)
	})
	return j
}

// talk is a plain answered call, from its start.
func talk(id, number string, at time.Time) []Entry {
	step := func(s int, k Kind, d Details) Entry {
		return Entry{Call: id, At: at.Add(time.Duration(s) * time.Second), Kind: k, Details: d}
	}
	return []Entry{
		step(0, CallArrived, Details{Number: number, Dialled: "400", Flow: "main"}),
		step(1, NoticePlayed, Details{Notice: "recorded-1"}),
		step(5, QueueEntered, Details{Queue: "sales"}),
		step(5, OfferMade, Details{Agent: "1001", Offer: "o1"}),
		step(9, OfferAnswered, Details{Agent: "1001", Offer: "o1"}),
		step(9, QueueLeft, Details{Queue: "sales", Why: "connected"}),
		step(9, CallerHears, Details{}),
		step(10, TalkStarted, Details{Agent: "1001", Talk: 1}),
		step(20, TalkHeld, Details{By: "agent"}),
		step(25, TalkResumed, Details{By: "agent"}),
		step(40, TalkEnded, Details{By: "caller"}),
		step(40, WrapUpStarted, Details{Agent: "1001"}),
		step(40, CallEnded, Details{By: "caller", Outcome: Answered}),
		step(55, Disposed, Details{Disposition: &Disposition{Reason: "order"}}),
		step(55, WrapUpEnded, Details{Agent: "1001"}),
	}
}

func TestASummaryIsFoldedFromTheTimeline(t *testing.T) {
	j := open(t, storetest.Open(t), nil)
	for _, e := range talk("a", "+8613800000001", start) { // one batch or many, the fold is the same
		j.Append(e)
	}
	require.NoError(t, j.Flush(t.Context()))

	c, err := j.Call(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, Answered, c.Outcome)
	require.Equal(t, "recorded-1", c.Notice)
	require.Equal(t, "1001", c.Agent)
	require.Equal(t, []int64{4000, 30000, 5000, 15000}, []int64{c.WaitMs, c.TalkMs, c.HoldMs, c.WrapUpMs})
	require.Equal(t, start.Add(9*time.Second), c.HeardAt.UTC())
	require.Equal(t, "order", c.Disposition.Reason)

	line, err := j.Timeline(t.Context(), "a")
	require.NoError(t, err)
	require.Len(t, line, 15)
	for i, e := range line {
		require.Equal(t, i+1, e.Seq)
	}
	require.Equal(t, "sales", line[2].Queue)
	_, err = j.Call(t.Context(), "nobody")
	require.ErrorIs(t, err, ErrNotFound)
}

func TestCallsAreListedNewestFirstInPages(t *testing.T) {
	j := open(t, storetest.Open(t), nil)
	for i := range 7 {
		j.Append(talk(fmt.Sprint("c", i), "+861380000000"+fmt.Sprint(i%2), start.Add(time.Duration(i)*time.Minute))...)
	}
	require.NoError(t, j.Flush(t.Context()))
	list := func(f Filter) (ids []string) {
		calls, err := j.Calls(t.Context(), f)
		require.NoError(t, err)
		for _, c := range calls {
			ids = append(ids, c.ID)
		}
		return ids
	}
	require.Equal(t, []string{"c6", "c5", "c4"}, list(Filter{Limit: 3}))
	require.Equal(t, []string{"c3", "c2", "c1"}, list(Filter{Limit: 3, After: "c4"}))
	require.Equal(t, []string{"c5", "c3", "c1"}, list(Filter{Numbers: []string{"+8613800000001"}}))
	require.Equal(t, []string{"c1", "c0"}, list(Filter{To: start.Add(2 * time.Minute)}))
	require.Empty(t, list(Filter{Agents: []string{"1002"}}))
	require.Len(t, list(Filter{Agents: []string{"1002", "1001"}, Queue: "sales", Outcome: Answered}), 7)
}

func TestRecoverEndsWhatACrashCutOff(t *testing.T) {
	db := storetest.Open(t)
	j := open(t, db, nil)
	j.Append(talk("cut", "+8613800000001", start)[:8]...)
	require.NoError(t, j.Flush(t.Context()))

	again := open(t, db, nil)
	ended, err := again.Recover(t.Context(), func(string) time.Time { return start.Add(17 * time.Second) })
	require.NoError(t, err)
	require.Len(t, ended, 1)
	c, err := again.Call(t.Context(), "cut")
	require.NoError(t, err)
	require.Equal(t, Interrupted, c.Outcome)
	require.EqualValues(t, 7000, c.TalkMs, "up to the last sign of life")
	unended, err := again.unended(t.Context())
	require.NoError(t, err)
	require.Empty(t, unended)
}

func TestALockedDatabaseDelaysAndLosesNothing(t *testing.T) {
	db := storetest.Open(t)
	alarms := make(chan error, 4)
	j := open(t, db, func(err error) { alarms <- err })

	_, err := db.ExecContext(t.Context(), `ALTER TABLE journal_entries RENAME TO hidden`)
	require.NoError(t, err)
	j.Append(talk("a", "+8613800000001", start)...)
	require.Error(t, <-alarms)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, j.Flush(ctx), context.DeadlineExceeded)

	require.NoError(t, db.Tx(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `ALTER TABLE hidden RENAME TO journal_entries`)
		return err
	}))
	require.NoError(t, <-alarms)
	require.NoError(t, j.Flush(t.Context()))
	line, err := j.Timeline(t.Context(), "a")
	require.NoError(t, err)
	require.Len(t, line, 15)
}

func TestTheLastStateOfEachAgentIsKept(t *testing.T) {
	j := open(t, storetest.Open(t), nil)
	state := func(s int, agent, state string) Entry {
		return Entry{At: start.Add(time.Duration(s) * time.Second), Kind: AgentState, Details: Details{Agent: agent, State: state}}
	}
	j.Append(state(0, "1003", "available"), state(1, "1001", "available"), state(2, "1001", "break"), state(60, "1002", "offline"))
	require.NoError(t, j.Flush(t.Context()))
	last, err := j.AgentStates(t.Context(), start.Add(time.Second))
	require.NoError(t, err)
	require.Len(t, last, 2)
	require.Equal(t, "break", last[0].State)
	require.Equal(t, "1002", last[1].Agent)
}

func TestBothSidesMayHoldAtATime(t *testing.T) {
	var c fold
	for i, k := range []Kind{CallArrived, OfferAnswered, TalkStarted, TalkHeld, TalkHeld, TalkResumed, TalkResumed, TalkEnded} {
		c.add(&Entry{Kind: k, At: start.Add(time.Duration(i) * time.Second)})
	}
	require.EqualValues(t, 3000, c.HoldMs)
	require.Equal(t, 1, c.Talks)
}

// What only the fold needs goes on after a restart, and is shown to nobody.
func TestAFoldGoesOnAfterARestart(t *testing.T) {
	db := storetest.Open(t)
	entries := talk("a", "1", start)
	first := open(t, db, nil)
	first.Append(entries[:9]...) // held
	require.NoError(t, first.Flush(t.Context()))
	c, err := first.Call(t.Context(), "a")
	require.NoError(t, err)
	text, err := json.Marshal(c)
	require.NoError(t, err)
	for _, key := range []string{"entries", "last_at", "talking_since", "held_since", "holders"} {
		require.NotContains(t, string(text), key)
	}

	again := open(t, db, nil)
	again.Append(entries[9:]...)
	require.NoError(t, again.Flush(t.Context()))
	c, err = again.Call(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, []int64{4000, 30000, 5000, 15000}, []int64{c.WaitMs, c.TalkMs, c.HoldMs, c.WrapUpMs})
}

func TestADispositionFromBeforeThereWereVersionsIsTheFirst(t *testing.T) {
	db := storetest.Open(t)
	j := open(t, db, nil)
	j.Append(talk("a", "1", start)...)
	require.NoError(t, j.Flush(t.Context()))
	for _, table := range []string{"journal_calls SET summary = replace(summary", "journal_entries SET details = replace(details"} {
		_, err := db.ExecContext(t.Context(), `UPDATE `+table+`, '"version":0', '"was":0')`)
		require.NoError(t, err)
	}
	c, err := j.Call(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, &Disposition{Reason: "order", Version: 1}, c.Disposition)
	line, err := j.Timeline(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, c.Disposition, line[13].Disposition)
}
