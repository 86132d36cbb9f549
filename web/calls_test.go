package web

import (
	"database/sql"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"threering/crm"
)

// ids are those of the calls on a page.
func ids(t *testing.T, a answer) (list []any) {
	t.Helper()
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	for _, c := range a.json(t)["calls"].([]any) {
		list = append(list, c.(map[string]any)["id"])
	}
	return list
}

func TestCallsByFilter(t *testing.T) {
	h := open(t)
	c := h.as("3001")
	for query, want := range map[string][]any{
		"":              {"c3", "c2", "c1"},
		"agent=1002":    {"c2"},
		"queue=support": {"c1"},
		"outcome=menu":  {"c3"},
		"number=" + url.QueryEscape("138 0013 8000"): {"c1"}, // as people write it
		"number=95588":                         {"c3"},
		"from=2026-11-20T11:00:00Z":            {"c3", "c2"},
		"to=2026-11-20T19:00:00%2B08:00":       {"c1"}, // before 11:00 UTC
		"from=2026-11-20T11:00:00Z&agent=1001": nil,
	} {
		require.Equal(t, want, ids(t, c.get("/api/v1/calls?"+query)), query)
	}
	for _, query := range []string{"outcome=lost", "from=yesterday", "limit=0", "limit=201", "after=nothing"} {
		require.Equal(t, http.StatusUnprocessableEntity, c.get("/api/v1/calls?"+query).status, query)
	}
	require.Equal(t, []any{"c1"}, ids(t, h.as("1001").get("/api/v1/calls")), "agents see their own")
}

func TestCallsByTheCallersName(t *testing.T) {
	h := open(t)
	part := crm.Part{Country: "CN", Customers: []crm.Customer{{ID: "k1", Name: "Anna Smith", Numbers: []string{"138 0013 8000"}}}}
	require.NoError(t, h.cfg.DB.Tx(t.Context(), func(tx *sql.Tx) error { return crm.Apply(t.Context(), tx, part) }))
	c := h.as("3001")
	require.Equal(t, []any{"c1"}, ids(t, c.get("/api/v1/calls?name=smi")))
	require.Nil(t, ids(t, c.get("/api/v1/calls?name=nobody")))
}

func TestCallsByPage(t *testing.T) {
	c := open(t).as("2001")
	first := c.get("/api/v1/calls?limit=2")
	require.Equal(t, []any{"c3", "c2"}, ids(t, first))
	require.Equal(t, "c2", first.json(t)["next"])
	second := c.get("/api/v1/calls?limit=2&after=c2")
	require.Equal(t, []any{"c1"}, ids(t, second))
	require.Equal(t, "", second.json(t)["next"])
	require.Equal(t, "", c.get("/api/v1/calls?limit=3").json(t)["next"])
}

func TestCallWithItsTimelineAndRecordings(t *testing.T) {
	h := open(t)
	c := h.as("1002")
	call := c.get("/api/v1/calls/c2").json(t)
	require.Equal(t, "+8613900139000", call["call"].(map[string]any)["number"])
	require.Len(t, call["timeline"], 4)
	require.Equal(t, "call.arrived", call["timeline"].([]any)[0].(map[string]any)["kind"])
	require.Equal(t, "r2", call["recordings"].([]any)[0].(map[string]any)["id"])
	a := c.get("/api/v1/calls/none")
	require.Equal(t, http.StatusNotFound, a.status)
	require.Equal(t, "No such call.", a.json(t)["detail"])
}

func TestACallIsExplainedToWhoMaySeeIt(t *testing.T) {
	h := open(t)
	lines := func(a answer) []any {
		require.Equal(t, http.StatusOK, a.status, "%s", a.body)
		return a.json(t)["lines"].([]any)
	}
	said := lines(h.as("3001").get("/api/v1/calls/c1/explanation"))
	require.NotEmpty(t, said)
	require.NotEqual(t, said, lines(h.as("1001").get("/api/v1/calls/c1/explanation?language=zh")))
	require.Equal(t, http.StatusForbidden, h.as("1001").get("/api/v1/calls/c2/explanation").status)
	require.Equal(t, http.StatusNotFound, h.as("3001").get("/api/v1/calls/none/explanation").status)
	require.Equal(t, http.StatusUnprocessableEntity, h.as("3001").get("/api/v1/calls/c1/explanation?language=fr").status)
}
