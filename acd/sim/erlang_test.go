package sim

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestErlangCAgainstKnownValues(t *testing.T) {
	for _, tc := range []struct {
		agents int
		load   float64
		waits  float64
	}{
		{1, .5, .5}, {2, 1, 1. / 3}, {10, 8, .40918}, {5, 5, 1}, {5, 6, 1}, {3, 0, 0},
	} {
		require.InDelta(t, tc.waits, ErlangC(tc.agents, tc.load), 1e-5, "%d agents, %g erlangs", tc.agents, tc.load)
	}
}

func TestErlangCHoldsAtAnySize(t *testing.T) {
	require.InDelta(t, .5, ErlangC(100_000, 100_000-.506*math.Sqrt(100_000)), .005, "Halfin and Whitt: half of all wait where .506 roots of the load are to spare")
	require.Zero(t, ErlangC(100_000, 1))
	require.Zero(t, ErlangInTime(10, 11, .1))
	require.True(t, math.IsInf(ErlangWait(10, 11), 1))
}

func TestErlangAgentsAreTheFewestThatDo(t *testing.T) {
	const target = 15. / 200
	n := erlangAgents(35, target, .9)
	require.GreaterOrEqual(t, ErlangInTime(n, 35, target), .9)
	require.Less(t, ErlangInTime(n-1, 35, target), .9)
	require.Zero(t, erlangAgents(0, target, .9))
}

// TestSimulationAgreesWithErlang compares waits with the formula where it holds exactly: exponential talks, endless
// patience, agents who pick up at once. Batches of calls tell how much chance there is in a mean.
func TestSimulationAgreesWithErlang(t *testing.T) {
	s := read(t, `
duration: 400h
queues: [{name: q, agents: [a], target: 20s, wrap_up: 0s, max_wait: 0s}]
agents: [{id: a, count: 10}]
calls: [{queue: q, per_hour: 144, talk: {mean: 200s}}]
settings: [{dispatcher: threering, off: [hedge]}, {dispatcher: sequential}]
`)
	const load, talk = 8, 200.
	for _, set := range s.Settings {
		e, err := s.run(context.Background(), set, s.callers(), func(int) {})
		require.NoError(t, err)
		wait := batches(e, func(seconds float64) float64 { return seconds })
		require.InDelta(t, ErlangWait(10, load)*talk, wait.mean, 3*wait.deviation, set.Name)
		require.Less(t, wait.deviation, 3., "the test would see nothing")
		waits := batches(e, func(seconds float64) float64 { return indicator(seconds > 1) })
		require.InDelta(t, ErlangC(10, load), waits.mean, 3*waits.deviation, set.Name)
		late := batches(e, func(seconds float64) float64 { return indicator(seconds > 20) })
		require.InDelta(t, 1-ErlangInTime(10, load, 20/talk), late.mean, 3*late.deviation, set.Name)
	}
}

func indicator(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// estimate is a mean and the deviation of it.
type estimate struct{ mean, deviation float64 }

// batches takes the mean of a function of the waits, and how far it may be from the truth, by the method of batch means.
func batches(e *engine, of func(seconds float64) float64) estimate {
	const n = 40
	size := len(e.calls) / n
	var sum, squares float64
	for b := range n {
		mean := 0.
		for _, k := range e.calls[b*size : (b+1)*size] {
			mean += of(float64(k.wait)/1e6) / float64(size)
		}
		sum, squares = sum+mean, squares+mean*mean
	}
	mean := sum / n
	return estimate{mean, math.Sqrt((squares/n - mean*mean) / (n - 1))}
}

func TestStaffFindsWhatErlangSays(t *testing.T) {
	s := read(t, `
duration: 1h
queues: [{name: q, agents: [a], target: 20s, wrap_up: 0s, max_wait: 0s}, {name: idle, agents: [a]}]
agents: [{id: a, count: 10}]
calls: [{queue: q, half_hours: [72, 36], talk: {mean: 200s}}, {queue: idle, half_hours: [0], talk: {mean: 1s}}]
`)
	all, err := s.Staff(context.Background(), .8, nil)
	require.NoError(t, err)
	require.Len(t, all, 4)
	for _, st := range all[:2] {
		require.InDelta(t, st.Erlang, st.Simulated, 1, "%s %s", st.Queue, st.HalfHour)
		require.GreaterOrEqual(t, st.Level, .8)
	}
	require.Equal(t, "00:30", all[1].HalfHour)
	require.InDelta(t, 8, all[0].Load, .001)
	require.Zero(t, all[2].Erlang+all[2].Simulated)
}

func TestStaffSaysWhereNoNumberDoes(t *testing.T) {
	s := read(t, `
duration: 30m
queues: [{name: q, agents: [a], target: 2s}]
agents: [{id: a, pick_up: {fixed: 5s}}]
calls: [{queue: q, per_hour: 20, talk: {mean: 60s}}]
`)
	all, err := s.Staff(context.Background(), .9, nil)
	require.NoError(t, err)
	require.Zero(t, all[0].Simulated)
}
