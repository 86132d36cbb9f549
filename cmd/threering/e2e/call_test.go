package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	zhang    = "13800000001" // a customer of the demo
	filed    = "+8613800000001"
	callerHz = 1000
	agentHz  = 440
)

// caller is the plain caller: presses a digit in the greeting, speaks for a while.
func caller(t *testing.T, digit string, talk time.Duration) scenario {
	return scenario{name: "caller", target: "400", caller: zhang, keys: map[string]string{
		"digit": digit, "before_key": "1500", "talk": strconv.FormatInt(talk.Milliseconds(), 10), "audio": toneALaw(t, callerHz),
	}}
}

// The whole way, with a registered softphone: pop before ring, announcement, both hear each other, stereo recording,
// timeline, wrap-up, available again.
func TestACallGoesAllTheWay(t *testing.T) {
	for _, transport := range []string{"udp", "tcp"} {
		t.Run(transport, func(t *testing.T) {
			s := start(t)
			phone := s.baresip(softphone{user: "1001", hz: agentHz, transport: transport})
			sup := s.as("sup")
			require.Eventually(t, func() bool { return sup.agent("1001").Reachable }, 10*time.Second, 50*time.Millisecond)
			require.Equal(t, "offline", sup.agent("1001").State, "registering alone makes nobody available")

			agent := s.as("1001")
			require.Equal(t, "available", sup.agent("1001").State, "signing in with a reachable phone does")
			events := agent.events()

			sc := caller(t, "1", 22*time.Second)
			sc.tcp = transport == "tcp"
			call := s.sipp(sc)

			pop := await(t, events, "pop", 20*time.Second)
			ringing := await(t, events, "call.offer.ringing", 5*time.Second)
			require.False(t, ringing.At.Before(pop.At))
			var shown struct {
				Number string
				Pop    struct {
					Customer *struct{ Name string }
					Calls    []any
				}
			}
			require.NoError(t, json.Unmarshal([]byte(pop.Data), &shown))
			require.Equal(t, filed, shown.Number)
			require.NotNil(t, shown.Pop.Customer, pop.Data)
			require.NotEmpty(t, shown.Pop.Calls, "earlier calls")

			await(t, events, "call.talk.started", 25*time.Second)
			call.ok()

			done := sup.newest(filed, "answered", 10*time.Second)
			require.Equal(t, "1001", done.Call.Agent)
			require.Equal(t, "sales", done.Call.Queue)
			require.NotEmpty(t, done.Call.Notice, "which notice was played is kept")
			require.Equal(t, "caller", done.Call.EndedBy)
			requireOrder(t, done.kinds(), "call.arrived", "call.answered", "notice.played", "keys.pressed", "queue.entered", "offer.made",
				"offer.ringing", "offer.answered", "recording.started", "caller.hears", "talk.started", "talk.ended", "call.ended")

			agent.until("1001", "wrapup", 5*time.Second)
			agent.do("PUT", "/api/v1/calls/"+done.Call.ID+"/disposition", map[string]string{"reason": "order", "notes": "两件", "follow_up": "2026-12-01"}, nil)
			agent.until("1001", "available", 5*time.Second)
			require.Equal(t, "order", sup.newest(filed, "answered", 5*time.Second).Call.Disposition.Reason)

			requireStereo(t, s.as("qa"), done)
			require.GreaterOrEqual(t, seconds(phone.heard(), callerHz), 2.0, "the agent's phone heard the caller")
		})
	}
}

// requireStereo checks that the recording has the caller on the left and the agent on the right, and nothing crossed.
func requireStereo(t *testing.T, qa *client, d callDetail) {
	t.Helper()
	requireSides(t, qa, d, 2)
}

// requireSides is requireStereo for talks in which each has spoken for so many seconds at least.
func requireSides(t *testing.T, qa *client, d callDetail, least float64) {
	t.Helper()
	require.Len(t, d.Recordings, 1)
	require.Eventually(t, func() bool {
		return qa.newest(d.Call.Number, "answered", time.Second).Recordings[0].State == "complete"
	}, 5*time.Second, 50*time.Millisecond)
	sides := samples(t, qa.audio(d.Recordings[0].ID))
	require.Len(t, sides, 2)
	left, right := sides[0], sides[1]
	require.GreaterOrEqual(t, seconds(left, callerHz), least, "the caller is on the left")
	require.GreaterOrEqual(t, seconds(right, agentHz), least, "the agent is on the right")
	require.Zero(t, seconds(left, agentHz), "the agent is not on the left")
	require.Zero(t, seconds(right, callerHz), "the caller is not on the right")
}

// requireOrder checks that these happened in this order, whatever else did.
func requireOrder(t *testing.T, all []string, wanted ...string) {
	t.Helper()
	rest := all
	for _, w := range wanted {
		i := 0
		for i < len(rest) && rest[i] != w {
			i++
		}
		require.Less(t, i, len(rest), "%s is missing, or out of order, in %v", w, all)
		rest = rest[i+1:]
	}
}

