package sim

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/config"
)

const plain = `seed: 1
start: "08:00"
duration: 1h
queues:
  - {name: sales, agents: [a]}
agents:
  - {id: a, count: 3, skills: {sales: 2}}
calls:
  - {queue: sales, per_hour: 10, talk: {mean: 60s}}
settings:
  - {name: one, dispatcher: threering}
  - {name: two, dispatcher: app_queue}
`

func TestWhatIsWrongIsSaidWithItsPlace(t *testing.T) {
	const times = "one of {median: 4s, sigma: 0.6}, {mean: 180s, sigma: 0.6}, {mean: 240s}, {fixed: 15s}; times up to 24h, sigma above 0 up to 3"
	for _, tc := range []struct{ was, is, want string }{
		{"duration: 1h", "duration: 1h\nspeed: 2", `s.yaml:4: speed: unknown key; allowed: seed, start, duration, queues, agents, calls, settings`},
		{"duration: 1h", "duration: 0s", `s.yaml:3: duration: found 0s; allowed: a time above 0, up to 87600h`},
		{"duration: 1h", "duration: 3600", `s.yaml:3: duration: found 3600; allowed: a time such as 11s or 1m30s`},
		{`"08:00"`, `"8 am"`, `s.yaml:2: start: found "8 am"; allowed: a time of day such as "08:30"`},
		{"seed: 1", "seed: -1", `s.yaml:1: seed: found -1; allowed: a whole number`},
		{"agents: [a]", "agents: [b]", "s.yaml:5: queues.0.agents.0: found \"b\"; allowed: each once of a\ns.yaml:5: queues.0.agents: found nothing; allowed: a"},
		{"agents: [a]", "skill: cooking", `s.yaml:5: queues.0.skill: found "cooking"; allowed: a skill that an agent has`},
		{"agents: [a]", "agents: [a], skill: sales", `s.yaml:5: queues.0.skill: found "sales"; allowed: agents or a skill, not both`},
		{"agents: [a]", "agents: [a], strategy: random", `s.yaml:5: queues.0.strategy: found "random"; allowed: longest-idle, least-talk-time, fewest-calls, round-robin, top-down, ring-all`},
		{"agents: [a]", "agents: [a], off: [gravity]", `s.yaml:5: queues.0.off.0: found "gravity"; allowed: first-come, least-slack, aging, hedge, learned`},
		{"agents: [a]", "agents: [a], hedge: {phones: 99}", `s.yaml:5: queues.0.hedge.phones: found 99; allowed: 0 to 20`},
		{"agents: [a]", "agents: [a], target: 10ms", `s.yaml:5: queues.0.target: found 10ms; allowed: 1s to 24h0m0s`},
		{"agents: [a]", "agents: [a], overflow: sales", `s.yaml:5: queues.0.overflow: found "sales"; allowed: another queue`},
		{"agents: [a]", "agents: [a], tiers: {a: 0}", `s.yaml:5: queues.0.tiers.a: found 0; allowed: 1 to 10, for each of a`},
		{"agents: [a]", "agents: [a], needs: [{skill: sales, level: 11}]", `s.yaml:5: queues.0.needs.0.level: found 11; allowed: 1 to 10`},
		{"count: 3", "count: -3", `s.yaml:7: agents.0.count: found -3; allowed: 0 or more, 20000 agents in all`},
		{"count: 3", "misses: 1", `s.yaml:7: agents.0.misses: found 1; allowed: a share from 0 to 0.9`},
		{"count: 3", "misses: .nan", `s.yaml:7: agents.0.misses: found NaN; allowed: a share from 0 to 0.9`},
		{"count: 3", "shifts: [9-17]", `s.yaml:7: agents.0.shifts.0: found "9-17"; allowed: a part of the day such as "08:30-17:00"`},
		{"count: 3", "away: {share: 0.1}", `s.yaml:7: agents.0.away.spell: found nothing; allowed: how long a spell lasts, 1s or more in the mean`},
		{"count: 3", "pick_up: {median: 4s}", `s.yaml:7: agents.0.pick_up: found a mapping; allowed: ` + times},
		{"count: 3", "pick_up: {mean: 4}", `s.yaml:7: agents.0.pick_up: found a mapping; allowed: ` + times},
		{"count: 3", "pick_up: {mean: 4s, sigma: 9}", `s.yaml:7: agents.0.pick_up: found a mapping; allowed: ` + times},
		{"count: 3", "pick_up: {mean: 4s, fixed: 3s}", `s.yaml:7: agents.0.pick_up: found a mapping; allowed: ` + times},
		{"count: 3", "pick_up: {mean: 4s, skew: 3}", `s.yaml:7: agents.0.pick_up: found a mapping; allowed: ` + times},
		{"sales: 2", "sales: 12", `s.yaml:7: agents.0.skills.sales: found 12; allowed: 1 to 10`},
		{"queue: sales", "queue: support", `s.yaml:9: calls.0.queue: found "support"; allowed: sales`},
		{"per_hour: 10", "per_hour: 10, half_hours: [1]", `s.yaml:9: calls.0: found 2 of per_hour, half_hours and trace; allowed: one of them`},
		{"per_hour: 10", "per_hour: -1", `s.yaml:9: calls.0.per_hour: found -1; allowed: a number from 0 to 10000000`},
		{"per_hour: 10", "half_hours: [1, -1]", `s.yaml:9: calls.0.half_hours.1: found -1; allowed: a number from 0 to 5000000`},
		{"per_hour: 10", "trace: none.csv", `s.yaml:9: calls.0.trace: found "none.csv"; allowed: a CSV file that can be read: open none.csv: no such file or directory`},
		{"duration: 1h", "duration: 80000h", ""},
		{", talk: {mean: 60s}", "", `s.yaml:9: calls.0.talk: found nothing; allowed: ` + times},
		{"name: two", "name: one", `s.yaml:12: settings.1.name: found "one"; allowed: a name that is not used yet`},
		{"app_queue", "magic", `s.yaml:12: settings.1.dispatcher: found "magic"; allowed: threering, app_queue, mod_callcenter, ring_progressively, sequential, clairvoyant`},
		{"threering}", "threering, ring: 8s}", `s.yaml:11: settings.0.ring: found 8s; allowed: nothing: only the models of other products have it`},
		{"threering}", "threering, set_aside: true}", `s.yaml:11: settings.0.set_aside: found true; allowed: nothing: only the models of other products have it`},
		{"app_queue}", "app_queue, ring: 1ms}", `s.yaml:12: settings.1.ring: found 1ms; allowed: 100ms to 10m0s`},
		{"app_queue}", "app_queue, strategy: top-down}", `s.yaml:12: settings.1.strategy: found "top-down"; allowed: nothing: only threering has it`},
		{"app_queue}", "app_queue, hedge: {phones: 2}}", `s.yaml:12: settings.1.hedge: found a mapping; allowed: nothing: only threering has it`},
		{"app_queue}", "app_queue, misses: 2}", `s.yaml:12: settings.1.misses: found 2; allowed: nothing: only threering has it`},
		{"app_queue}", "app_queue, off: [hedge]}", `s.yaml:12: settings.1.off: found a list; allowed: nothing: only threering has it`},
	} {
		require.Equal(t, 1, strings.Count(plain, tc.was), tc.was)
		_, err := Read("s.yaml", []byte(strings.Replace(plain, tc.was, tc.is, 1)))
		if tc.want == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, tc.want, tc.is)
		require.IsType(t, config.Problems{}, err)
	}
}

