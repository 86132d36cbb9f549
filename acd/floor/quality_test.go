package floor

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"threering/acd/journal"
)

func TestTheQualityOfBothLegsIsKeptWithTheCall(t *testing.T) {
	h := open(t, nil, "1001")
	caller, _ := h.talking("13800000001", "1001")
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
