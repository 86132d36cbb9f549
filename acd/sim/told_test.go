package sim

import (
	"strings"
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

// A small team whose callers wait for minutes: nine of ten times they are answered as they were told, whenever they were told it,
// also where those who wait too long are given up.
func TestNineOfTenBoundsAreRight(t *testing.T) {
	for _, most := range []string{"0s", "4m"} {
		s := read(t, strings.ReplaceAll(small, "MOST", most))
		f := simulate(t, s)[0].Total
		require.Greater(t, f.Told, 5_000)
		require.InDelta(t, .9, *f.ToldRight, .015, "given up after %s", most)
	}
}

const small = `
seed: 5
start: "08:00"
duration: 120h
queues: [{name: sales, agents: [team], max_wait: MOST, tell: {wait: true, every: 30s}}]
agents: [{id: team, count: 5, pick_up: {median: 4s, sigma: 0.6}, notices: {median: 20s, sigma: 0.6}, away: {share: 0.05, spell: {mean: 5m}}}]
calls: [{queue: sales, per_hour: 85, patience: {mean: 15m}, talk: {mean: 180s, sigma: 0.6}, wrap_up: {mean: 20s, sigma: 0.6}}]
`

func TestABoundThatMakesNoSense(t *testing.T) {
	_, err := Read("scenario.yaml", []byte("queues: [{name: sales, agents: [a], tell: {wait: true, every: 1ns}}]\nagents: [{id: a}]\n"))
	require.ErrorContains(t, err, "queues.0.tell.every: found 1ns; allowed: 20s to 1h0m0s")
	_, err = Read("scenario.yaml", []byte("queues: [{name: sales, agents: [a], tell: {every: 30s}}]\nagents: [{id: a}]\n"))
	require.ErrorContains(t, err, "queues.0.tell.wait: found false; allowed: true, where something is told")
}
