package floor

import (
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/stretchr/testify/require"

	"threering/acd/journal"
	"threering/media"
	"threering/media/quality"
)

func TestTheQualityOfBothLegsIsKeptWithTheCall(t *testing.T) {
	t.Parallel()
	h, _, caller, _ := inTalk(t, "1001")
	caller.Hangup()
	call, line := h.ended()
	measured := slices.DeleteFunc(slices.Clone(line), func(e journal.Entry) bool { return e.Kind != journal.LegMeasured })
	require.Len(t, measured, 2)
	require.Equal(t, []string{"agent", "caller"}, []string{measured[0].By, measured[1].By})
	require.Equal(t, []string{"1001", "127.0.0.1"}, []string{measured[0].Device, measured[1].Device})
	for _, e := range measured {
		require.Positive(t, e.Quality.Received.Packets)
		require.Zero(t, e.Quality.Received.Lost)
		require.Greater(t, e.Quality.Received.MOS, 4.0)
	}
	require.Greater(t, call.MOS, 4.0)

	ended := line[slices.IndexFunc(line, func(e journal.Entry) bool { return e.Kind == journal.TalkEnded })]
	require.NotNil(t, ended.Speech)
	require.Positive(t, ended.Speech.CallerMs)
	require.Positive(t, ended.Speech.AgentMs)
}

func TestTheQualityOfAnAgentsLegsIsCounted(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	m := NewMetrics(reg)
	got := quality.Report{Packets: 90, Lost: 10, MOS: 4}
	m.measured("agent", media.Quality{Received: got})
	m.measured("caller", media.Quality{Received: got})
	m.measuredBy("agent", "1001", media.Quality{Received: got})
	m.measuredBy("agent", "1001", media.Quality{Received: got, Sent: &quality.Report{MOS: 3}})
	m.measuredBy("trunk", "", media.Quality{Received: got})

	shown := httptest.NewRecorder()
	promhttp.HandlerFor(reg, promhttp.HandlerOpts{}).ServeHTTP(shown, httptest.NewRequest("GET", "/metrics", nil))
	for _, line := range []string{
		`threering_whose_leg_mos_sum{direction="received",name="1001",of="agent"} 8`,
		`threering_whose_leg_mos_count{direction="sent",name="1001",of="agent"} 1`,
		`threering_whose_rtp_packets_total{fate="lost",name="1001",of="agent"} 20`,
		`threering_leg_mos_count{direction="received",side="caller"} 1`,
	} {
		require.Contains(t, shown.Body.String(), line)
	}
	require.NotContains(t, shown.Body.String(), `of="trunk"`)
}
