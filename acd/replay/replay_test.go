package replay

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"threering/acd/brain"
	"threering/store"
	"threering/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const second = brain.Instant(1e6)

func open(t *testing.T, db *store.DB) *Recorder {
	t.Helper()
	r, err := Open(t.Context(), Config{DB: db, Log: slog.New(slog.DiscardHandler), Version: "v1"})
	require.NoError(t, err)
	return r
}

// day lets a brain live through calls, most of which are talked to, and notes it all.
func day(r *Recorder, calls int) (steps int) {
	var b brain.Brain
	now := second
	random := rand.New(rand.NewPCG(1, 2))
	apply := func(ev brain.Event) (made []brain.Offer) {
		now += brain.Instant(random.Int64N(3e6))
		orders := b.Apply(now, ev)
		r.Note(now, ev, orders)
		steps++
		for _, o := range orders {
			if o, ok := o.(brain.Offer); ok {
				made = append(made, o)
			}
		}
		return made
	}
	apply(theHouse("1001", "1002"))
	for _, a := range []string{"1001", "1002"} {
		apply(brain.DeviceChanged{Agent: a, Reachable: true})
		apply(brain.AgentSet{Agent: a, State: brain.Available})
	}
	for i := range calls {
		call := fmt.Sprint("call-", i)
		for _, o := range apply(brain.CallEntered{Call: call, Queue: "sales"}) {
			apply(brain.OfferRinging{Offer: o.ID})
			apply(brain.OfferAnswered{Offer: o.ID})
			apply(brain.TalkEnded{Call: o.Call})
			apply(brain.WrapUpDone{Agent: o.Agent})
		}
		apply(brain.CallLeft{Call: call})
		apply(brain.Passed{})
	}
	return steps
}

func theHouse(agents ...string) brain.Configured {
	var people []brain.Agent
	for _, a := range agents {
		people = append(people, brain.Agent{ID: a, Skills: map[string]int{"english": 2}})
	}
	return brain.Configured{Agents: people, Queues: []brain.Queue{{
		Name: "sales", Agents: agents, Target: 15 * time.Second, OfferTimeout: 11 * time.Second,
		MaxWait: 120 * time.Second, WrapUp: 30 * time.Second, Breather: 2 * time.Second,
	}}}
}

// runs are those of any time.
func runs(t *testing.T, db *store.DB) []Run {
	t.Helper()
	all, err := Runs(t.Context(), db, time.Time{}, time.Now().Add(24*time.Hour))
	require.NoError(t, err)
	return all
}

// again decides a run again and gives the decisions.
func again(t *testing.T, r Run) (all []Decision) {
	t.Helper()
	require.NoError(t, r.Replay(t.Context(), r.Last.Add(time.Second), func(d Decision) error {
		all = append(all, d)
		return nil
	}))
	return all
}

func TestADayIsDecidedTheSameAgain(t *testing.T) {
	db := storetest.Open(t)
	r := open(t, db)
	steps := day(r, 200)
	require.NoError(t, r.flush(t.Context()))
	steps += 1
	r.Note(3600*second, brain.Passed{}, nil) // in a chunk of its own
	require.NoError(t, r.Close())

	all := runs(t, db)
	require.Len(t, all, 1)
	require.EqualValues(t, steps, all[0].Steps)
	require.Equal(t, "v1", all[0].Version)
	decisions := again(t, all[0])
	require.Len(t, decisions, steps)
	offers := 0
	for _, d := range decisions {
		require.True(t, d.Same, "%+v", d)
		offers += len(d.Orders)
	}
	require.Greater(t, offers, 400)
}

func TestAnOrderThatWouldBeGivenNoMoreIsFound(t *testing.T) {
	db := storetest.Open(t)
	r := open(t, db)
	day(r, 3)
	r.Note(900*second, brain.Passed{}, []brain.Order{brain.Connect{Call: "none", Agent: "1001"}})
	require.NoError(t, r.Close())

	decisions := again(t, runs(t, db)[0])
	last := decisions[len(decisions)-1]
	require.False(t, last.Same)
	require.Empty(t, last.Again)
	require.Contains(t, string(last.Orders[0]), `"none"`)
	require.False(t, slices.ContainsFunc(decisions[:len(decisions)-1], func(d Decision) bool { return !d.Same }))
}

