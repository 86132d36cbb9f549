package report

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/journal"
	"threering/media"
	"threering/media/quality"
)

// legs is a Past of measured legs.
type legs []journal.Details

func (l legs) Entries(_ context.Context, _, _ time.Time, kinds []journal.Kind, each func(journal.Entry)) error {
	for _, d := range l {
		each(journal.Entry{Kind: kinds[0], Details: d})
	}
	return nil
}

// leg is one that was measured.
func leg(agent, device string, lost uint64, mos float64) journal.Details {
	got := quality.Report{Packets: 100 - lost, Lost: lost, MOS: mos, Jitter: quality.Spread{Mean: mos}}
	sent := got
	sent.Packets, sent.MOS = 100, mos-1
	return journal.Details{Agent: agent, Device: device, Quality: &media.Quality{Received: got, Sent: &sent}}
}

func TestAudioIsToldByAgentDeviceAndTrunk(t *testing.T) {
	nothing := journal.Details{Agent: "1003", Device: "1003", Quality: &media.Quality{}}
	past := legs{leg("1001", "1001", 0, 4), leg("", "198.51.100.7", 50, 2), leg("1001", "1001", 10, 3), leg("1001", "desk", 0, 4.4), nothing, {}}

	list, err := ReadAudio(t.Context(), past, ByDevice, time.Time{}, time.Time{})
	require.NoError(t, err)
	require.Equal(t, []string{"1001", "1003", "198.51.100.7", "desk"}, []string{list[0].Name, list[1].Name, list[2].Name, list[3].Name})
	require.Equal(t, Audio{
		Name: "1001", Legs: 2,
		Received: AudioDirection{Legs: 2, Packets: 190, Lost: 10, LossShare: 0.05, MOS: 3.5, WorstMOS: 3, JitterMs: 3.5},
		Sent:     AudioDirection{Legs: 2, Packets: 190, Lost: 10, LossShare: 0.05, MOS: 2.5, WorstMOS: 2, JitterMs: 3.5},
	}, list[0])
	require.Equal(t, Audio{Name: "1003", Legs: 1}, list[1], "nothing came, nothing was reported")

	outside := leg("", "198.51.100.7", 0, 4)
	outside.Trunk = "carrier"
	list, err = ReadAudio(t.Context(), append(past, outside), ByTrunk, time.Time{}, time.Time{})
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "carrier", list[0].Name)

	list, err = ReadAudio(t.Context(), past, ByAgent, time.Time{}, time.Time{})
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, 3, list[0].Legs)
}

// broken is a Past that cannot be read.
type broken struct{}

var errBroken = errors.New("broken")

func (broken) Entries(context.Context, time.Time, time.Time, []journal.Kind, func(journal.Entry)) error {
	return errBroken
}

func TestAPastThatCannotBeReadIsAnError(t *testing.T) {
	_, err := ReadAudio(t.Context(), broken{}, ByAgent, time.Time{}, time.Time{})
	require.ErrorIs(t, err, errBroken)
}
