package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// straight has the center be a plain one: the number 01066557701 leads to the agent 1001 and to nobody else, without a word,
// and so up to 01066557704. Those with a port have a desk phone there. more is what the document has besides.
func (s *server) straight(ports map[string]int, more string) {
	s.t.Helper()
	var numbers, flows, queues, people strings.Builder
	for n := range 4 {
		id := agentOf(n)
		fmt.Fprintf(&numbers, "  - {number: %q, flow: to%s}\n", numberOf(n), id)
		fmt.Fprintf(&flows, "  to%s: {start: ask, steps: {ask: {queue: %q, next: bye, otherwise: bye}, bye: {hangup: normal}}}\n", id, id)
		fmt.Fprintf(&queues, "  - {name: %q, title: %q, agents: [%q], wrap_up: 1s}\n", id, id, id)
		device := ""
		if port := ports[id]; port > 0 {
			device = fmt.Sprintf(", device: \"sip:%s@127.0.0.1:%d\"", id, port)
		}
		fmt.Fprintf(&people, "  - {id: %q, name: Agent %s, role: agent%s}\n", id, id, device)
	}
	if !strings.Contains(more, "trunks:") {
		more += "trusted: [127.0.0.0/8]\n"
	}
	s.apply("center: {name: Peers, time_zone: Asia/Shanghai, language: en, country: CN, ring_cadence: cn, music: music}\n" + more +
		"numbers:\n" + numbers.String() + "flows:\n" + flows.String() + "queues:\n" + queues.String() + "people:\n" + people.String() +
		"  - {id: sup, name: Sup, role: supervisor}\n  - {id: qa, name: QA, role: qa}\n")
	sup := s.as("sup")
	for id := range ports {
		require.Eventually(s.t, func() bool { return sup.agent(id).Reachable }, 5*time.Second, 50*time.Millisecond)
	}
}

func agentOf(n int) string  { return strconv.Itoa(1001 + n) }
func numberOf(n int) string { return "0106655770" + strconv.Itoa(n+1) }

// A dialogCase is a call between two SIPps: the caller's and the agent's scenario, and what has to be seen of it.
type dialogCase struct {
	caller, phone string
	outcome       string // answered, if empty
	seen          func(t *testing.T, s *server, d callDetail)
}

// dialogs has up to four calls take place at the same time.
func dialogs(t *testing.T, cases ...dialogCase) {
	t.Helper()
	s := start(t)
	ports := map[string]int{}
	for n := range cases {
		ports[agentOf(n)] = freePort(t)
	}
	s.straight(ports, "")
	var phones, callers []*sipp
	for n, c := range cases {
		phones = append(phones, s.sipp(scenario{name: c.phone, port: ports[agentOf(n)], keys: map[string]string{"ring": "300", "audio": toneALaw(t, agentHz)}}))
		s.as(agentOf(n))
	}
	for n, c := range cases {
		callers = append(callers, s.sipp(scenario{name: c.caller, target: numberOf(n), caller: "1380000000" + strconv.Itoa(n+1), keys: map[string]string{
			"talk": "9000", "before_hold": "5000", "audio": toneALaw(t, callerHz),
		}}))
	}
	for n, c := range cases {
		callers[n].ok()
		outcome := c.outcome
		if outcome == "" {
			outcome = "answered"
			phones[n].ok()
		}
		d := s.as("sup").newest("+861380000000"+strconv.Itoa(n+1), outcome, 10*time.Second)
		c.seen(t, s, d)
	}
}

// heardBoth is that of a call's talk both sides are in the recording.
func heardBoth(t *testing.T, s *server, d callDetail) { requireSides(t, s.as("qa"), d, 1) }

// heldTimes is that a call was held and resumed so often.
func heldTimes(often int) func(*testing.T, *server, callDetail) {
	return func(t *testing.T, _ *server, d callDetail) {
		require.Len(t, d.of("talk.held"), often, d.kinds())
		require.Len(t, d.of("talk.resumed"), often, d.kinds())
	}
}

