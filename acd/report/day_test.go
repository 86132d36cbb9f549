package report

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/journal"
)

var morning = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// fold counts the day of the morning.
func fold(entries ...journal.Entry) *day {
	d := dayOf(morning, time.UTC)
	for _, e := range entries {
		d.add(e)
	}
	return d
}

func entered(call, queue string, at time.Duration) journal.Entry {
	return entry(call, at, journal.QueueEntered, journal.Details{Queue: queue, TargetMs: 15_000})
}

func left(call, why string, at time.Duration) journal.Entry {
	return entry(call, at, journal.QueueLeft, journal.Details{Why: why})
}

func heard(call string, at time.Duration) journal.Entry {
	return entry(call, at, journal.CallerHears, journal.Details{})
}

func entry(call string, at time.Duration, kind journal.Kind, d journal.Details) journal.Entry {
	return journal.Entry{Call: call, At: morning.Add(at), Kind: kind, Details: d}
}

const second = time.Second

func TestWhatBecameOfThoseWhoAsked(t *testing.T) {
	for name, c := range map[string]struct {
		entries []journal.Entry
		want    Tally
	}{
		"nobody has asked": {nil, Tally{}},
		"waits still":      {[]journal.Entry{entered("a", "sales", 0)}, Tally{}},
		"answered, but heard nobody yet": {
			[]journal.Entry{entered("a", "sales", 0), left("a", journal.Connected, 3*second)}, Tally{},
		},
		"in time to the millisecond": {
			[]journal.Entry{entered("a", "sales", 0), left("a", journal.Connected, 15*second), heard("a", 15*second+900*time.Microsecond)},
			Tally{Offered: 1, Answered: 1, InTime: 1, Waited: 15 * second},
		},
		"late": {
			[]journal.Entry{entered("a", "sales", 0), heard("a", 15*second+time.Millisecond)},
			Tally{Offered: 1, Answered: 1, Waited: 15*second + time.Millisecond},
		},
		"heard twice": {
			[]journal.Entry{entered("a", "sales", 0), heard("a", second), heard("a", 20*second)},
			Tally{Offered: 1, Answered: 1, InTime: 1, Waited: second},
		},
		"hung up soon": {[]journal.Entry{entered("a", "sales", 0), left("a", "abandoned", 5*second)}, Tally{Offered: 1, Abandoned: 1, ShortAbandoned: 1}},
		"hung up":      {[]journal.Entry{entered("a", "sales", 0), left("a", "abandoned", 5001*time.Millisecond)}, Tally{Offered: 1, Abandoned: 1}},
		"hung up in the whisper": {
			[]journal.Entry{entered("a", "sales", 0), left("a", journal.Connected, 9*second), entry("a", 10*second, journal.CallEnded, journal.Details{By: "caller"})},
			Tally{Offered: 1, Abandoned: 1},
		},
		"nobody came":    {[]journal.Entry{entered("a", "sales", 0), left("a", "timeout", 60*second)}, Tally{Offered: 1}},
		"cut off":        {[]journal.Entry{entered("a", "sales", 0), entry("a", second, journal.CallEnded, journal.Details{})}, Tally{Offered: 1}},
		"another queue":  {[]journal.Entry{entered("a", "support", 0), heard("a", second)}, Tally{}},
		"asked for none": {[]journal.Entry{heard("a", 0), left("a", "abandoned", 0), entry("a", 0, journal.CallEnded, journal.Details{})}, Tally{}},
		"asked yesterday": {
			[]journal.Entry{entered("a", "sales", -10*time.Hour), heard("a", 0)}, Tally{},
		},
		"late in another queue, by the target of the first": {
			[]journal.Entry{entered("a", "sales", 0), left("a", "timeout", 60*second), entered("a", "support", 60*second), heard("a", 65*second)},
			Tally{Offered: 1, Answered: 1, Waited: 65 * second},
		},
		"in time in another queue": {
			[]journal.Entry{entered("a", "sales", 0), left("a", "unstaffed", 0), entered("a", "support", 0), heard("a", 5*second)},
			Tally{Offered: 1, Answered: 1, InTime: 1, Waited: 5 * second},
		},
		"flowed over from another queue, which counts it": {
			[]journal.Entry{entered("a", "support", 0), left("a", "timeout", 60*second), entered("a", "sales", 60*second), heard("a", 65*second)},
			Tally{},
		},
		"hung up in another queue": {
			[]journal.Entry{
				entered("a", "sales", 0), left("a", "timeout", 60*second), entered("a", "support", 60*second), left("a", "abandoned", 62*second),
			},
			Tally{Offered: 1, Abandoned: 1},
		},
		"given up by two queues": {
			[]journal.Entry{
				entered("a", "sales", 0), left("a", "timeout", 60*second), entered("a", "support", 60*second), left("a", "timeout", 90*second),
				entry("a", 95*second, journal.CallEnded, journal.Details{By: "caller"}),
			},
			Tally{Offered: 1},
		},
		"asked yesterday, and flowed over today": {
			[]journal.Entry{entry("a", 0, journal.QueueEntered, journal.Details{Queue: "sales", TargetMs: 15_000, WaitedMs: 10 * 3_600_000}), heard("a", second)},
			Tally{},
		},
		"hung up in the whisper of the second agent, the first having hung up in it": {
			[]journal.Entry{
				entered("a", "sales", 0), left("a", journal.Connected, second), entered("a", "sales", 2*second),
				left("a", journal.Connected, 20*second), entry("a", 21*second, journal.CallEnded, journal.Details{By: "caller"}),
			},
			Tally{Offered: 1, Abandoned: 1},
		},
		"asked again, since the agent hung up in the announcement": {
			[]journal.Entry{
				entered("a", "sales", 0), left("a", journal.Connected, second), heard("a", second),
				entered("a", "sales", 3*second), left("a", "abandoned", 20*second),
			},
			Tally{Offered: 2, Answered: 1, InTime: 1, Abandoned: 1, Waited: second},
		},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, fold(c.entries...).queues["sales"]) })
	}
}

