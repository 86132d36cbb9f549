package web

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheMessagesOfACall(t *testing.T) {
	c := open(t).as("2001")
	a := c.get("/api/v1/calls/c1/ladder")
	require.Equal(t, http.StatusOK, a.status)
	body := a.json(t)
	require.Len(t, body["participants"], 2)
	require.Equal(t, "INVITE", body["messages"].([]any)[0].(map[string]any)["line"])
	for _, call := range []string{"c2", "nowhere"} {
		require.Equal(t, http.StatusNotFound, c.get("/api/v1/calls/"+call+"/ladder").status, call)
	}
}
