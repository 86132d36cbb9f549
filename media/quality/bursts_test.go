package quality_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"threering/media/quality"
)

// bursts takes in packets: x is lost, anything else was received.
func bursts(packets string) *quality.Bursts {
	var b quality.Bursts
	for _, p := range packets {
		b.Take(p != 'x')
	}
	return &b
}

// good is n packets received.
func good(n int) string { return strings.Repeat(".", n) }

func TestBurstsAndGaps(t *testing.T) {
	for name, of := range map[string]struct {
		packets string
		want    quality.Clustering
	}{
		"nothing":        {"", quality.Clustering{Ratio: 1}},
		"no loss":        {good(50), quality.Clustering{GapLength: 1000, Ratio: 1}},
		"one loss":       {good(20) + "x" + good(29), quality.Clustering{GapLength: 1000, GapDensity: 1. / 50, Ratio: 1}},
		"two far apart":  {"x" + good(16) + "x" + good(2), quality.Clustering{GapLength: 400, GapDensity: 2. / 20, Ratio: 1}},
		"two near":       {"x" + good(15) + "x" + good(3), quality.Clustering{Bursts: 1, BurstLength: 340, BurstDensity: 2. / 17, GapLength: 60, Ratio: 1}},
		"all lost":       {"xxxxx", quality.Clustering{Bursts: 1, BurstLength: 100, BurstDensity: 1, Ratio: 1}},
		"in the middle":  {good(30) + "xx.x" + good(16), quality.Clustering{Bursts: 1, BurstLength: 80, BurstDensity: 3. / 4, GapLength: 460, Ratio: 3. / 2 * 47 / 50}},
		"up to the end":  {good(20) + "xx", quality.Clustering{Bursts: 1, BurstLength: 40, BurstDensity: 1, GapLength: 400, Ratio: 2. * 20 / 22}},
		"single between": {"xx" + good(16) + "x" + good(16) + "xx", quality.Clustering{Bursts: 2, BurstLength: 40, BurstDensity: 1, GapLength: 660, GapDensity: 1. / 33, Ratio: 5. / 3 * 32 / 37}},
	} {
		got := bursts(of.packets).Clustering(20 * time.Millisecond)
		require.InDeltaMapValues(t, fields(of.want), fields(got), 1e-9, name)
	}
}

func fields(c quality.Clustering) map[string]float64 {
	return map[string]float64{
		"bursts": float64(c.Bursts), "burst density": c.BurstDensity, "burst length": c.BurstLength,
		"gap density": c.GapDensity, "gap length": c.GapLength, "ratio": c.Ratio,
	}
}

func TestBurstsByTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var packets strings.Builder
		for range rapid.IntRange(0, 12).Draw(t, "losses") {
			packets.WriteString(good(rapid.IntRange(0, 20).Draw(t, "received")))
			packets.WriteString(strings.Repeat("x", rapid.IntRange(1, 3).Draw(t, "lost")))
		}
		packets.WriteString(good(rapid.IntRange(0, 20).Draw(t, "at the end")))
		all := packets.String()

		var count, lost, inside int
		marked := []byte(all)
		for start := 0; start < len(all); start++ { // from each loss as far as 16 received ones in a row
			if all[start] != 'x' {
				continue
			}
			burst, _, _ := strings.Cut(all[start:], good(16))
			burst = strings.TrimRight(burst, ".")
			if n := strings.Count(burst, "x"); n > 1 {
				count, lost, inside = count+1, lost+n, inside+len(burst)
				copy(marked[start:], strings.Repeat("b", len(burst)))
			}
			start += len(burst)
		}
		gaps := len(strings.FieldsFunc(string(marked), func(p rune) bool { return p == 'b' }))
		got := bursts(all).Clustering(time.Millisecond)
		require.EqualValues(t, count, got.Bursts, all)
		require.InDelta(t, div(inside, count), got.BurstLength, 1e-9, all)
		require.InDelta(t, div(lost, inside), got.BurstDensity, 1e-9, all)
		require.InDelta(t, div(len(all)-inside, gaps), got.GapLength, 1e-9, all)
		require.InDelta(t, div(strings.Count(all, "x")-lost, len(all)-inside), got.GapDensity, 1e-9, all)
	})
}

func div(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// A line that turns bad with probability p and good with q (Gilbert's) has a burst ratio of 1/(p+q).
func TestRatioOfALineWithTwoStates(t *testing.T) {
	for _, of := range []struct{ p, q float64 }{{0.02, 0.98}, {0.01, 0.4}, {0.02, 0.2}} {
		var b quality.Bursts
		random, bad := rand.New(rand.NewPCG(1, 2)), false
		for range 400_000 {
			turns := of.p
			if bad {
				turns = of.q
			}
			bad = bad != (random.Float64() < turns)
			b.Take(!bad)
		}
		require.InEpsilon(t, 1/(of.p+of.q), b.Ratio(), 0.03)
	}
}

func TestAPacketCostsNoMemory(t *testing.T) {
	var b quality.Bursts
	i := 0
	require.Zero(t, testing.AllocsPerRun(1000, func() { b.Take(i%7 > 1); i++ }))
}

func BenchmarkBursts(b *testing.B) {
	var bursts quality.Bursts
	for i := range b.N {
		bursts.Take(i%50 > 1)
	}
}