func TestTheFormulas(t *testing.T) {
	tally := Tally{Offered: 20, Answered: 12, InTime: 9, Abandoned: 6, ShortAbandoned: 2, Waited: 60 * second}
	level, ok := tally.ServiceLevel()
	require.True(t, ok)
	require.InDelta(t, 0.5, level, 1e-12)
	asa, ok := tally.ASA()
	require.True(t, ok)
	require.Equal(t, 5*second, asa)

	text, err := json.Marshal(Tally{Offered: 1, Abandoned: 1, ShortAbandoned: 1}.Figures())
	require.NoError(t, err)
	require.JSONEq(t, `{"offered": 1, "answered": 0, "in_time": 0, "abandoned": 1, "short_abandoned": 1, "service_level": null, "asa_ms": null}`, string(text))
}

func TestADayIsThatOfItsZone(t *testing.T) {
	for _, c := range []struct {
		zone, at, from string
		hours          int
	}{
		{"Asia/Shanghai", "2026-11-20T15:59:59Z", "2026-11-19T16:00:00Z", 24},
		{"Asia/Shanghai", "2026-11-20T16:00:00Z", "2026-11-20T16:00:00Z", 24},
		{"Europe/London", "2026-10-25T12:00:00Z", "2026-10-24T23:00:00Z", 25}, // the clocks go back
		{"America/Santiago", "2026-09-05T12:00:00Z", "2026-09-05T04:00:00Z", 24},
		{"Africa/Cairo", "2026-04-24T12:00:00Z", "2026-04-23T22:00:00Z", 23},
		{"America/Havana", "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z", 25},   // midnight comes twice
		{"America/Santiago", "2026-09-06T12:00:00Z", "2026-09-06T04:00:00Z", 23}, // midnight itself is left out
	} {
		zone, err := time.LoadLocation(c.zone)
		require.NoError(t, err)
		at, err := time.Parse(time.RFC3339, c.at)
		require.NoError(t, err)
		d := dayOf(at, zone)
		require.Equal(t, c.from, d.from.UTC().Format(time.RFC3339), c)
		require.Equal(t, time.Duration(c.hours)*time.Hour, d.to.Sub(d.from), c)
	}
}

func TestMidnightEndsADay(t *testing.T) {
	d := fold(entered("a", "sales", 0), heard("a", second), entered("b", "sales", 14*time.Hour))
	require.Equal(t, 1, d.queues["sales"].Offered)
	require.False(t, d.roll(morning.Add(15*time.Hour-time.Nanosecond)))
	require.True(t, d.roll(morning.Add(15*time.Hour)))
	require.Empty(t, d.add(heard("b", 15*time.Hour)), "asked yesterday")
	require.Empty(t, d.queues)
	d.add(entered("c", "sales", 39*time.Hour)) // a day later, before anybody has looked at the clock
	require.Equal(t, "sales", d.add(heard("c", 39*time.Hour)))
	require.Equal(t, 1, d.queues["sales"].Offered)
	require.False(t, d.roll(morning), "a clock that is set back ends no day")
}
