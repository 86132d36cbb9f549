package e2e

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const bossHz = 2200

// seen is an agent as the pages see them.
type seen struct {
	ID, State, Call string
	Queues          []string
	Tiers, Skills   map[string]int
	Next            *struct{ State, Reason string }
	Talk            *struct {
		Joined   bool
		Held     bool
		Consult  *struct{ ID, Call, State string }
		Guests   []struct{ ID string }
		Watchers []struct{ Person, Mode string }
		Help     *struct{ Text string }
	}
}

// sees waits for an agent to be as is wanted.
func (c *client) sees(id, what string, fits func(seen) bool) seen {
	c.t.Helper()
	var found seen
	require.Eventually(c.t, func() bool {
		var list struct{ Agents []seen }
		c.do("GET", "/api/v1/agents", nil, &list)
		i := slices.IndexFunc(list.Agents, func(a seen) bool { return a.ID == id })
		if i < 0 {
			return false
		}
		found = list.Agents[i]
		return fits(found)
	}, 10*time.Second, 50*time.Millisecond, "%s: %s", id, what)
	return found
}

// to is the body of what goes to somebody.
func to(kind, id string) map[string]any {
	return map[string]any{"to": map[string]string{"kind": kind, "id": id}}
}

// refuses has the API refuse something, with the type that pages tell it by.
func (c *client) refuses(method, path string, in any, status int, kind string) {
	c.t.Helper()
	got, body := c.call(method, path, in)
	require.Equal(c.t, status, got, "%s", body)
	var problem struct{ Type string }
	require.NoError(c.t, json.Unmarshal(body, &problem))
	require.Equal(c.t, "urn:threering:"+kind, problem.Type)
}

// A talk as the pages command it: consulted about, made a conference, helped in, and put through. It stays one call.
func TestATalkByTheAPI(t *testing.T) {
	s := start(t)
	s.straight(nil, "")
	s.baresip(softphone{user: "1001", hz: agentHz})
	colleague := s.baresip(softphone{user: "1002", hz: colleagueHz})
	boss := s.baresip(softphone{user: "sup", hz: bossHz})
	sup := s.as("sup")
	for _, id := range []string{"1001", "1002", "sup"} {
		require.Eventually(t, func() bool { return sup.agent(id).Reachable }, 10*time.Second, 50*time.Millisecond)
	}
	agent, other := s.as("1001"), s.as("1002")
	caller := s.sipp(scenario{name: "caller_plain", target: numberOf(0), caller: zhang, keys: map[string]string{
		"talk": "25000", "audio": toneALaw(t, callerHz),
	}})
	call := agent.sees("1001", "a talk", func(a seen) bool { return a.Talk != nil && a.Talk.Joined }).Call
	path := "/api/v1/calls/" + call

	var targets struct{ Targets []struct{ ID string } }
	agent.do("GET", "/api/v1/targets?q=1002", nil, &targets)
	require.Equal(t, "1002", targets.Targets[0].ID)
	other.refuses("POST", path+"/transfer", to("agent", "1001"), http.StatusForbidden, "not_yours")
	agent.refuses("POST", path+"/return", nil, http.StatusConflict, "not_now")
	agent.refuses("POST", path+"/transfer", to("agent", "1001"), http.StatusConflict, "self")
	agent.refuses("POST", path+"/transfer", to("agent", "1003"), http.StatusConflict, "no_phone")
	agent.refuses("POST", path+"/transfer", to("number", outside), http.StatusForbidden, "out_no_trunk")

	agent.do("POST", path+"/consult", to("agent", "1002"), nil)
	sup.sees("1001", "a consultation", func(a seen) bool {
		return a.Talk != nil && a.Talk.Held && a.Talk.Consult != nil && a.Talk.Consult.State == "talking"
	})
	agent.do("POST", path+"/conference", nil, nil)
	sup.sees("1001", "a conference", func(a seen) bool { return !a.Talk.Held && len(a.Talk.Guests) == 1 && a.Talk.Guests[0].ID == "1002" })
	agent.do("POST", path+"/help", map[string]string{"text": "怎么退货"}, nil)
	sup.sees("1001", "help", func(a seen) bool { return a.Talk.Help != nil && a.Talk.Help.Text == "怎么退货" })
	sup.do("PUT", path+"/watch", map[string]string{"mode": "listen"}, nil)
	sup.sees("1001", "who listens", func(a seen) bool { return len(a.Talk.Watchers) == 1 && a.Talk.Help == nil })
	sup.do("PUT", path+"/watch", map[string]string{"mode": "barge"}, nil)
	agent.do("DELETE", path+"/guests/1002", nil, nil)
	sup.sees("1001", "who takes part", func(a seen) bool { return len(a.Talk.Guests) == 0 && a.Talk.Watchers[0].Mode == "barge" })
	wait(t, time.Now().Add(2*time.Second))
	sup.do("DELETE", path+"/watch", nil, nil)
	agent.until("1002", "available", 10*time.Second)
	sup.do("POST", path+"/transfer", to("agent", "1002"), nil)
	sup.sees("1002", "the same call", func(a seen) bool { return a.State == "talking" && a.Call == call && a.Talk != nil })
	caller.ok()

	d := sup.newest(filed, "answered", 10*time.Second)
	require.Equal(t, call, d.Call.ID, "it stays one call")
	require.Equal(t, "1002", d.Call.Agent)
	requireOrder(t, d.kinds(), "talk.started", "consult.started", "call.merged", "guest.joined", "help.asked", "watcher.joined", "watcher.changed",
		"guest.left", "watcher.left", "transfer.asked", "talk.ended", "talk.started", "talk.ended", "call.ended")
	require.Equal(t, "sup", d.of("transfer.asked")[0].Person, "who wanted it")
	require.Len(t, d.Recordings, 2)
	require.Positive(t, seconds(colleague.heard(), callerHz))
	require.Positive(t, secondsOfBoth(boss.heard(), callerHz, agentHz), "the supervisor heard both")
	s.as("1001").do("GET", path, nil, nil)
	s.as("1002").do("GET", path, nil, nil) // both have had it
	sup.refuses("POST", path+"/complete", nil, http.StatusNotFound, "no_call")
}

