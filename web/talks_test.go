package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"threering/acd/floor"
	"threering/acd/journal"
	"threering/sip/trunk"
)

// to is the body of what goes to somebody.
func to(kind, id string) map[string]any {
	return map[string]any{"to": map[string]string{"kind": kind, "id": id}}
}

func TestWhatTheFloorIsAskedToDoWithATalk(t *testing.T) {
	h := open(t)
	agent, sup := h.as("1001"), h.as("2001")
	for _, row := range []struct {
		who          *client
		method, path string
		body         any
		status       int
		did          string
	}{
		{agent, "POST", "", to("number", "138 0013 8000"), 201, "place c1 for 1001 to number 138 0013 8000 again "},
		{agent, "POST", "/c1/transfer", to("queue", "sales"), 204, "transfer c1 for 1001 to queue sales"},
		{sup, "POST", "/c2/transfer", to("flow", "400"), 204, "transfer c2 for 2001 to flow 400"},
		{agent, "POST", "/c1/consult", to("agent", "1002"), 201, "consult c1 for 1001 to agent 1002"},
		{agent, "POST", "/c1/return", nil, 204, "return c1 for 1001"},
		{agent, "POST", "/c1/complete", nil, 204, "complete c1 for 1001"},
		{agent, "POST", "/c1/conference", nil, 204, "conference c1 for 1001"},
		{agent, "DELETE", "/c1/guests/+8613800138000", nil, 204, "remove c1 for 1001 +8613800138000"},
		{agent, "POST", "/c1/help", map[string]string{"text": "怎么退货"}, 204, "help c1 for 1001 怎么退货"},
		{agent, "POST", "/c1/help", map[string]string{}, 204, "help c1 for 1001 "},
		{agent, "DELETE", "/c1/help", nil, 204, "help is done c1 for 1001"},
		{sup, "PUT", "/c1/watch", map[string]string{"mode": "whisper"}, 204, "watch c1 for 2001 whisper"},
		{sup, "DELETE", "/c1/watch", nil, 204, "unwatch c1 for 2001"},
		{sup, "POST", "/c1/move", map[string]string{"queue": "support"}, 204, "move c1 for 2001 support"},
		{sup, "PUT", "/c1/priority", map[string]int{"priority": -1}, 204, "prioritise c1 for 2001 -1"},
		{sup, "POST", "/c1/take", map[string]string{"agent": "1002"}, 204, "take c1 for 2001 1002"},
	} {
		a := row.who.do(row.method, "/api/v1/calls"+row.path, row.body)
		require.Equal(t, row.status, a.status, "%s: %s", row.did, a.body)
		require.Equal(t, row.did, h.floor.last())
		if row.status == http.StatusCreated {
			require.Equal(t, "new", a.json(t)["id"])
		}
	}
	for path, body := range map[string]any{"transfer": to("agent", "1001"), "complete": nil, "help": map[string]string{}} {
		a := agent.do("POST", "/api/v1/calls/c2/"+path, body)
		require.Equal(t, http.StatusForbidden, a.status, path)
		require.Equal(t, "urn:threering:not_yours", a.json(t)["type"])
	}
	require.Equal(t, http.StatusNotFound, sup.do("POST", "/api/v1/calls/c9/complete", nil).status)
}

func TestACallIsTriedAgain(t *testing.T) {
	h := open(t)
	h.journal.Append(
		journal.Entry{Call: "o1", At: past(13, 0), Kind: journal.CallPlaced, Details: journal.Details{Agent: "1001", Number: "+8613700137000", Dialled: "137 0013 7000", Direction: journal.Out}},
		journal.Entry{Call: "o2", At: past(14, 0), Kind: journal.CallPlaced, Details: journal.Details{Agent: "1002", Number: "1002", Dialled: "1001", Direction: journal.Internal}},
		journal.Entry{Call: "o2", At: past(14, 0), Kind: journal.TalkStarted, Details: journal.Details{Agent: "1001"}},
	)
	require.NoError(t, h.journal.Flush(t.Context()))
	for _, row := range []struct{ person, call, number string }{
		{"1001", "c1", "+8613800138000"}, // who has called
		{"1001", "o1", "137 0013 7000"},  // who was called
		{"1002", "o2", "1001"},           // a colleague who was called
		{"1001", "o2", "1002"},           // … who has called
	} {
		a := h.as(row.person).do("POST", "/api/v1/calls", map[string]string{"again": row.call})
		require.Equal(t, http.StatusCreated, a.status, "%s", a.body)
		require.Equal(t, fmt.Sprintf("place c1 for %s to number %s again %s", row.person, row.number, row.call), h.floor.last())
	}
	require.Equal(t, http.StatusForbidden, h.as("1001").do("POST", "/api/v1/calls", map[string]string{"again": "c2"}).status)
	require.Equal(t, http.StatusNotFound, h.as("1001").do("POST", "/api/v1/calls", map[string]string{"again": "c9"}).status)
}

