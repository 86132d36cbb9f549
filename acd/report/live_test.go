package report

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"threering/acd/journal"
	"threering/store"
	"threering/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// running is a Live with its loop, until the test ends.
func running(t testing.TB, cfg Config) *Live {
	if cfg.Changed == nil {
		cfg.Changed = func(string, Tally) {}
	}
	l := NewLive(cfg)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- l.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-done)
	})
	return l
}

func openJournal(t testing.TB, db *store.DB) *journal.Journal {
	j, err := journal.Open(context.Background(), journal.Config{DB: db, Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, j.Close(context.Background())) })
	return j
}

func today(t require.TestingT, l *Live) map[string]Tally {
	tallies, err := l.Today(context.Background())
	require.NoError(t, err)
	return tallies
}

// news keeps what was told last of each queue.
type news struct {
	mu   sync.Mutex // guards told
	told map[string]Tally
}

func (n *news) changed(queue string, t Tally) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.told[queue] = t
}

func (n *news) all() map[string]Tally {
	n.mu.Lock()
	defer n.mu.Unlock()
	return maps.Clone(n.told)
}

// fate is what becomes of a visit to a queue; counts is how it shows in the tally.
type fate struct {
	kind   journal.Kind
	why    string
	counts func(t *Tally, wait time.Duration)
}

func fates() []fate {
	return []fate{
		{journal.CallerHears, "", func(t *Tally, wait time.Duration) {
			t.Answered, t.Waited = t.Answered+1, t.Waited+wait
			if wait <= 15*time.Second {
				t.InTime++
			}
		}},
		{journal.QueueLeft, "abandoned", func(t *Tally, wait time.Duration) {
			t.Abandoned++
			if wait <= 5*time.Second {
				t.ShortAbandoned++
			}
		}},
		{journal.QueueLeft, "timeout", func(*Tally, time.Duration) {}},
		{journal.CallEnded, "", func(*Tally, time.Duration) {}},
	}
}

// calls makes up what happened over two days, in the order in which it did, with what the second day comes to.
func calls(t *rapid.T) (entries []journal.Entry, want map[string]Tally) {
	want = map[string]Tally{}
	midnight := morning.Truncate(24 * time.Hour)
	waits := rapid.SampledFrom([]time.Duration{0, 5 * time.Second, 5*time.Second + time.Millisecond, 15 * time.Second, 16 * time.Second, time.Hour})
	for c := range rapid.IntRange(0, 8).Draw(t, "calls") {
		id := fmt.Sprint("c", c)
		at := midnight.Add(time.Duration(rapid.IntRange(-4*3600, 20*3600).Draw(t, "second")) * time.Second)
		var asked time.Time // first, of who has heard nobody since …
		var first string    // … in which queue
		count := func(f fate) {
			if !asked.IsZero() && !asked.Before(midnight) {
				tally := want[first]
				tally.Offered++
				f.counts(&tally, at.Sub(asked))
				want[first] = tally
			}
			asked = time.Time{}
		}
		for range rapid.IntRange(1, 3).Draw(t, "queues") {
			queue := rapid.SampledFrom([]string{"sales", "support"}).Draw(t, "queue")
			if asked.IsZero() {
				asked, first = at, queue
			}
			entries = append(entries, journal.Entry{Call: id, At: at, Kind: journal.QueueEntered, Details: journal.Details{
				Queue: queue, TargetMs: 15_000, WaitedMs: at.Sub(asked).Milliseconds(),
			}})
			f := rapid.SampledFrom(fates()).Draw(t, "fate")
			at = at.Add(waits.Draw(t, "wait"))
			if f.kind == journal.CallerHears {
				entries = append(entries, journal.Entry{Call: id, At: at, Kind: journal.QueueLeft, Details: journal.Details{Queue: queue, Why: journal.Connected}})
			}
			entries = append(entries, journal.Entry{Call: id, At: at, Kind: f.kind, Details: journal.Details{Why: f.why}})
			if f.why != "timeout" {
				count(f)
			}
			at = at.Add(time.Second)
			if f.kind == journal.CallEnded {
				break
			}
		}
		count(fate{counts: func(*Tally, time.Duration) {}}) // whom all queues gave up
	}
	slices.SortStableFunc(entries, func(x, y journal.Entry) int { return x.At.Compare(y.At) })
	return entries, want
}

// However the entries come in batches, and whenever the counting begins anew, the counts are those of the whole.
func TestWhatIsCountedLiveIsWhatIsReadBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ctx, stop := context.WithCancel(context.Background())
		db, err := store.Open(ctx, t.TempDir()+"/threering.db")
		require.NoError(rt, err)
		j, err := journal.Open(ctx, journal.Config{DB: db, Log: slog.New(slog.DiscardHandler)})
		require.NoError(rt, err)
		var loops sync.WaitGroup
		defer func() {
			stop()
			loops.Wait()
			require.NoError(rt, j.Close(context.Background()))
			require.NoError(rt, db.Close())
		}()
		var clock atomic.Int64
		set := func(now time.Time) { clock.Store(now.UnixNano()) }
		begin := func(changed func(string, Tally)) *Live {
			l := NewLive(Config{Journal: j, Changed: changed, Now: func() time.Time { return time.Unix(0, clock.Load()) }})
			loops.Go(func() { require.NoError(rt, l.Run(ctx)) })
			require.NoError(rt, l.SetZone(ctx, time.UTC))
			return l
		}

		entries, want := calls(rt)
		n := &news{told: map[string]Tally{}}
		set(morning.Add(-24 * time.Hour))
		counting := []*Live{begin(n.changed)}
		for len(entries) > 0 {
			batch := entries[:rapid.IntRange(1, len(entries)).Draw(rt, "batch")]
			entries = entries[len(batch):]
			set(batch[len(batch)-1].At)
			j.Append(batch...)
			if rapid.Bool().Draw(rt, "flush") {
				require.NoError(rt, j.Flush(ctx))
			}
			if rapid.Bool().Draw(rt, "begin") {
				counting = append(counting, begin(func(string, Tally) {}))
			}
		}
		require.NoError(rt, j.Flush(ctx))
		set(morning.Add(14 * time.Hour))
		for _, l := range append(counting, begin(func(string, Tally) {})) {
			require.Equal(rt, want, today(rt, l))
		}
		for queue, told := range n.all() {
			require.Equal(rt, want[queue], told, "what was told last")
		}
	})
}

