package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"

	"threering/acd/journal"
	"threering/center"
)

var someAgent = journal.Target{Kind: journal.ToAgent, ID: "1002"}

// bodies are valid bodies of the operations that take one.
var bodies = map[string]any{
	"POST /api/v1/session":               map[string]string{"name": "1001", "password": "right"},
	"PUT /api/v1/agents/{id}/state":      map[string]string{"state": "break", "reason": "lunch"},
	"PUT /api/v1/calls/{id}/disposition": map[string]string{"reason": "order"},
	"POST /api/v1/calls":                 map[string]any{"to": someAgent},
	"POST /api/v1/calls/{id}/transfer":   map[string]any{"to": someAgent},
	"POST /api/v1/calls/{id}/consult":    map[string]any{"to": someAgent},
	"POST /api/v1/calls/{id}/help":       map[string]string{"text": "an angry caller"},
	"PUT /api/v1/calls/{id}/watch":       map[string]string{"mode": "listen"},
	"POST /api/v1/callbacks":             map[string]string{"call": "c1"},
	"POST /api/v1/calls/{id}/move":       map[string]string{"queue": "support"},
	"PUT /api/v1/calls/{id}/priority":    map[string]int{"priority": 2},
	"POST /api/v1/calls/{id}/take":       map[string]string{"agent": "1002"},
	"PUT /api/v1/agents/{id}/queues":     map[string]any{"tiers": map[string]int{"sales": 2}},
	"PUT /api/v1/agents/{id}/skills":     map[string]any{"skills": map[string]int{"english": 3}},
	"PUT /api/v1/queues/{name}":          map[string]bool{"open": false},
	"POST /api/v1/trunks/check":          map[string]string{"agent": "1001", "number": "13800138000"},
	"PUT /api/v1/center":                 "center:\n  name: 三声\n",
}

