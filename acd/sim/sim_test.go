package sim

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rough is a center in which everything happens: shifts, misses, spells away, priorities, needs, too many callers.
const rough = `
seed: 3
start: "08:00"
duration: 6h
queues:
  - {name: sales, agents: [a, b]}
  - {name: support, skill: support, max_wait: 0s, misses: 2, overflow: sales, needs: [{skill: support, level: 4, relax: [{after: 30s, level: 0}]}]}
agents:
  - {id: a, count: 4, shifts: ["08:00-11:00", "12:00-15:00"], pick_up: {median: 4s, sigma: 0.6}, misses: 0.1, notices: {mean: 30s}}
  - {id: b, count: 3, skills: {support: 3}, pick_up: {median: 5s, sigma: 0.8}, away: {share: 0.2, spell: {mean: 3m}}, notices: {mean: 20s}}
  - {id: boss, shifts: ["09:30-10:30"], skills: {support: 8}, pick_up: {fixed: 3s}}
calls:
  - {queue: sales, per_hour: 80, patience: {mean: 2m}, talk: {mean: 100s}, wrap_up: {mean: 20s, sigma: 0.5}}
  - {queue: sales, per_hour: 10, priority: 1, patience: {mean: 2m}, talk: {mean: 100s}, wrap_up: {mean: 20s, sigma: 0.5}}
  - {queue: support, half_hours: [5, 10, 20, 20, 0, 10, 10], patience: {mean: 90s}, talk: {mean: 120s, sigma: 0.7}, wrap_up: {mean: 40s}}
settings:
  - {name: threering, dispatcher: threering}
  - {name: ring all, dispatcher: threering, strategy: ring-all}
  - {name: no rules, dispatcher: threering, off: [first-come, least-slack, aging, hedge, learned]}
  - {dispatcher: app_queue}
  - {name: app_queue tuned, dispatcher: app_queue, ring: 8s, retry: 1s, set_aside: true}
  - {dispatcher: mod_callcenter}
  - {dispatcher: ring_progressively, add_every: 5s}
  - {name: sequential 8 s, dispatcher: sequential, ring: 8s}
  - {dispatcher: clairvoyant}
`

func read(t *testing.T, text string) *Scenario {
	t.Helper()
	s, err := Read("scenario.yaml", []byte(text))
	require.NoError(t, err)
	return s
}

func simulate(t *testing.T, s *Scenario) []Result {
	t.Helper()
	results, err := s.Run(context.Background(), nil)
	require.NoError(t, err)
	return results
}

func TestTheSameSeedGivesTheSameOrders(t *testing.T) {
	s := read(t, rough)
	first := simulate(t, s)
	before := runtime.GOMAXPROCS(1)
	again := simulate(t, read(t, rough))
	runtime.GOMAXPROCS(before)
	require.Equal(t, first, again)
	s.Seed++
	for i, r := range simulate(t, s) {
		require.NotEqual(t, first[i].Hash, r.Hash, r.Setting)
	}
}

func TestEveryCallEndsOnce(t *testing.T) {
	s := read(t, rough)
	callers := s.callers()
	for i, r := range simulate(t, s) {
		f := r.Total
		require.Equal(t, len(callers), f.Offered, r.Setting)
		require.Equal(t, f.Offered, f.Answered+f.Abandoned+f.GivenUp, r.Setting)
		require.InDelta(t, f.Alerted*float64(f.Offered), f.Missed*float64(f.Offered)+f.ForNothing*float64(f.Offered)+float64(f.Answered), .001,
			"a phone is answered, missed, or rang for nothing")
		var byQueue, byHalf int
		for _, q := range r.Queues {
			byQueue += q.Offered
		}
		for _, h := range r.HalfHours {
			byHalf += h.Offered
		}
		require.Equal(t, f.Offered, byQueue, r.Setting)
		require.Equal(t, f.Offered, byHalf, r.Setting)
		require.Len(t, r.HalfHours, 12)
		require.Equal(t, "08:00", r.HalfHours[0].Name)
		require.Greater(t, *f.Occupancy, .2, r.Setting)
		require.Less(t, *f.Occupancy, 1., r.Setting)
		require.Equal(t, s.Settings[i].Name, r.Setting)
	}
}