func TestKeysByINFO(t *testing.T) {
	s := start(t)
	s.fixed("1003")
	phone := s.sipp(scenario{name: "agent", port: s.phones["1003"], keys: map[string]string{"ring": "500", "audio": toneALaw(t, agentHz)}})
	s.as("1003")
	sc := caller(t, "3", 22*time.Second)
	sc.name = "caller_info"
	s.sipp(sc).ok()
	phone.ok()
	done := s.as("sup").newest(filed, "answered", 10*time.Second)
	require.Equal(t, "complaint", done.Call.Queue)
	requireStereo(t, s.as("qa"), done)
}

// Busy, then no answer, then the one who picks up: each miss goes straight to the next.
func TestStraightToTheNextAgent(t *testing.T) {
	s := start(t)
	s.fixed("1001", "1002", "1003")
	s.unhedged("sales") // or a further phone would ring before the deaf one has let its time pass
	s.sipp(scenario{name: "agent_busy", port: s.phones["1001"]})
	deaf := s.sipp(scenario{name: "agent_deaf", port: s.phones["1002"]})
	phone := s.sipp(scenario{name: "agent", port: s.phones["1003"], keys: map[string]string{"ring": "300", "audio": toneALaw(t, agentHz)}})
	for _, id := range []string{"1001", "1002", "1003"} { // the order of idling
		s.as(id)
	}
	s.sipp(caller(t, "1", 35*time.Second)).ok()
	deaf.ok()
	phone.ok()
	sup := s.as("sup")
	done := sup.newest(filed, "answered", 10*time.Second)
	require.Equal(t, []string{"1001", "1002", "1003"}, done.offered())
	require.Equal(t, "1003", done.Call.Agent)
	require.Equal(t, "missed", sup.agent("1002").State)
	require.Equal(t, "available", sup.agent("1001").State, "busy is no miss")
	gap := gaps(done, "offer.ended", "offer.made")
	require.Less(t, gap[0], 100*time.Millisecond, "from busy to the next INVITE")
}

// gaps measures from each entry of one kind to the next entry of another.
func gaps(d callDetail, from, to string) (list []time.Duration) {
	for i, e := range d.Timeline {
		for _, later := range d.Timeline[i:] {
			if e.Kind == from && later.Kind == to {
				list = append(list, later.At.Sub(e.At))
				break
			}
		}
	}
	return list
}

func TestNobodySignedOn(t *testing.T) {
	s := start(t)
	s.sipp(caller(t, "2", 40*time.Second)).ok()
	done := s.as("sup").newest(filed, "gave_up", 10*time.Second)
	require.Equal(t, "system", done.Call.EndedBy, "an apology, and a goodbye")
	require.Empty(t, done.offered())
}

func TestTheCallerHangsUpAnywhere(t *testing.T) {
	s := start(t)
	s.fixed("1001")
	deaf := s.sipp(scenario{name: "agent_deaf", port: s.phones["1001"]})
	s.as("1001")
	sc := caller(t, "", 0)
	sc.name, sc.keys["talk"] = "caller_short", "800"
	s.sipp(sc).ok()
	sup := s.as("sup")
	require.Equal(t, "caller", sup.newest(filed, "menu", 10*time.Second).Call.EndedBy)

	s.sipp(caller(t, "1", 13*time.Second)).ok() // while the phone rings
	deaf.ok()
	sup.newest(filed, "abandoned", 10*time.Second)
	sup.until("1001", "available", 5*time.Second)
	var queues struct{ Queues []struct{ Waiting int } }
	sup.do("GET", "/api/v1/queues", nil, &queues)
	for _, q := range queues.Queues {
		require.Zero(t, q.Waiting, "nobody is left behind")
	}
}

func TestWhatIsRefused(t *testing.T) {
	s := start(t)
	s.sipp(scenario{name: "unknown_number", target: "499", caller: zhang}).ok()
	s.sipp(scenario{name: "no_codec", target: "400", caller: zhang}).ok()

	nobody := &client{t: t, s: s, http: http.Client{}}
	status, _ := nobody.call("POST", "/api/v1/session", map[string]string{"name": "1001", "password": "wrong"})
	require.Equal(t, 401, status)
	status, _ = nobody.call("GET", "/api/v1/calls", nil)
	require.Equal(t, 401, status)

	before, err := s.command("export")
	require.NoError(t, err)
	broken := strings.Replace(before, "queue: sales", "queue: salse", 1)
	file := write(t, "broken.yaml", []byte(broken))
	out, err := s.command("apply", "-f", file)
	require.Error(t, err)
	require.Contains(t, out, "salse")
	require.Contains(t, out, "allowed: ")
	require.Regexp(t, `broken\.yaml:\d+: `, out)
	after, err := s.command("export")
	require.NoError(t, err)
	require.Equal(t, before, after, "nothing half applied")

	out, err = s.command("serve", "--rtp-ports", "1-x")
	require.Error(t, err)
	require.Contains(t, out, "rtp")
}