// who may do what, and on what a table's agent (1001) may do it
var table = []struct {
	route string
	path  string
	roles string
}{
	{"GET /api/v1/session", "/api/v1/session", "agent supervisor qa admin"},
	{"GET /api/v1/agents", "/api/v1/agents", "agent supervisor qa admin"},
	{"PUT /api/v1/agents/{id}/state", "/api/v1/agents/1001/state", "agent supervisor admin"},
	{"PUT /api/v1/agents/{id}/state", "/api/v1/agents/1002/state", "supervisor admin"},
	{"GET /api/v1/queues", "/api/v1/queues", "agent supervisor qa admin"},
	{"GET /api/v1/calls", "/api/v1/calls", "agent supervisor qa admin"},
	{"GET /api/v1/calls", "/api/v1/calls?agent=1002", "supervisor qa admin"},
	{"GET /api/v1/calls/{id}", "/api/v1/calls/c1", "agent supervisor qa admin"},
	{"GET /api/v1/calls/{id}", "/api/v1/calls/c2", "supervisor qa admin"},
	{"GET /api/v1/calls/{id}/explanation", "/api/v1/calls/c1/explanation", "agent supervisor qa admin"},
	{"GET /api/v1/calls/{id}/explanation", "/api/v1/calls/c2/explanation", "supervisor qa admin"},
	{"PUT /api/v1/calls/{id}/disposition", "/api/v1/calls/c1/disposition", "agent supervisor admin"},
	{"PUT /api/v1/calls/{id}/disposition", "/api/v1/calls/c2/disposition", "supervisor admin"},
	{"GET /api/v1/targets", "/api/v1/targets", "agent supervisor admin"},
	{"POST /api/v1/calls", "/api/v1/calls", "agent supervisor"},
	{"POST /api/v1/calls/{id}/transfer", "/api/v1/calls/c1/transfer", "agent supervisor admin"},
	{"POST /api/v1/calls/{id}/transfer", "/api/v1/calls/c2/transfer", "supervisor admin"},
	{"POST /api/v1/calls/{id}/consult", "/api/v1/calls/c1/consult", "agent supervisor admin"},
	{"POST /api/v1/calls/{id}/consult", "/api/v1/calls/c2/consult", "supervisor admin"},
	{"POST /api/v1/calls/{id}/return", "/api/v1/calls/c1/return", "agent supervisor admin"},
	{"POST /api/v1/calls/{id}/return", "/api/v1/calls/c2/return", "supervisor admin"},
	{"POST /api/v1/calls/{id}/complete", "/api/v1/calls/c1/complete", "agent supervisor admin"},
	{"POST /api/v1/calls/{id}/complete", "/api/v1/calls/c2/complete", "supervisor admin"},
	{"POST /api/v1/calls/{id}/conference", "/api/v1/calls/c1/conference", "agent supervisor admin"},
	{"POST /api/v1/calls/{id}/conference", "/api/v1/calls/c2/conference", "supervisor admin"},
	{"DELETE /api/v1/calls/{id}/guests/{guest}", "/api/v1/calls/c1/guests/1002", "agent supervisor admin"},
	{"DELETE /api/v1/calls/{id}/guests/{guest}", "/api/v1/calls/c2/guests/1001", "supervisor admin"},
	{"DELETE /api/v1/calls/{id}/help", "/api/v1/calls/c1/help", "agent supervisor admin"},
	{"DELETE /api/v1/calls/{id}/help", "/api/v1/calls/c2/help", "supervisor admin"},
	{"PUT /api/v1/calls/{id}/watch", "/api/v1/calls/c1/watch", "supervisor"},
	{"DELETE /api/v1/calls/{id}/watch", "/api/v1/calls/c1/watch", "supervisor"},
	{"GET /api/v1/callbacks", "/api/v1/callbacks", "supervisor admin"},
	{"DELETE /api/v1/callbacks/{id}", "/api/v1/callbacks/c1", "supervisor admin"},
	{"POST /api/v1/calls/{id}/move", "/api/v1/calls/c1/move", "supervisor admin"},
	{"PUT /api/v1/calls/{id}/priority", "/api/v1/calls/c1/priority", "supervisor admin"},
	{"POST /api/v1/calls/{id}/take", "/api/v1/calls/c1/take", "supervisor admin"},
	{"PUT /api/v1/agents/{id}/queues", "/api/v1/agents/1001/queues", "supervisor admin"},
	{"PUT /api/v1/agents/{id}/skills", "/api/v1/agents/1001/skills", "supervisor admin"},
	{"PUT /api/v1/queues/{name}", "/api/v1/queues/sales", "supervisor admin"},
	{"GET /api/v1/changes", "/api/v1/changes", "supervisor admin"},
	{"GET /api/v1/audio-quality", "/api/v1/audio-quality?by=device", "supervisor qa admin"},
	{"GET /api/v1/recordings", "/api/v1/recordings?call=c1", "agent supervisor qa admin"},
	{"GET /api/v1/recordings/{id}/audio", "/api/v1/recordings/r1/audio", "agent supervisor qa admin"},
	{"GET /api/v1/recordings/{id}/audio", "/api/v1/recordings/r2/audio", "supervisor qa admin"},
	{"GET /api/v1/customers", "/api/v1/customers?number=95588", "agent supervisor qa admin"},
	{"GET /api/v1/pop", "/api/v1/pop?number=95588", "agent supervisor qa admin"},
	{"GET /api/v1/center", "/api/v1/center", "admin"},
	{"PUT /api/v1/center", "/api/v1/center", "admin"},
	{"GET /api/v1/alarms", "/api/v1/alarms", "supervisor admin"},
	{"GET /api/v1/calls/{id}/ladder", "/api/v1/calls/c1/ladder", "supervisor qa admin"},
	{"GET /api/v1/trunks", "/api/v1/trunks", "supervisor admin"},
	{"GET /api/v1/trunks/news", "/api/v1/trunks/news", "supervisor admin"},
	{"POST /api/v1/trunks/check", "/api/v1/trunks/check", "supervisor admin"},
	{"GET /api/v1/gate", "/api/v1/gate", "supervisor admin"},
	{"DELETE /api/v1/gate/bans/{address}", "/api/v1/gate/bans/192.0.2.66", "supervisor admin"},
	{"DELETE /api/v1/session", "/api/v1/session", "agent supervisor qa admin"}, // last: it ends the session
}

