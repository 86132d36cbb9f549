package web

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/floor"
	"threering/acd/journal"
)

func TestCallbacksAndMissedCallers(t *testing.T) {
	h := open(t)
	at := past(11, 30)
	h.cfg.Journal.(*journal.Journal).Append(
		journal.Entry{Call: "m1", At: at, Kind: journal.CallArrived, Details: journal.Details{Number: "+8613600136000"}},
		journal.Entry{Call: "m1", At: at, Kind: journal.QueueEntered, Details: journal.Details{Queue: "sales"}},
		journal.Entry{Call: "m1", At: at.Add(time.Minute), Kind: journal.CallEnded, Details: journal.Details{Outcome: journal.Abandoned}},
	)
	require.NoError(t, h.cfg.Journal.Flush(t.Context()))
	sup := h.as("2001")
	get := func(query string) (body struct {
		Waiting []floor.CallbackView
		Missed  []journal.Call
	}) {
		a := sup.get("/api/v1/callbacks" + query)
		require.Equal(t, http.StatusOK, a.status, "%s", a.body)
		require.NoError(t, json.Unmarshal(a.body, &body))
		return body
	}
	body := get("?since=2020-01-01T00:00:00Z")
	require.Len(t, body.Waiting, 1)
	require.Equal(t, "13800000009", body.Waiting[0].Number)
	require.Len(t, body.Missed, 1)
	require.Equal(t, "m1", body.Missed[0].ID)
	ask := func(call string) answer { return sup.do("POST", "/api/v1/callbacks", map[string]string{"call": call}) }
	require.Equal(t, http.StatusNotFound, ask("nobody").status)
	require.Equal(t, http.StatusConflict, ask("c1").status, "who was spoken with was not missed")
	require.Equal(t, http.StatusUnprocessableEntity, sup.do("POST", "/api/v1/callbacks", map[string]string{}).status)
	for _, other := range []string{"1001", "3001"} {
		require.Equal(t, http.StatusForbidden, h.as(other).do("POST", "/api/v1/callbacks", map[string]string{"call": "m1"}).status, other)
	}
	a := ask("m1")
	require.Equal(t, http.StatusCreated, a.status, "%s", a.body)
	require.Equal(t, "b1", a.json(t)["call"])
	require.Equal(t, "call back m1 at +8613600136000 for 2001", h.floor.last())
	require.Empty(t, get("?since=2099-01-01T00:00:00Z").Missed)
	require.Equal(t, http.StatusNoContent, sup.do("DELETE", "/api/v1/callbacks/c1", nil).status)
	require.Contains(t, h.floor.last(), "drop")
}
