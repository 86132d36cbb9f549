package sim

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
)

// What was told is right where the caller was answered in that time. Of who hung up before it had passed nobody knows.
func TestWhatIsKnownOfABound(t *testing.T) {
	at := func(d time.Duration) brain.Instant { return dawn.Add(d) }
	bounds := []brain.Instant{at(70 * time.Second), at(90 * time.Second), at(120 * time.Second)}
	for name, test := range map[string]struct {
		outcome     Outcome
		told, right int
	}{
		"answered": {Answered, 3, 2}, "hung up": {Abandoned, 1, 0}, "given up": {GivenUp, 3, 0},
	} {
		var n count
		n.judge(&call{outcome: test.outcome, wait: brain.Instant(80 * time.Second / time.Microsecond), told: bounds}, dawn)
		require.Equal(t, []int{test.told, test.right}, []int{n.told, n.right}, name)
	}
}

// A small team whose callers wait for minutes: nine of ten times, at the least, they are answered as they were told, whenever
// they were told it.
func TestNineOfTenBoundsAreRight(t *testing.T) {
	s := read(t, `
seed: 5
start: "08:00"
duration: 120h
queues: [{name: sales, agents: [team], max_wait: 0s, tell: {wait: true, every: 30s}}]
agents: [{id: team, count: 5, pick_up: {median: 4s, sigma: 0.6}, notices: {median: 20s, sigma: 0.6}, away: {share: 0.05, spell: {mean: 5m}}}]
calls: [{queue: sales, per_hour: 85, patience: {mean: 15m}, talk: {mean: 180s, sigma: 0.6}, wrap_up: {mean: 20s, sigma: 0.6}}]
`)
	f := simulate(t, s)[0].Total
	require.Greater(t, f.Told, 10_000)
	require.GreaterOrEqual(t, *f.ToldRight, .9)
	require.Less(t, *f.ToldRight, .98, "a bound that is always right tells nothing")
}

func TestABoundThatMakesNoSense(t *testing.T) {
	_, err := Read("scenario.yaml", []byte("queues: [{name: sales, agents: [a], tell: {wait: true, every: 1ns}}]\nagents: [{id: a}]\n"))
	require.ErrorContains(t, err, "queues.0.tell.every: found 1ns; allowed: 10s to 1h0m0s")
}
