package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The crowd: forty callers at once, twenty desk phones. Every fifth phone rings and is never picked up.
const (
	crowdCallers = 40
	crowdPhones  = 20
	crowdKills   = 2
	crowdSoon    = 10 * time.Second
)

func deaf(phone int) bool { return phone%5 == 4 }

// crowd is a server with its desk phones.
type crowd struct {
	*server
	sup    *client
	random *rand.Rand
	began  time.Time
}

// Forty callers and twenty agents, of whom some never answer: nearly everybody hears a person within three rings, as the
// journal counts it. Then power goes, again and again, at moments that nobody chose, and each time nobody is stuck or lost
// afterwards: the agents are as they were, every call has an end, and the next callers are served.
func TestACrowdAndPowerThatGoes(t *testing.T) {
	c := openCrowd(t)
	callers := c.callers(crowdCallers)
	callers.ok()
	c.everybodyEnds(crowdCallers)
	require.Equal(t, crowdCallers, c.outcomes()["answered"], "nobody is given up")
	c.threeRings()

	for kill := range crowdKills {
		before := c.states("missed")
		callers := c.callers(crowdCallers)
		pause := time.Duration(500+c.random.IntN(5500)) * time.Millisecond
		wait(t, time.Now().Add(pause))
		c.kill()
		callers.kill()
		t.Logf("kill %d after %s", kill+1, pause)
		c.run()
		c.sup = c.as("sup")
		c.recovered(before)
		c.callers(crowdPhones / 2).ok()
		require.Eventually(t, func() bool { return c.outcomes()["open"] == 0 }, crowdSoon, 100*time.Millisecond, "%v", c.outcomes())
	}
	t.Logf("in the end: %v", c.outcomes())
	require.Positive(t, c.outcomes()["interrupted"], "the journal says which calls died")
	c.allRest()
	out, err := c.command("replay")
	require.NoError(t, err, out)
	require.Contains(t, out, fmt.Sprintf("%d starts of the server", crowdKills+1))
	require.Contains(t, out, " 0 steps differ")
}

// openCrowd furnishes a center with desk phones, and makes their agents available.
func openCrowd(t *testing.T) *crowd {
	seed := rand.Uint64()
	if given := os.Getenv("THREERING_SEED"); given != "" {
		var err error
		seed, err = strconv.ParseUint(given, 10, 64)
		require.NoError(t, err)
	}
	t.Logf("THREERING_SEED=%d", seed)
	need(t, "sipp")
	c := &crowd{server: start(t), random: rand.New(rand.NewPCG(seed, 0)), began: time.Now()}
	c.phones = map[string]int{}
	first := freeRange(t)
	for i := range crowdPhones {
		port := first + i
		c.phones[agentID(i)] = port
		sc := scenario{name: "agent_brief", port: port, forever: true, keys: map[string]string{
			"ring": fmt.Sprint(500 + c.random.IntN(2500)), "talk": fmt.Sprint(1000 + c.random.IntN(1500)),
		}}
		if deaf(i) {
			sc.name = "agent_deaf"
		}
		c.sipp(sc)
	}
	c.apply(crowdDocument(c.phones))
	c.sup = c.as("sup")
	require.Eventually(t, func() bool { return len(c.agents()) == crowdPhones && !slices.ContainsFunc(c.agents(), unreachable) }, crowdSoon, 100*time.Millisecond)
	for i := range crowdPhones {
		c.sup.do("PUT", "/api/v1/agents/"+agentID(i)+"/state", map[string]string{"state": "available"}, nil)
	}
	return c
}

func agentID(i int) string { return fmt.Sprint(2001 + i) }

func unreachable(a agentView) bool { return !a.Reachable }

// crowdDocument is a hotline that leads straight into one queue.
func crowdDocument(phones map[string]int) string {
	var people, agents strings.Builder
	for i := range crowdPhones {
		id := agentID(i)
		fmt.Fprintf(&people, "  - {id: %q, name: Agent %s, role: agent, device: \"sip:%s@127.0.0.1:%d\"}\n", id, id, id, phones[id])
		fmt.Fprintf(&agents, "%q, ", id)
	}
	return `center: {name: Crowd, time_zone: UTC, language: en, country: CN, ring_cadence: cn}
trusted: [127.0.0.0/8]
numbers: [{number: "400", flow: main}]
flows:
  main: {start: wait, steps: {wait: {queue: hotline, next: bye, otherwise: bye}, bye: {hangup: normal}}}
queues:
  - {name: hotline, agents: [` + strings.TrimSuffix(agents.String(), ", ") + `], wrap_up: 0s, announce: false}
people:
` + people.String() + `  - {id: sup, name: Supervisor, role: supervisor}
`
}

