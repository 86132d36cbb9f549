package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patient is the document of a center with one agent, in whose queue callers are told where they stand, and those who would
// wait for a minute may be called back.
func patient(trunk, phone int) string {
	return fmt.Sprintf(`center: {name: Patient, time_zone: Asia/Shanghai, language: zh, country: CN, ring_cadence: cn, music: music}
trunks:
  - name: beta
    servers: ["sip:%s:%d"]
    keepalive: 5s
    numbers: ["010-66557701"]
    out: {callbacks: true, calls: 2, destinations: [{prefix: "+86", price: 0.12}], spend: 10}
numbers:
  - {number: %q, flow: main}
flows:
  main: {start: wait, steps: {wait: {queue: sales, next: bye, otherwise: bye}, bye: {hangup: normal}}}
queues:
  - name: sales
    agents: ["1001"]
    max_wait: 10m
    wrap_up: 1s
    tell: {position: true, wait: true}
    callback: {over: 1m}
    whisper: {prompts: [zh/sales], wait: true}
people:
  - {id: "1001", name: Wang, role: agent, device: "sip:1001@127.0.0.1:%d"}
  - {id: sup, name: Sup, role: supervisor}
  - {id: qa, name: QA, role: qa}
`, carrierB, trunk, numberOf(0), phone)
}

type callbackList struct {
	Waiting []struct {
		Call, Number, Queue string
		Tries               int
	}
	Missed []callView
}

// A caller who would have to wait long hangs up and keeps the place. Power goes; after a start the agent is rung in their
// turn, and they are called by the trunk. Who hung up waiting before is on the list of those who were missed.
func TestACallbackOutlivesAKill(t *testing.T) {
	s := start(t)
	trunk, phone := freePort(t), freePort(t)
	s.carrier(carrierB, trunk, "answers")
	s.apply(patient(trunk, phone))
	sup := s.as("sup")
	sup.untilTrunk("beta", "up", 15*time.Second)
	require.Eventually(t, func() bool { return sup.agent("1001").Reachable }, 5*time.Second, 50*time.Millisecond)
	s.as("1001").do("PUT", "/api/v1/agents/1001/state", map[string]string{"state": "break", "reason": "lunch"}, nil)

	waits := scenario{name: "caller_plain", host: carrierB, target: numberOf(0), caller: outside, keys: map[string]string{
		"talk": "22000", "audio": toneALaw(t, callerHz),
	}}
	s.sipp(waits).ok() // from whom the queue learns how slow it is
	events := sup.events()
	books := scenario{name: "caller_books", host: carrierB, target: numberOf(0), caller: zhang, keys: map[string]string{
		"before_key": "23000", "audio": toneALaw(t, callerHz),
	}}
	caller := s.sipp(books)
	told := await(t, events, "call.wait.told", 30*time.Second)
	require.Contains(t, told.Data, `"offered":true`)
	caller.ok()
	list := func() (l callbackList) {
		sup.do("GET", "/api/v1/callbacks", nil, &l)
		return l
	}
	booked := list()
	require.Len(t, booked.Waiting, 1)
	require.Equal(t, filed, booked.Waiting[0].Number)
	require.Len(t, booked.Missed, 1)
	require.Equal(t, "+86"+outside, booked.Missed[0].Number)
	s.kill()

	s.run()
	sup = s.as("sup")
	require.Equal(t, booked.Waiting, list().Waiting, "with the same id, in the same place")
	require.Equal(t, "break", sup.agent("1001").State)
	sup.untilTrunk("beta", "up", 15*time.Second)
	agent := s.sipp(scenario{name: "agent_leaves", port: phone, keys: map[string]string{"ring": "300", "talk": "6000", "audio": toneALaw(t, agentHz)}})
	sup.do("PUT", "/api/v1/agents/1001/state", map[string]string{"state": "available"}, nil)
	agent.ok()
	done := sup.newest(filed, "answered", 10*time.Second)
	require.Equal(t, booked.Waiting[0].Call, done.Call.ID)
	requireOrder(t, done.kinds(), "call.placed", "queue.entered", "offer.made", "offer.answered", "callback.tried", "call.answered", "talk.started", "call.ended")
	heardBoth(t, s, done)
	require.Empty(t, list().Waiting)

	out, err := s.command("explain", done.Call.ID, "--language", "en")
	require.NoError(t, err, out)
	require.Contains(t, out, "to be called back")
	out, err = s.command("replay")
	require.NoError(t, err, out)
}

// Nobody is there, so the flow offers the caller to be called back, by a queue that offers it to nobody who waits. Power goes;
// when the agent is back they are rung, and the customer is called.
func TestAFlowThatEndsInACallback(t *testing.T) {
	s := start(t)
	trunk, phone := freePort(t), freePort(t)
	s.carrier(carrierB, trunk, "answers")
	s.apply(strings.NewReplacer(
		"otherwise: bye}, bye", "otherwise: back}, back: {callback: sales, otherwise: bye}, bye",
		"callback: {over: 1m}", "callback: {tries: 2}\n    limits: {on_break: true}",
	).Replace(patient(trunk, phone)))
	sup := s.as("sup")
	sup.untilTrunk("beta", "up", 15*time.Second)
	require.Eventually(t, func() bool { return sup.agent("1001").Reachable }, 5*time.Second, 50*time.Millisecond)
	sup.do("PUT", "/api/v1/agents/1001/state", map[string]string{"state": "break", "reason": "lunch"}, nil)

	s.sipp(scenario{name: "caller_books", host: carrierB, target: numberOf(0), caller: zhang, keys: map[string]string{
		"before_key": "4000", "audio": toneALaw(t, callerHz),
	}}).ok()
	var list callbackList
	sup.do("GET", "/api/v1/callbacks", nil, &list)
	require.Len(t, list.Waiting, 1)
	s.kill()

	s.run()
	sup = s.as("sup")
	sup.untilTrunk("beta", "up", 15*time.Second)
	agent := s.sipp(scenario{name: "agent_leaves", port: phone, keys: map[string]string{"ring": "300", "talk": "6000", "audio": toneALaw(t, agentHz)}})
	sup.do("PUT", "/api/v1/agents/1001/state", map[string]string{"state": "available"}, nil)
	agent.ok()
	done := sup.newest(filed, "answered", 10*time.Second)
	require.Equal(t, list.Waiting[0].Call, done.Call.ID)
	heardBoth(t, s, done)
	var booked callDetail
	sup.do("GET", "/api/v1/calls/"+done.Call.Other, nil, &booked)
	require.Equal(t, "callback", booked.Call.Outcome)
	requireOrder(t, booked.kinds(), "queue.entered", "queue.left", "flow.step", "callback.booked", "call.ended")

	out, err := s.command("explain", booked.Call.ID, "--language", "en")
	require.NoError(t, err, out)
	require.Contains(t, out, "to be called back")
	out, err = s.command("replay")
	require.NoError(t, err, out)
}
