package web

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/journal"
	"threering/sip/trunk"
)

// fakeTrunks lets 1001 out, and nobody else.
type fakeTrunks struct{}

func (fakeTrunks) List() []trunk.View {
	return []trunk.View{{Name: "telecom", State: trunk.Up, Servers: []trunk.ServerView{}, Numbers: []string{}, Out: 2, OutMost: 10, Spent: 1.5, Spend: 100}}
}

func (fakeTrunks) Check(o trunk.Outgoing) (trunk.Verdict, error) {
	if o.Agent != "1001" {
		return trunk.Verdict{}, &trunk.Refusal{Reason: trunk.NotAllowed, Text: o.Agent + " may not call out"}
	}
	return trunk.Verdict{Trunk: "telecom", Called: "+86" + o.Number, Caller: "+861066557700", Price: 1200}, nil
}

func TestTrunks(t *testing.T) {
	h := open(t, func(c *Config) { c.Trunks = fakeTrunks{} })
	c := h.as("2001")
	list := c.get("/api/v1/trunks").json(t)["trunks"].([]any)
	require.Len(t, list, 1)
	require.Equal(t, "telecom", list[0].(map[string]any)["name"])
	require.EqualValues(t, 1.5, list[0].(map[string]any)["spent"])

	let := c.do("POST", "/api/v1/trunks/check", map[string]string{"agent": "1001", "number": "13800138000"})
	require.Equal(t, http.StatusOK, let.status)
	require.Equal(t, true, let.json(t)["allowed"])
	require.Equal(t, "+8613800138000", let.json(t)["called"])
	require.EqualValues(t, 0.12, let.json(t)["price"])

	refused := c.do("POST", "/api/v1/trunks/check", map[string]string{"agent": "1002", "number": "13800138000"}).json(t)
	require.Equal(t, false, refused["allowed"])
	require.Equal(t, "not_allowed", refused["reason"])
	require.Equal(t, "1002 may not call out.", refused["text"])
}

func TestNewsOfTrunks(t *testing.T) {
	h := open(t)
	h.journal.Append(journal.Entry{Call: "c9", At: time.Now(), Kind: journal.OutRefused, Details: journal.Details{Agent: "1002", Why: "spend"}})
	news := h.as("2001").get("/api/v1/trunks/news?days=2").json(t)["news"].([]any)
	require.Len(t, news, 1)
	require.Equal(t, "spend", news[0].(map[string]any)["why"])
	require.Equal(t, "c9", news[0].(map[string]any)["call"])
	require.Equal(t, http.StatusNotFound, h.as("2001").get("/api/v1/calls/c9").status, "there is no such call")
}

// TestAWithheldNumberIsNotForAgents: who wants to be anonymous is, to those who talk with them.
func TestAWithheldNumberIsNotForAgents(t *testing.T) {
	h := open(t)
	h.journal.Append(journal.Entry{Call: "c1", At: time.Now(), Kind: journal.CallerKnown, Details: journal.Details{Withheld: "13800138111"}})
	require.NoError(t, h.journal.Flush(t.Context()))
	require.NotContains(t, string(h.as("1001").get("/api/v1/calls/c1").body), "13800138111")
	require.Contains(t, string(h.as("2001").get("/api/v1/calls/c1").body), "13800138111")
}