func TestHoldAndResume(t *testing.T) {
	s := start(t)
	phone := s.baresip(softphone{user: "1001", hz: agentHz})
	sup := s.as("sup")
	require.Eventually(t, func() bool { return sup.agent("1001").Reachable }, 10*time.Second, 50*time.Millisecond)
	events := s.as("1001").events()
	call := s.sipp(caller(t, "1", 40*time.Second))
	await(t, events, "call.talk.started", 30*time.Second)
	phone.command("hold")
	await(t, events, "call.talk.held", 5*time.Second)
	phone.command("resume")
	await(t, events, "call.talk.resumed", 5*time.Second)
	phone.command("hangup")
	await(t, events, "call.talk.ended", 5*time.Second)
	call.ok()
	done := sup.newest(filed, "answered", 10*time.Second)
	require.Equal(t, "agent", endedBy(done))
}

// endedBy says who ended the talk.
func endedBy(d callDetail) string {
	for _, e := range d.Timeline {
		if e.Kind == "talk.ended" {
			return e.By
		}
	}
	return ""
}

// Power goes in the middle of a talk. After a start the recording is whole up to the last second, the journal says how
// the call ended, and nobody is stuck.
func TestKilledInTheMiddleOfATalk(t *testing.T) {
	s := start(t)
	s.fixed("1001")
	s.sipp(scenario{name: "agent", port: s.phones["1001"], keys: map[string]string{"ring": "300", "audio": toneALaw(t, agentHz)}})
	agent := s.as("1001")
	events := agent.events()
	s.sipp(caller(t, "1", 40*time.Second))
	talking := await(t, events, "call.talk.started", 30*time.Second)
	wait(t, talking.At.Add(4*time.Second))
	s.kill()
	killed := time.Now()

	s.run()
	sup := s.as("sup")
	cut := sup.newest(filed, "interrupted", 5*time.Second)
	require.Equal(t, "system", cut.Call.EndedBy)
	require.Len(t, cut.Recordings, 1)
	require.Equal(t, "repaired", cut.Recordings[0].State)
	started := cut.Timeline[0].At
	for _, e := range cut.Timeline {
		if e.Kind == "recording.started" {
			started = e.At
		}
	}
	sides := samples(t, s.as("qa").audio(cut.Recordings[0].ID))
	require.InDelta(t, killed.Sub(started).Seconds(), float64(len(sides[0]))/rate, 1, "whole up to the last second")
	require.GreaterOrEqual(t, seconds(sides[0], callerHz), 2.0)
	require.GreaterOrEqual(t, seconds(sides[1], agentHz), 2.0)
	require.Equal(t, "available", sup.agent("1001").State, "not stuck")

	out, err := s.command("explain", cut.Call.ID, "--language", "en")
	require.NoError(t, err, out)
	require.Contains(t, out, "1001) is rung: the call is number 1 of those that wait for ")
	require.Contains(t, out, "Nobody else could be rung.")
	out, err = s.command("replay", "--print")
	require.NoError(t, err, out)
	require.Regexp(t, `OfferAnswered \{.*\}, the same`, out, "what was decided before the kill is decided the same again")
}

// wait lets the talk go on until a moment.
func wait(t *testing.T, until time.Time) {
	t.Helper()
	select {
	case <-time.After(time.Until(until)):
	case <-t.Context().Done():
	}
}

// unhedged has no further phones rung for the calls of a queue.
func (s *server) unhedged(queue string) {
	s.t.Helper()
	text, err := s.command("export")
	require.NoError(s.t, err)
	at := fmt.Sprintf("name: %s\n", queue)
	require.Contains(s.t, text, at)
	s.apply(strings.Replace(text, at, at+"    off: [hedge]\n", 1))
}

// fixed gives agents desk phones at addresses of their own, in a center that is changed while it runs.
func (s *server) fixed(agents ...string) {
	s.t.Helper()
	text, err := s.command("export")
	require.NoError(s.t, err)
	s.phones = map[string]int{}
	for _, id := range agents {
		s.phones[id] = freePort(s.t)
		at := fmt.Sprintf("id: %q\n", id)
		require.Contains(s.t, text, at)
		text = strings.Replace(text, at, at+fmt.Sprintf("    device: sip:%s@127.0.0.1:%d\n", id, s.phones[id]), 1)
	}
	s.apply(text)
	sup := s.as("sup")
	for _, id := range agents {
		require.Eventually(s.t, func() bool { return sup.agent(id).Reachable }, 5*time.Second, 50*time.Millisecond)
	}
}
