package web

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"threering/acd/journal"
	"threering/media"
	"threering/media/quality"
)

func TestHowGoodTheAudioWas(t *testing.T) {
	h := open(t)
	for i, lost := range []uint64{0, 20} {
		h.journal.Append(journal.Entry{Call: "c1", At: past(10+i, 4), Kind: journal.LegMeasured, Details: journal.Details{
			By: "agent", Agent: "1001", Device: "desk",
			Quality: &media.Quality{Received: quality.Report{Packets: 80, Lost: lost, MOS: 4 - float64(i)}},
		}})
	}
	require.NoError(t, h.journal.Flush(t.Context()))
	c := h.as("2001")
	told := func(query string) []any { return c.get("/api/v1/audio-quality?" + query).json(t)["audio"].([]any) }

	both := told("from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z")
	require.Len(t, both, 1)
	require.Equal(t, "1001", both[0].(map[string]any)["name"])
	received := both[0].(map[string]any)["received"].(map[string]any)
	require.Equal(t, []any{3.5, 3.0, 20.0}, []any{received["mos"], received["worst_mos"], received["lost"]})

	one := told("by=device&from=2026-11-20T00:00:00Z&to=2026-11-20T11:00:00Z")
	require.Equal(t, []any{"desk", 1.0}, []any{one[0].(map[string]any)["name"], one[0].(map[string]any)["legs"]})
	require.Empty(t, told("from=2026-11-20T12:00:00Z&to=2026-11-20T13:00:00Z"))
	for _, query := range []string{"by=phone", "from=2026-11-20T12:00:00Z&to=2026-11-20T11:00:00Z", "from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z"} {
		require.Equal(t, http.StatusUnprocessableEntity, c.get("/api/v1/audio-quality?"+query).status, query)
	}
}