func TestTargetsByAPartOfTheirName(t *testing.T) {
	c := open(t).as("1001")
	for query, want := range map[string][]string{"": {"1002", "sales"}, "q=CHEN": {"1002"}, "q=销": {"sales"}, "q=100": {"1002"}, "q=none": nil, "limit=1": {"1002"}} {
		var got []string
		for _, x := range c.get("/api/v1/targets?" + query).json(t)["targets"].([]any) {
			got = append(got, x.(map[string]any)["id"].(string))
		}
		require.Equal(t, want, got, query)
	}
}

func TestBodiesThatAreNoneAreRefused(t *testing.T) {
	h := open(t)
	c := h.as("2001")
	for _, row := range []struct {
		method, path string
		body         any
	}{
		{"POST", "", map[string]any{}},
		{"POST", "", map[string]any{"to": map[string]string{"kind": "agent", "id": "1002"}, "again": "c1"}},
		{"POST", "", to("person", "1002")},
		{"POST", "", to("agent", "")},
		{"POST", "", to("number", strings.Repeat("1", 101))},
		{"POST", "", to("number", "138\r\nX: y")},
		{"POST", "/c1/transfer", map[string]any{}},
		{"POST", "/c1/transfer", to("number", "138\x00")},
		{"POST", "/c1/consult", to("trunk", "1")},
		{"POST", "/c1/help", map[string]string{"text": strings.Repeat("长", 501)}},
		{"PUT", "/c1/watch", map[string]string{"mode": "spy"}},
		{"PUT", "/c1/watch", map[string]string{}},
		{"POST", "/c1/move", map[string]string{"queue": ""}},
		{"PUT", "/c1/priority", map[string]int{"priority": 101}},
		{"PUT", "/c1/priority", map[string]string{"priority": "high"}},
		{"POST", "/c1/take", map[string]string{"agent": "1002", "colour": "blue"}},
	} {
		a := c.do(row.method, "/api/v1/calls"+row.path, row.body)
		require.Equal(t, http.StatusUnprocessableEntity, a.status, "%v: %s", row, a.body)
	}
	require.Empty(t, h.floor.did)
}

// Each refusal of the floor's has a status that the operation documents, a type of its own, and a sentence without names of ours.
func TestRefusalsCanBeToldApart(t *testing.T) {
	h := open(t)
	c := h.as("2001")
	for _, d := range denials() {
		h.floor.mu.Lock()
		h.floor.refuses = fmt.Errorf("the floor: %w: 1002", errors.Join(nil, d.err))
		h.floor.mu.Unlock()
		for _, a := range []answer{
			c.do("POST", "/api/v1/calls", to("agent", "1002")), c.do("POST", "/api/v1/calls/c1/transfer", to("agent", "1002")),
			c.do("PUT", "/api/v1/calls/c1/watch", map[string]string{"mode": "listen"}),
			c.do("POST", "/api/v1/calls/c1/move", map[string]string{"queue": "sales"}),
		} {
			require.Equal(t, d.status, a.status, d.word)
			require.Equal(t, "application/problem+json", a.header.Get("Content-Type"))
			require.Equal(t, denialPrefix+d.word, a.json(t)["type"])
			require.Equal(t, d.text, a.json(t)["detail"])
		}
	}
	h.floor.refuses = &trunk.Refusal{Reason: trunk.NoPrice, Text: "no trunk has a price for +999"}
	a := c.do("POST", "/api/v1/calls", to("number", "+999"))
	require.Equal(t, http.StatusForbidden, a.status)
	require.Equal(t, "urn:threering:out_destination", a.json(t)["type"])
	require.Equal(t, "No trunk has a price for +999.", a.json(t)["detail"])
	h.floor.refuses = floor.ErrClosed
	require.Equal(t, http.StatusServiceUnavailable, c.do("POST", "/api/v1/calls/c1/complete", nil).status)
}
