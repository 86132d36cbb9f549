//go:build linux

package main

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/cmd/internal/bench"
)

// hear runs the phones of some calls over a carrier for a moment.
func hear(t *testing.T, c carrier, w way, calls int, tamper func(ports []netip.AddrPort)) *heard {
	t.Helper()
	l, err := newLoad(w, calls)
	require.NoError(t, err)
	t.Cleanup(l.close)
	phones, err := l.introduce(w)
	require.NoError(t, err)
	ports, answers, err := c.open(order{Way: w, Phones: phones, Dir: t.TempDir()})
	t.Cleanup(func() {
		_, err := c.close()
		require.NoError(t, err)
	})
	require.NoError(t, err)
	tamper(ports)
	l.call(ports)
	require.NoError(t, l.agree(t.Context(), w, answers))
	h := &heard{}
	l.run(10*frame, h)
	require.NoError(t, l.finish(h))
	return h
}

func untouched([]netip.AddrPort) {}

func TestEveryWayCarriesEachPacketToItsPeer(t *testing.T) {
	for way, c := range map[way]carrier{bare: &bareRelay{}, relayed: &server{}, recorded: &server{}, sdes: &server{}, browser: &server{}} {
		t.Run(string(way), func(t *testing.T) {
			h := hear(t, c, way, 3, untouched)
			require.Positive(t, h.Sent)
			require.Equal(t, h.Sent, h.Received)
			require.Positive(t, h.Delay.count)
			require.Zero(t, h.Foreign+h.Disordered+h.Unsent+h.LoadDrops+h.ServerDrops)
		})
	}
}

func TestMusicIsHeardAndIsNoPacketOfThePeers(t *testing.T) {
	h := hear(t, &server{}, music, 2, untouched)
	require.Positive(t, h.Jitter.count)
	require.Zero(t, h.Received+h.Foreign)
}

func TestWhatIsLostOrGoesAstrayIsCounted(t *testing.T) {
	h := hear(t, &bareRelay{}, bare, 2, func(ports []netip.AddrPort) {
		ports[0] = netip.AddrPortFrom(bench.Loopback, 1) // nobody is there
		ports[1], ports[3] = ports[3], ports[1]          // the second call's phones send to each other's ports
	})
	require.Positive(t, h.Foreign)
	require.Greater(t, (trial{Way: bare, Heard: *h}).lost(), h.Sent/4-1)
}

func TestQuantilesOfAHistogram(t *testing.T) {
	var h histogram
	require.Zero(t, h.quantile(.99))
	for i := range 100 {
		h.add(time.Duration(i) * time.Millisecond)
	}
	h.add(time.Hour)
	require.InDelta(t, 50, bench.MS(h.quantile(.5)), 1)
	require.InDelta(t, 99, bench.MS(h.quantile(.99)), 1)
	require.Equal(t, buckets*bucket, h.quantile(1))
}

func TestRatiosAreOfTheSameTurn(t *testing.T) {
	f := figures{Trials: []trial{
		{Way: bare, Calls: 100, Cost: cost{CPU: 1}}, {Way: recorded, Calls: 100, Cost: cost{CPU: 1.2}},
		{Way: bare, Calls: 100, Cost: cost{CPU: 2}}, {Way: recorded, Calls: 100, Cost: cost{CPU: 2.6}},
	}}
	got := ratios(f.of(recorded, 100, cpu), f.of(bare, 100, cpu))
	require.InDeltaSlice(t, []float64{1.2, 1.3}, got, 1e-9)
	require.InDelta(t, 1.25, middle(got), 1e-9)
}

func TestWrongArgumentsSayWhatIsWanted(t *testing.T) {
	for _, args := range [][]string{{"-cores", "0"}, {"-cores", "1,1"}, {"-calls", "many"}, {"-calls", "0"}, {"-repeats", "0"}, {"-window", "1ms"}} {
		_, _, err := parse(args)
		require.ErrorContains(t, err, args[0])
		require.ErrorContains(t, err, "want")
	}
}
