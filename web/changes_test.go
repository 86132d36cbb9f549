package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/journal"
)

func TestSupervisorsChangeAgentsAndQueues(t *testing.T) {
	h := open(t)
	c := h.as("2001")
	for _, row := range []struct {
		path string
		body any
		did  string
	}{
		{"agents/1001/state", map[string]string{"state": "offline"}, "set 1001 by 2001"},
		{"agents/1001/queues", map[string]any{"tiers": map[string]int{"sales": 1, "support": 10}}, "seat 1001 map[sales:1 support:10] by 2001"},
		{"agents/1001/queues", map[string]any{"tiers": map[string]int{}}, "seat 1001 map[] by 2001"},
		{"agents/1001/skills", map[string]any{"skills": map[string]int{"英语": 3}}, "skill 1001 map[英语:3] by 2001"},
		{"queues/sales", map[string]bool{"open": false}, "open sales false by 2001"},
	} {
		a := c.do("PUT", "/api/v1/"+row.path, row.body)
		require.Equal(t, http.StatusOK, a.status, "%s", a.body)
		require.Equal(t, row.did, h.floor.last())
	}
	h.floor.note("nothing")
	require.Equal(t, http.StatusOK, h.as("1001").do("PUT", "/api/v1/agents/1001/state", map[string]string{"state": "break"}).status)
	require.Equal(t, "nothing", h.floor.last(), "agents' own changes are told by their states")
}

func TestChangesThatMakeNoSenseAreRefused(t *testing.T) {
	h := open(t)
	c := h.as("2001")
	for _, row := range []struct {
		path   string
		body   any
		status int
		says   string
	}{
		{"agents/4711/queues", map[string]any{"tiers": map[string]int{}}, 404, "urn:threering:no_agent"},
		{"agents/4711/skills", map[string]any{"skills": map[string]int{}}, 404, "urn:threering:no_agent"},
		{"agents/4711/state", map[string]any{"state": "break"}, 404, "urn:threering:no_agent"},
		{"agents/1001/queues", map[string]any{"tiers": map[string]int{"none": 1}}, 404, "urn:threering:no_queue"},
		{"queues/none", map[string]bool{"open": true}, 404, "urn:threering:no_queue"},
		{"agents/1001/queues", map[string]any{"tiers": map[string]int{"sales": 0}}, 422, "body.tiers.sales"},
		{"agents/1001/queues", map[string]any{"tiers": map[string]int{"sales": 11}}, 422, "body.tiers.sales"},
		{"agents/1001/queues", map[string]any{"tiers": map[string]string{"sales": "first"}}, 422, "body.tiers"},
		{"agents/1001/queues", map[string]any{"tiers": nil}, 422, "body.tiers"},
		{"agents/1001/queues", map[string]any{}, 422, "tiers"},
		{"agents/1001/skills", map[string]any{"skills": map[string]int{"english": -1}}, 422, "body.skills.english"},
		{"agents/1001/skills", map[string]any{"skills": map[string]int{"two words": 1}}, 422, "body.skills"},
		{"agents/1001/skills", map[string]any{"skills": map[string]int{strings.Repeat("长", 41): 1}}, 422, "body.skills"},
		{"queues/sales", map[string]string{"open": "yes"}, 422, "body.open"},
		{"queues/sales", map[string]bool{}, 422, "open"},
	} {
		a := c.do("PUT", "/api/v1/"+row.path, row.body)
		require.Equal(t, row.status, a.status, "%v: %s", row, a.body)
		require.Contains(t, string(a.body), row.says)
	}
	require.Equal(t, "set 4711 by 2001", strings.Join(h.floor.did, "; "))
}

func TestWhoHasChangedWhat(t *testing.T) {
	h := open(t)
	now := time.Now().UTC()
	h.journal.Append(
		journal.Entry{At: now.AddDate(0, 0, -2), Kind: journal.QueueSet, Details: journal.Details{Queue: "sales", State: journal.QueueClosed, By: "2001"}},
		journal.Entry{At: now.Add(-time.Minute), Kind: journal.AgentSeated, Details: journal.Details{Agent: "1001", Queue: "sales", Tier: 2, By: "2001"}},
		journal.Entry{At: now, Kind: journal.AgentSkilled, Details: journal.Details{Agent: "1001", Skills: map[string]int{"english": 3}, By: "9001"}},
	)
	list := func(query string) (kinds []string) {
		for _, c := range h.as("2001").get("/api/v1/changes" + query).json(t)["changes"].([]any) {
			kinds = append(kinds, c.(map[string]any)["kind"].(string)+" by "+c.(map[string]any)["by"].(string))
		}
		return kinds
	}
	require.Equal(t, []string{"agent.skilled by 9001", "agent.seated by 2001"}, list(""))
	require.Equal(t, []string{"agent.skilled by 9001", "agent.seated by 2001", "queue.set by 2001"}, list("?days=3"))
	require.Equal(t, http.StatusUnprocessableEntity, h.as("2001").get("/api/v1/changes?days=99").status)
}