func TestCountsAreThereAgainAfterAStart(t *testing.T) {
	db := storetest.Open(t)
	now := func() time.Time { return morning.Add(time.Hour) }
	first := openJournal(t, db)
	l := running(t, Config{Journal: first, Now: now})
	require.NoError(t, l.SetZone(t.Context(), time.UTC))
	first.Append(entered("a", "sales", 0), entered("b", "sales", 0), heard("a", second))
	require.NoError(t, first.Flush(t.Context()))
	require.Equal(t, map[string]Tally{"sales": {Offered: 1, Answered: 1, InTime: 1, Waited: second}}, today(t, l))

	again := openJournal(t, db) // as after a kill: the call of b was never ended
	ended, err := again.Recover(t.Context(), func(string) time.Time { return time.Time{} })
	require.NoError(t, err)
	require.Len(t, ended, 2)
	l = running(t, Config{Journal: again, Now: now})
	require.NoError(t, l.SetZone(t.Context(), time.UTC))
	require.Equal(t, map[string]Tally{"sales": {Offered: 2, Answered: 1, InTime: 1, Waited: second}}, today(t, l))
}

func TestAnotherZoneIsAnotherDay(t *testing.T) {
	j := openJournal(t, storetest.Open(t))
	n := &news{told: map[string]Tally{}}
	l := running(t, Config{Journal: j, Changed: n.changed, Now: func() time.Time { return morning }})
	require.Nil(t, today(t, l), "no zone, no day")
	require.NoError(t, l.SetZone(t.Context(), time.UTC))
	j.Append(entered("a", "sales", -10*time.Hour), heard("a", -10*time.Hour))
	require.NoError(t, j.Flush(t.Context()))
	require.Empty(t, today(t, l), "23:00 of the day before")
	require.NoError(t, l.SetZone(t.Context(), time.FixedZone("CST", 8*3600)))
	require.Equal(t, 1, today(t, l)["sales"].Offered, "07:00 of this day")
	j.Append(entered("b", "sales", 0), heard("b", 0))
	require.NoError(t, j.Flush(t.Context()))
	require.Equal(t, 2, n.all()["sales"].Offered, "who watches is told, and only of the day in force")
}

func TestAQueueThatNobodyAskedForInTheOtherZoneIsTold(t *testing.T) {
	j, n := openJournal(t, storetest.Open(t)), &news{told: map[string]Tally{}}
	l := running(t, Config{Journal: j, Changed: n.changed, Now: func() time.Time { return morning }})
	require.NoError(t, l.SetZone(t.Context(), time.FixedZone("CST", 8*3600)))
	j.Append(entered("a", "sales", -10*time.Hour), heard("a", -10*time.Hour))
	require.NoError(t, j.Flush(t.Context()))
	require.Equal(t, 1, n.all()["sales"].Offered)
	require.NoError(t, l.SetZone(t.Context(), time.UTC))
	require.Zero(t, n.all()["sales"], "it was the day before")
}

// fakeJournal is told to tell.
type fakeJournal struct {
	told             func([]journal.Entry)
	follows, stopped int
}

func (f *fakeJournal) Follow(_ context.Context, _ time.Time, _ []journal.Kind, told func([]journal.Entry)) (func(), error) {
	f.told = told
	f.follows++
	return func() { f.stopped++ }, nil
}

func TestOnlyOneDayIsFollowed(t *testing.T) {
	j := &fakeJournal{}
	l := running(t, Config{Journal: j})
	for _, zone := range []*time.Location{time.UTC, time.UTC, time.FixedZone("CST", 8*3600)} {
		require.NoError(t, l.SetZone(t.Context(), zone))
	}
	require.Equal(t, []int{2, 1}, []int{j.follows, j.stopped})
}

func TestMidnightIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // its clock begins at a midnight of UTC
		j, n := &fakeJournal{}, &news{told: map[string]Tally{}}
		l := running(t, Config{Journal: j, Changed: n.changed})
		require.NoError(t, l.SetZone(t.Context(), time.UTC))
		at := time.Now()
		j.told([]journal.Entry{
			{Call: "a", At: at, Kind: journal.QueueEntered, Details: journal.Details{Queue: "sales"}},
			{Call: "a", At: at, Kind: journal.CallerHears},
		})
		require.Equal(t, 1, n.all()["sales"].Offered)
		time.Sleep(24*time.Hour - time.Nanosecond)
		synctest.Wait()
		require.Equal(t, 1, n.all()["sales"].Offered)
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		require.Equal(t, map[string]Tally{"sales": {}}, n.all())
		require.Empty(t, today(t, l))
	})
}

func TestAReportThatHasStopped(t *testing.T) {
	j := &fakeJournal{}
	l := NewLive(Config{Journal: j, Changed: func(string, Tally) {}})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- l.Run(ctx) }()
	require.NoError(t, l.SetZone(t.Context(), time.UTC))
	stop()
	require.NoError(t, <-done)
	_, err := l.Today(t.Context())
	require.ErrorIs(t, err, ErrClosed)
	j.told([]journal.Entry{entered("a", "sales", 0)}) // keeps no writer waiting
}
