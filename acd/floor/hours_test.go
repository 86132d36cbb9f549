package floor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
)

func TestHours(t *testing.T) {
	t.Parallel()
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	day := Hours{From: 9 * time.Hour, To: 21*time.Hour + 30*time.Minute, Zone: shanghai}
	at := func(clock string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-27 "+clock, shanghai)
		require.NoError(t, err)
		return when
	}
	for _, test := range []struct {
		clock string
		open  bool
		until time.Duration
	}{
		{"08:00", false, time.Hour}, {"09:00", true, 12*time.Hour + 30*time.Minute}, {"21:00", true, 30 * time.Minute},
		{"21:30", false, 2*time.Hour + 30*time.Minute},
	} {
		open, until := day.open(at(test.clock).UTC())
		require.Equal(t, test.open, open, test.clock)
		require.Equal(t, test.until, until, test.clock)
	}
	require.True(t, Hours{}.always())
}

func TestHoursOfSomeDays(t *testing.T) {
	monday := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
	weekend := [7]bool{time.Saturday: true, time.Sunday: true}
	morning := Hours{From: 9 * time.Hour, To: 12 * time.Hour, Off: weekend, Zone: time.UTC}
	allDay := Hours{Off: weekend, Zone: time.UTC}
	kiribati := Hours{Off: weekend, Zone: time.FixedZone("Kiribati", int((14 * time.Hour).Seconds()))}
	for _, test := range []struct {
		hours Hours
		after time.Duration
		open  bool
		until time.Duration
	}{
		{morning, 0, false, time.Hour},
		{morning, 2 * time.Hour, true, 2 * time.Hour},
		{morning, -22 * time.Hour, false, 14 * time.Hour}, // 10:00 on Sunday
		{allDay, 0, true, 16 * time.Hour},
		{allDay, -time.Hour, true, 17 * time.Hour},
		{allDay, -10 * time.Hour, false, 2 * time.Hour},
		{kiribati, -23 * time.Hour, false, time.Hour},     // 09:00 on Sunday, 23:00 there
		{kiribati, -22 * time.Hour, true, 24 * time.Hour}, // where it is Monday now
	} {
		open, until := test.hours.open(monday.Add(test.after))
		require.Equal(t, test.open, open, test)
		require.Equal(t, test.until, until, test)
		require.False(t, test.hours.always())
	}
}

func TestNobodyIsCalledBackOutsideTheHours(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC()
	later := Hours{From: 23 * time.Hour, To: 24 * time.Hour, Zone: time.FixedZone("far", int((12*time.Hour - now.Sub(now.Truncate(24*time.Hour))).Seconds()))} // noon there
	h := open(t, func(q *Queue) { q.Callbacks.Hours = later }, "1001")
	h.onBreak("1001")
	h.outside("13800000001")
	_, back := h.books("13800000001")
	h.back("1001")
	other := h.queued("13800000002")
	agent := h.next("1001")
	h.speaks(agent, agentHz)
	require.True(t, other.Hears(agentHz, soon), "who is on the line is served")
	other.Hangup()
	h.until("1001", brain.WrapUp)
	h.replan(func(p *Plan) { p.Queues[0].Callbacks.Hours = Hours{} })
	h.back("1001")
	h.next("1001").Hangup()
	require.NoError(t, h.floor.ask(t.Context(), func() { require.NotNil(t, h.floor.calls[back]) }))
}