// messages counts the messages of a call that begin like this.
func (s *server) messages(d callDetail, what string) int {
	s.t.Helper()
	drawn := ""
	require.Eventually(s.t, func() bool {
		var err error
		drawn, err = s.command("trace", d.Call.ID)
		return err == nil && strings.Contains(drawn, what)
	}, 10*time.Second, 200*time.Millisecond, "no %s in the ladder", what)
	return strings.Count(drawn, what)
}

func TestCallersOffersAndReliability(t *testing.T) {
	dialogs(t,
		dialogCase{caller: "caller_late_offer", phone: "agent", seen: heardBoth},
		dialogCase{caller: "caller_prack", phone: "agent", seen: heardBoth},
		dialogCase{caller: "caller_prack_late", phone: "agent", seen: heardBoth},
		dialogCase{caller: "caller_lost_ack", phone: "agent", seen: func(t *testing.T, s *server, d callDetail) {
			heardBoth(t, s, d)
			require.GreaterOrEqual(t, s.messages(d, "200 OK (SDP)"), 4, "the caller's came three times, the agent's once")
		}},
	)
}

func TestCallersHoldsAndTimers(t *testing.T) {
	dialogs(t,
		dialogCase{caller: "caller_holds", phone: "agent", seen: heldTimes(3)},
		dialogCase{caller: "caller_timer", phone: "agent", seen: heldTimes(1)},
		dialogCase{caller: "caller_late_reoffer", phone: "agent", seen: heardBoth},
	)
}

func TestACallerWithoutACK(t *testing.T) {
	dialogs(t, dialogCase{caller: "caller_no_ack", phone: "agent_deaf", outcome: "failed", seen: func(t *testing.T, _ *server, d callDetail) {
		require.Equal(t, "system", d.Call.EndedBy)
		require.Empty(t, d.offered(), "nobody is rung for a caller who may not be there")
	}})
}

func TestPhonesReliabilityAndHold(t *testing.T) {
	dialogs(t,
		dialogCase{caller: "caller_plain", phone: "agent_reliable", seen: heardBoth},
		dialogCase{caller: "caller_plain", phone: "agent_lost_ack", seen: heardBoth},
		dialogCase{caller: "caller_plain", phone: "agent_update", seen: heldTimes(1)},
	)
}

func TestPhonesWithSessionTimers(t *testing.T) {
	ended := func(by string) func(*testing.T, *server, callDetail) {
		return func(t *testing.T, _ *server, d callDetail) {
			require.Equal(t, by, endedBy(d))
		}
	}
	dialogs(t,
		dialogCase{caller: "caller_plain", phone: "agent_timer", seen: ended("caller")},
		dialogCase{caller: "caller_plain", phone: "agent_timer_peer", seen: ended("agent")},
		dialogCase{caller: "caller_plain", phone: "agent_timer_dead", seen: ended("system")},
	)
}

// A telephone of the house dials a colleague and hangs up while that rings, or in the moment that it is picked up.
func TestCancelling(t *testing.T) {
	s := start(t)
	ports := map[string]int{}
	for n := range 4 {
		ports[agentOf(n)] = freePort(t)
	}
	s.straight(ports, "")
	for n := range 4 {
		s.as(agentOf(n))
	}
	deaf := s.sipp(scenario{name: "agent_deaf", port: ports["1002"]})
	crossing := s.sipp(scenario{name: "agent_crossing", port: ports["1004"]})
	one := s.sipp(scenario{name: "caller_cancels", target: "1002", caller: "1001", port: ports["1001"]})
	other := s.sipp(scenario{name: "caller_cancels", target: "1004", caller: "1003", port: ports["1003"]})
	for _, p := range []*sipp{one, other, deaf, crossing} {
		p.ok()
	}
	sup := s.as("sup")
	for n := range 4 {
		sup.until(agentOf(n), "available", 5*time.Second)
	}
}