// callers starts so many callers, ten a second.
func (c *crowd) callers(n int) *sipp {
	return c.sipp(scenario{name: "caller_waits", target: "400", caller: "1390000", calls: n, keys: map[string]string{"patience": "60000"}})
}

func (c *crowd) agents() []agentView {
	c.t.Helper()
	var list struct{ Agents []agentView }
	c.sup.do("GET", "/api/v1/agents", nil, &list)
	return slices.DeleteFunc(list.Agents, func(a agentView) bool { return c.phones[a.ID] == 0 }) // the supervisor could take calls too
}

// states lists the agents in a state.
func (c *crowd) states(state string) (ids []string) {
	for _, a := range c.agents() {
		if a.State == state {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// outcomes counts all calls by what became of them.
func (c *crowd) outcomes() map[string]int {
	c.t.Helper()
	counts := map[string]int{}
	for after := ""; ; {
		var page struct {
			Calls []callView
			Next  string
		}
		c.sup.do("GET", "/api/v1/calls?limit=200&from="+c.began.UTC().Format(time.RFC3339)+"&after="+after, nil, &page)
		for _, call := range page.Calls {
			counts[call.Outcome]++
		}
		if after = page.Next; after == "" {
			return counts
		}
	}
}

// everybodyEnds waits until so many calls are over and none is open.
func (c *crowd) everybodyEnds(calls int) {
	c.t.Helper()
	require.Eventually(c.t, func() bool {
		counts, all := c.outcomes(), 0
		for _, n := range counts {
			all += n
		}
		return all == calls && counts["open"] == 0
	}, crowdSoon, 100*time.Millisecond, "%v", c.outcomes())
}

// threeRings compares the day's figures with the timelines of the calls, and wants nearly all to be in time.
func (c *crowd) threeRings() {
	c.t.Helper()
	var list struct {
		Queues []struct {
			TargetMs int64 `json:"target_ms"`
			Today    struct {
				Answered     int
				InTime       int      `json:"in_time"`
				ServiceLevel *float64 `json:"service_level"`
			}
		}
	}
	var inTime int
	require.Eventually(c.t, func() bool {
		c.sup.do("GET", "/api/v1/queues", nil, &list)
		return list.Queues[0].Today.Answered == crowdCallers
	}, crowdSoon, 100*time.Millisecond)
	q := list.Queues[0]
	for _, d := range c.details() {
		heard := gaps(d, "queue.entered", "caller.hears")
		require.Len(c.t, heard, 1)
		if heard[0] <= time.Duration(q.TargetMs)*time.Millisecond {
			inTime++
		}
	}
	require.Equal(c.t, inTime, q.Today.InTime, "as the journal counts it")
	c.t.Logf("%.0f %% within three rings (%d ms)", 100**q.Today.ServiceLevel, q.TargetMs)
	require.GreaterOrEqual(c.t, *q.Today.ServiceLevel, .9)
}

// details reads the calls with all that happened in them.
func (c *crowd) details() (list []callDetail) {
	c.t.Helper()
	var page struct{ Calls []callView }
	c.sup.do("GET", "/api/v1/calls?limit=200&from="+c.began.UTC().Format(time.RFC3339), nil, &page)
	for _, call := range page.Calls {
		var d callDetail
		c.sup.do("GET", "/api/v1/calls/"+call.ID, nil, &d)
		list = append(list, d)
	}
	return list
}

// recovered checks what a start after a kill finds: who had missed a call is still set aside, all others can be rung or have
// missed one since, and no call is open.
func (c *crowd) recovered(missed []string) {
	c.t.Helper()
	for _, a := range c.agents() {
		states := []string{"missed"}
		if !slices.Contains(missed, a.ID) {
			states = append(states, "available")
		}
		require.Contains(c.t, states, a.State, "agent %s", a.ID)
	}
	require.Zero(c.t, c.outcomes()["open"], "no call stays open for ever")
	var queues struct{ Queues []struct{ Waiting int } }
	c.sup.do("GET", "/api/v1/queues", nil, &queues)
	require.Zero(c.t, queues.Queues[0].Waiting)
}

// allRest waits until everybody who picks up is available.
func (c *crowd) allRest() {
	c.t.Helper()
	for i := range crowdPhones {
		if !deaf(i) {
			c.sup.until(agentID(i), "available", 2*crowdSoon)
		}
	}
}
