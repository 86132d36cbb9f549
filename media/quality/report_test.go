package quality_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"threering/media/quality"
)

func TestSeries(t *testing.T) {
	var s quality.Series
	_, known := s.Spread()
	require.False(t, known)
	for _, value := range []float64{10, 40, 10} {
		s.Take(value)
	}
	spread, known := s.Spread()
	require.True(t, known)
	require.Equal(t, quality.Spread{Mean: 20, Max: 40}, spread)
}

func TestReportAsJSON(t *testing.T) {
	report := quality.Report{Packets: 99, Lost: 1, LossShare: 0.01, MOS: 4.2, Jitter: quality.Spread{Mean: 1.5, Max: 9}}
	text, err := json.Marshal(report)
	require.NoError(t, err)
	require.NotContains(t, string(text), "round_trip_ms")
	report.RoundTrip = &quality.Spread{Mean: 30, Max: 60}
	text, err = json.Marshal(report)
	require.NoError(t, err)
	require.JSONEq(t, `{"packets": 99, "lost": 1, "loss_share": 0.01, "duplicates": 0, "out_of_order": 0,
		"jitter_ms": {"mean": 1.5, "max": 9}, "round_trip_ms": {"mean": 30, "max": 60},
		"losses": {"bursts": 0, "burst_density": 0, "burst_ms": 0, "gap_density": 0, "gap_ms": 0, "burst_ratio": 0},
		"r": 0, "mos": 4.2}`, string(text))
}