func TestTheBrainOvertakesNobody(t *testing.T) {
	for _, r := range simulate(t, read(t, rough)) {
		if r.Setting == Threering {
			require.Zero(t, r.Total.Overtakes)
		}
	}
}

func TestNobodyCallsIsNoDivisionByZero(t *testing.T) {
	s := read(t, strings.NewReplacer("per_hour: 80", "half_hours: [0]", "per_hour: 10", "half_hours: [0]", "[5, 10, 20, 20, 0, 10, 10]", "[0]").Replace(rough))
	results := simulate(t, s)
	require.Nil(t, results[0].Total.ServiceLevel)
	require.NoError(t, WriteTable(&bytes.Buffer{}, results, true))
}

func TestSettingsMeetTheSameCallersAndAgents(t *testing.T) {
	s := read(t, rough)
	require.Equal(t, s.callers(), read(t, rough).callers())
	one, other := s.people()[2], s.people()[2]
	for call := range 50 {
		other.atDesk(s.begin().Add(time.Duration(call) * time.Minute)) // what else is asked changes nothing
		after, ok := one.pickUp(call, 1)
		sameAfter, same := other.pickUp(call, 1)
		require.Equal(t, after, sameAfter)
		require.Equal(t, ok, same)
	}
	more := strings.Replace(rough, "  - {queue: support, half", "  - {queue: sales, per_hour: 5, talk: {fixed: 60s}}\n  - {queue: support, half", 1)
	few, many := s.callers(), read(t, more).callers()
	var first []caller
	for _, c := range many {
		if c.stream == 0 {
			first = append(first, c)
		}
	}
	for _, c := range few {
		if c.stream == 0 {
			require.Equal(t, c, first[0], "a further stream of calls moves no other")
			first = first[1:]
		}
	}
}

func TestAContextThatEndsEndsTheRun(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := read(t, strings.Replace(rough, "6h", "600h", 1))
	_, err := s.Run(ctx, nil)
	require.ErrorIs(t, err, context.Canceled)
}

func TestProgressGoesToTheEnd(t *testing.T) {
	s := read(t, rough)
	last := 0
	s.Settings = s.Settings[:1]
	_, err := s.Run(context.Background(), func(done, all int) {
		last = done
		require.LessOrEqual(t, done, all)
	})
	require.NoError(t, err)
	require.Equal(t, len(s.callers()), last)
}

// TestFiguresAreWrittenAsBefore holds a small scenario's table and CSV against what they were, routed by models, whose ways
// do not change. THREERING_GOLDEN=1 writes them anew.
func TestFiguresAreWrittenAsBefore(t *testing.T) {
	s, err := Load("testdata/small.yaml")
	require.NoError(t, err)
	results := simulate(t, s)
	var table, lines, doc bytes.Buffer
	require.NoError(t, WriteTable(&table, results, true))
	require.NoError(t, WriteCSV(&lines, results))
	require.NoError(t, s.WriteJSON(&doc, results))
	for file, text := range map[string][]byte{"small.txt": table.Bytes(), "small.csv": lines.Bytes(), "small.json": doc.Bytes()} {
		if os.Getenv("THREERING_GOLDEN") != "" {
			require.NoError(t, os.WriteFile("testdata/"+file, text, 0o600))
		}
		want, err := os.ReadFile("testdata/" + file)
		require.NoError(t, err)
		require.Equal(t, string(want), string(text), file)
	}
}

func BenchmarkRun(b *testing.B) {
	s, err := Load("../../testdata/sim/team.yaml")
	require.NoError(b, err)
	for _, set := range s.Settings {
		b.Run(fmt.Sprint(set.Name), func(b *testing.B) {
			callers := s.callers()
			for b.Loop() {
				_, err := s.run(context.Background(), set, callers, func(int) {})
				require.NoError(b, err)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(callers)), "ns/call")
		})
	}
}