// elsewhere are operations that tests of their own look at.
var elsewhere = []string{"POST /api/v1/session", "GET /api/v1/events", "POST /api/v1/calls/{id}/help", "POST /api/v1/callbacks"}

// operations are all that the API has, by "METHOD path".
func operations(h *house) map[string]*huma.Operation {
	all := map[string]*huma.Operation{}
	for path, item := range h.api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Put, item.Post, item.Delete, item.Patch, item.Head, item.Options, item.Trace} {
			if op != nil {
				all[op.Method+" "+path] = op
			}
		}
	}
	return all
}

func TestEveryOperationDeclaresItsRolesAndAsksForASession(t *testing.T) {
	h := open(t)
	all := operations(h)
	require.NotEmpty(t, all)
	fill := strings.NewReplacer("{id}", "c1")
	for route, op := range all {
		roles, declared := op.Metadata[rolesKey].([]center.Role)
		require.True(t, declared, route)
		method, path, _ := strings.Cut(route, " ")
		a := h.browser().do(method, fill.Replace(path), bodies[route])
		if route == "POST /api/v1/session" {
			require.Empty(t, roles)
			require.Equal(t, http.StatusOK, a.status)
			continue
		}
		require.NotEmpty(t, roles, route)
		require.Equal(t, http.StatusUnauthorized, a.status, route)
		require.Equal(t, "Sign in first.", a.json(t)["detail"], route)
	}
}

func TestAnOperationWithoutRolesIsForNobody(t *testing.T) {
	h := build(t)
	defer h.Close()
	mux := http.NewServeMux()
	h.newAPI(mux)
	huma.Get(h.api, "/api/forgotten", func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
	h.handler = h.sessions.LoadAndSave(mux)
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, httptest.NewRequest("GET", "/api/forgotten", nil))
	require.Equal(t, http.StatusForbidden, w.Code)
}

func TestRolesByRoute(t *testing.T) {
	h := open(t)
	seen := slices.Clone(elsewhere)
	for _, row := range table {
		seen = append(seen, row.route)
	}
	for route := range operations(h) {
		require.Contains(t, seen, route, "not in the table")
	}
	for person, role := range map[string]string{"1001": "agent", "2001": "supervisor", "3001": "qa", "9001": "admin"} {
		c := h.as(person)
		for _, row := range table {
			method, _, _ := strings.Cut(row.route, " ")
			a := c.do(method, row.path, bodies[row.route])
			if slices.Contains(strings.Fields(row.roles), role) {
				require.Less(t, a.status, 300, "%s %s %s: %s", role, method, row.path, a.body)
				continue
			}
			require.Equal(t, http.StatusForbidden, a.status, "%s %s %s", role, method, row.path)
			require.Equal(t, "application/problem+json", a.header.Get("Content-Type"))
		}
	}
}

func TestOpenAPI(t *testing.T) {
	h := open(t)
	a := h.browser().get(openapiPath)
	require.Equal(t, http.StatusOK, a.status)
	var doc struct {
		OpenAPI string
		Info    struct{ Title, Version string }
		Paths   map[string]map[string]struct {
			Security  []map[string][]string
			Responses map[string]any
		}
	}
	require.NoError(t, json.Unmarshal(a.body, &doc))
	require.True(t, strings.HasPrefix(doc.OpenAPI, "3.1."), doc.OpenAPI)
	require.Equal(t, "1.2.3", doc.Info.Version)
	for route := range operations(h) {
		method, path, _ := strings.Cut(route, " ")
		op, ok := doc.Paths[path][strings.ToLower(method)]
		require.True(t, ok, route)
		require.Equal(t, route != "POST /api/v1/session", len(op.Security) == 1, route)
		require.Contains(t, op.Responses, "401", route)
	}
}