func TestNothingAtAllIsSaid(t *testing.T) {
	_, err := Read("s.yaml", nil)
	require.ErrorContains(t, err, "duration: found 0s")
	for _, key := range []string{"queues", "agents", "calls"} {
		require.ErrorContains(t, err, key+": found nothing")
	}
	_, err = Load(filepath.Join(t.TempDir(), "none.yaml"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestTooManyCallsAreRefused(t *testing.T) {
	_, err := Read("s.yaml", []byte(strings.NewReplacer("1h", "87600h", "per_hour: 10", "per_hour: 1000").Replace(plain)))
	require.EqualError(t, err, "s.yaml:9: calls.0: found 87600000 calls in all; allowed: 20000000 calls in all")
}

func TestTraces(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "t.csv")
	scenario := strings.Replace(plain, "per_hour: 10", "trace: t.csv, patience: {fixed: 30s}", 1)
	load := func(trace string) (*Scenario, error) {
		require.NoError(t, os.WriteFile(file, []byte(trace), 0o600))
		return Read(filepath.Join(dir, "s.yaml"), []byte(scenario))
	}
	s, err := load("at,talk,patience\n0,,\n1.5,20,\n1.5,,7\n4000,,\n")
	require.NoError(t, err)
	callers := s.callers()
	require.Len(t, callers, 3, "who comes after the end does not come")
	require.Equal(t, s.begin().Add(1500*time.Millisecond), callers[1].at)
	require.Equal(t, 20*time.Second, callers[1].talk)
	require.Equal(t, 30*time.Second, callers[1].patience)
	require.Equal(t, 7*time.Second, callers[2].patience)
	for trace, want := range map[string]string{
		"":                       "t.csv:1: unreadable: EOF",
		"talk\n1\n":              `t.csv:1: found "talk"; allowed: the columns at, patience, talk, wrap_up; at is needed`,
		"at,mood\n1,2\n":         `t.csv:1: mood: found "mood"; allowed: each once: at, patience, talk, wrap_up`,
		"at,at\n1,2\n":           `t.csv:1: at: found "at"; allowed: each once: at, patience, talk, wrap_up`,
		"at,talk\n1,2\n2,soon\n": `t.csv:3: talk: found "soon"; allowed: seconds from 0 on`,
		"at,talk\n1,2\n,3\n":     `t.csv:3: at: found ""; allowed: seconds from 0 on`,
		"at,talk\n1,-2\n":        `t.csv:2: talk: found "-2"; allowed: seconds from 0 on`,
		"at,talk\n1,NaN\n":       `t.csv:2: talk: found "NaN"; allowed: seconds from 0 on`,
		"at,talk\n5,\n\n3,\n":    "t.csv:4: at: before the line above; allowed: callers in the order in which they come",
		"at,talk\n1,2\n1,2,3\n":  "t.csv:3: unreadable: wrong number of fields",
		"at,talk\n1,\"2\n":       `t.csv:2: unreadable: extraneous or missing " in quoted-field`,
	} {
		_, err := load(trace)
		require.ErrorContains(t, err, want, trace)
	}
	scenario = strings.Replace(scenario, ", talk: {mean: 60s}", "", 1)
	_, err = load("at,talk\n1,2\n2,\n")
	require.ErrorContains(t, err, "calls.0.talk: found nothing; allowed: how long talks last, which the trace does not say")
}

func TestScenariosOfTheRepositoryAreRight(t *testing.T) {
	files, err := filepath.Glob("../../testdata/sim/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		_, err := Load(file)
		require.NoError(t, err)
	}
}

func TestTimesHaveTheirMeansAndMedians(t *testing.T) {
	for _, times := range []Times{
		{form: lognormal, length: 4 * time.Second, sigma: .6}, {form: exponential, length: time.Minute}, {length: time.Second},
	} {
		from := stream(1, talks)
		var all []time.Duration
		var sum time.Duration
		for range 200_000 {
			d := times.draw(&from)
			all, sum = append(all, d), sum+d
		}
		require.InEpsilon(t, times.Mean().Seconds(), sum.Seconds()/float64(len(all)), .01)
		slices.Sort(all)
		if times.form == lognormal {
			require.InEpsilon(t, times.length.Seconds(), all[len(all)/2].Seconds(), .01)
		}
	}
	s := read(t, strings.Replace(plain, "talk: {mean: 60s}", "talk: {mean: 60s, sigma: 0.6}", 1))
	require.InDelta(t, 60, s.Calls[0].Talk.Mean().Seconds(), .001)
}

func TestRatesFollowTheHalfHours(t *testing.T) {
	s := read(t, strings.NewReplacer("1h", "2h", "per_hour: 10", "half_hours: [2000, 0, 8000]").Replace(plain))
	count := make([]float64, 4)
	for _, c := range s.callers() {
		count[int(c.at.Sub(s.begin())/halfHour)]++
	}
	require.InDelta(t, 2000, count[0], 4*45)
	require.Zero(t, count[1])
	require.InDelta(t, 8000, count[2], 4*90)
	require.Zero(t, count[3])
	require.InDelta(t, 10000, s.Calls[0].expected(s.Duration), .1)
}

func TestStreamsOfOnePurposeMoveNoOther(t *testing.T) {
	seen := map[uint64]bool{}
	for p := arrivals; p <= notices; p++ {
		for of := range uint64(100) {
			pcg := stream(1, p, of)
			first := rand.New(&pcg).Uint64()
			require.False(t, seen[first])
			seen[first] = true
		}
	}
}

func TestAgentsAreAwayForTheirShareOfTime(t *testing.T) {
	s := read(t, strings.Replace(plain, "count: 3", "count: 20, away: {share: 0.1, spell: {mean: 5m}}", 1))
	away, all := 0, 0
	for _, p := range s.people() {
		for at := range 20_000 {
			now := s.begin().Add(time.Duration(at) * 37 * time.Second)
			all++
			if back := p.atDesk(now); back > now {
				away++
			}
		}
	}
	require.InDelta(t, .1, float64(away)/float64(all), .01)
}

func TestShifts(t *testing.T) {
	s := read(t, strings.NewReplacer("1h", "48h", "count: 3", `shifts: ["06:00-12:00", "12:00-13:00", "22:00-02:00"]`, "per_hour: 10", "per_hour: 400").Replace(plain))
	answered := map[string]bool{}
	for _, h := range simulate(t, s)[0].HalfHours {
		answered[h.Name] = h.Answered > 0
	}
	for name, want := range map[string]bool{
		"08:00": true, "11:30": true, "12:30": true, "13:30": false, "21:00": false, "23:30": true,
		"day 2 00:30": true, "day 2 03:00": false, "day 2 07:00": true, "day 2 14:00": false, "day 3 01:00": true, "day 3 05:00": false,
	} {
		require.Equal(t, want, answered[name], name)
	}
}