func TestADayOfARunEndsWithTheDay(t *testing.T) {
	db := storetest.Open(t)
	r := open(t, db)
	for at := range brain.Instant(10) {
		r.Note((at+1)*3600*second, brain.Passed{}, nil)
	}
	require.NoError(t, r.Close())

	run := runs(t, db)[0]
	seen := 0
	require.NoError(t, run.Replay(t.Context(), run.Began.Add(5*time.Hour), func(Decision) error { seen++; return nil }))
	require.Equal(t, 4, seen)
	later, err := Runs(t.Context(), db, run.Last.Add(time.Second), run.Last.Add(time.Hour))
	require.NoError(t, err)
	require.Empty(t, later)
}

func TestEachLifeIsARunAndOldOnesAreDropped(t *testing.T) {
	db := storetest.Open(t)
	for range 2 {
		r := open(t, db)
		r.Note(second, brain.Passed{}, nil)
		require.NoError(t, r.Close())
	}
	require.NoError(t, open(t, db).Close()) // nothing happened in it
	require.Len(t, runs(t, db), 2)
	require.NoError(t, forget(t.Context(), db, time.Now().Add(time.Minute)))
	require.Empty(t, runs(t, db))
}

func TestWhatIsDamagedOrForeignIsSaid(t *testing.T) {
	unknown, err := pack([]line{{Kind: "Abolished", Event: []byte(`{}`)}})
	require.NoError(t, err)
	ignore := func(Step) error { return nil }
	require.ErrorIs(t, unpack(unknown, kinds(), ignore), ErrUnknown)
	require.ErrorContains(t, unpack("!", kinds(), ignore), "damaged")
	require.ErrorContains(t, unpack(unknown[:len(unknown)/8*4], kinds(), ignore), "damaged")
	misfit, err := pack([]line{{Kind: "CallLeft", Event: []byte(`{"Call": 7}`)}})
	require.NoError(t, err)
	require.ErrorContains(t, unpack(misfit, kinds(), ignore), "CallLeft")
}

func TestALockedDatabaseLosesNothing(t *testing.T) {
	db := storetest.Open(t)
	r := open(t, db)
	_, err := db.ExecContext(t.Context(), `ALTER TABLE replay_chunks RENAME TO elsewhere`)
	require.NoError(t, err)
	r.Note(second, brain.Passed{}, nil)
	require.Error(t, r.flush(t.Context()))
	r.Note(2*second, brain.Passed{}, nil)
	_, err = db.ExecContext(t.Context(), `ALTER TABLE elsewhere RENAME TO replay_chunks`)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	require.Len(t, again(t, runs(t, db)[0]), 2)
}

func TestAPileTooHighEndsTheRunOnly(t *testing.T) {
	r := open(t, storetest.Open(t))
	r.mu.Lock()
	r.pending = make([]note, pileMost)
	r.mu.Unlock()
	r.Note(second, brain.Passed{}, nil)
	r.Note(2*second, brain.Passed{}, nil)
	r.mu.Lock()
	require.True(t, r.lost)
	require.Len(t, r.pending, pileMost)
	r.pending = nil
	r.mu.Unlock()
	require.NoError(t, r.Close())
}

// An event that is missing in events would make the days that have it unreadable.
func TestEveryEventOfTheBrainIsKnown(t *testing.T) {
	files, err := filepath.Glob("../brain/*.go")
	require.NoError(t, err)
	found := 0
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && f.Name.Name == "event" {
				require.Contains(t, kinds(), f.Recv.List[0].Type.(*ast.Ident).Name, "events() in step.go")
				found++
			}
		}
	}
	require.Equal(t, len(events()), found)
}
