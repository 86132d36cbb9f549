package web

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
)

func TestAgentsSeeNumbersOfTheirOwnCallsOnly(t *testing.T) {
	h := open(t)
	numbers := func(person string) (list []any) {
		for _, a := range h.as(person).get("/api/v1/agents").json(t)["agents"].([]any) {
			list = append(list, a.(map[string]any)["with"], a.(map[string]any)["call"])
		}
		return list
	}
	require.Equal(t, []any{"+8613800138000", "c1", nil, nil}, numbers("1001"))
	require.Equal(t, []any{"+8613800138000", "c1", "+8613900139000", "c2"}, numbers("3001"))
}

func TestAgentsSeeTheirOwnQueues(t *testing.T) {
	h := open(t)
	queues := func(person string) (names []any) {
		for _, q := range h.as(person).get("/api/v1/queues").json(t)["queues"].([]any) {
			names = append(names, q.(map[string]any)["name"])
		}
		return names
	}
	require.Equal(t, []any{"support"}, queues("1001"))
	require.Equal(t, []any{"sales", "support"}, queues("2001"))
}

func TestSetState(t *testing.T) {
	h := open(t)
	c := h.as("2001")
	a := c.do("PUT", "/api/v1/agents/1001/state", map[string]string{"state": "break", "reason": "training"})
	require.Equal(t, http.StatusOK, a.status)
	require.Equal(t, "break", a.json(t)["state"])
	require.Equal(t, brain.Break, h.floor.agent("1001").State)
	require.Equal(t, "training", h.floor.agent("1001").Reason)
	require.Equal(t, http.StatusNotFound, c.do("PUT", "/api/v1/agents/4711/state", map[string]string{"state": "break"}).status)

	a = c.do("PUT", "/api/v1/agents/1001/state", map[string]string{"state": "talking"})
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Contains(t, string(a.body), "available")
}

func TestQueuesTellHowTheyHaveDoneToday(t *testing.T) {
	queues := open(t).as("2001").get("/api/v1/queues").json(t)["queues"].([]any)
	require.Equal(t, map[string]any{
		"offered": 10.0, "answered": 8.0, "in_time": 7.0, "abandoned": 2.0, "short_abandoned": 2.0, "service_level": 0.875, "asa_ms": 5000.0,
	}, queues[0].(map[string]any)["today"])
	require.Equal(t, map[string]any{
		"offered": 0.0, "answered": 0.0, "in_time": 0.0, "abandoned": 0.0, "short_abandoned": 0.0, "service_level": nil, "asa_ms": nil,
	}, queues[1].(map[string]any)["today"])
	require.EqualValues(t, 15_000, queues[0].(map[string]any)["target_ms"])
}