// An agent calls a colleague by a click, and once more.
func TestCallingByTheAPI(t *testing.T) {
	s := start(t)
	s.straight(nil, "")
	phone := s.baresip(softphone{user: "1001", hz: agentHz})
	s.baresip(softphone{user: "1002", hz: colleagueHz})
	sup := s.as("sup")
	for _, id := range []string{"1001", "1002"} {
		require.Eventually(t, func() bool { return sup.agent(id).Reachable }, 10*time.Second, 50*time.Millisecond)
	}
	agent := s.as("1001")
	s.as("1002")
	var placed struct{ ID string }
	agent.do("POST", "/api/v1/calls", to("agent", "1002"), &placed)
	sup.sees("1002", "a talk", func(a seen) bool { return a.State == "talking" && a.Call == placed.ID })
	agent.refuses("POST", "/api/v1/calls", to("agent", "1002"), http.StatusConflict, "not_now")
	phone.command("hangup")
	sup.until("1002", "available", 10*time.Second)
	sup.until("1001", "available", 10*time.Second)
	first := sup.newest("1001", "answered", 10*time.Second)
	require.Equal(t, placed.ID, first.Call.ID)

	agent.do("POST", "/api/v1/calls", map[string]string{"again": first.Call.ID}, &placed)
	sup.sees("1002", "another talk", func(a seen) bool { return a.State == "talking" && a.Call == placed.ID })
	phone.command("hangup")
	sup.until("1002", "available", 10*time.Second)
	require.Equal(t, placed.ID, sup.newest("1001", "answered", 10*time.Second).Call.ID)
	agent.refuses("POST", "/api/v1/calls", to("agent", "4711"), http.StatusNotFound, "no_target")
	agent.refuses("POST", "/api/v1/calls", to("number", outside), http.StatusForbidden, "out_no_trunk")
}

// What supervisors change live outlasts a kill, and is over when another document is applied; a closed queue stays closed.
func TestWhatSupervisorsChangeOutlastsAKill(t *testing.T) {
	s := start(t)
	port := freePort(t)
	s.straight(map[string]int{"1001": port}, "")
	sup := s.as("sup")
	s.as("1004")
	s.as("1001")
	s.sipp(scenario{name: "agent", port: port, keys: map[string]string{"ring": "300", "audio": toneALaw(t, agentHz)}})
	s.sipp(scenario{name: "caller_plain", target: numberOf(0), caller: zhang, keys: map[string]string{"talk": "30000", "audio": toneALaw(t, callerHz)}})
	sup.sees("1001", "a talk", func(a seen) bool { return a.Talk != nil && a.Talk.Joined })
	sup.do("PUT", "/api/v1/agents/1001/state", map[string]string{"state": "break", "reason": "training"}, nil)
	sup.sees("1001", "what comes after it", func(a seen) bool { return a.State == "talking" && a.Next != nil && a.Next.State == "break" })
	sup.do("PUT", "/api/v1/agents/1003/queues", map[string]any{"tiers": map[string]int{"1003": 1, "1001": 2}}, nil)
	sup.do("PUT", "/api/v1/agents/1003/skills", map[string]any{"skills": map[string]int{"english": 4}}, nil)
	sup.do("PUT", "/api/v1/queues/1002", map[string]bool{"open": false}, nil)
	sup.do("PUT", "/api/v1/agents/1004/state", map[string]string{"state": "offline"}, nil)
	var list struct{ Changes []struct{ Kind, By string } }
	sup.do("GET", "/api/v1/changes", nil, &list)
	require.Len(t, list.Changes, 5)
	s.kill()

	s.run()
	sup = s.as("sup")
	changed := func(a seen) bool {
		return maps.Equal(a.Tiers, map[string]int{"1003": 1, "1001": 2}) && a.Skills["english"] == 4
	}
	sup.sees("1003", "as before", changed)
	require.Equal(t, "offline", sup.agent("1004").State)
	require.Equal(t, []string{"break", "training"}, []string{sup.agent("1001").State, sup.agent("1001").Reason}, "after the call that the kill has ended")
	closed := func() []string {
		var list struct {
			Queues []struct {
				Name string
				Open bool
			}
		}
		sup.do("GET", "/api/v1/queues", nil, &list)
		var names []string
		for _, q := range list.Queues {
			if !q.Open {
				names = append(names, q.Name)
			}
		}
		return names
	}
	require.Equal(t, []string{"1002"}, closed())
	s.sipp(scenario{name: "caller_plain", target: numberOf(1), caller: zhang, keys: map[string]string{"talk": "20000", "audio": toneALaw(t, callerHz)}}).ok()
	require.Equal(t, "closed", sup.newest(filed, "gave_up", 10*time.Second).of("queue.left")[0].Why)

	text, err := s.command("export")
	require.NoError(t, err)
	s.apply(strings.Replace(text, "name: Agent 1003", "name: Agent Three", 1))
	sup.sees("1003", "as the document says", func(a seen) bool { return slices.Equal(a.Queues, []string{"1003"}) && len(a.Skills) == 0 })
	require.Equal(t, []string{"1002"}, closed())
}
