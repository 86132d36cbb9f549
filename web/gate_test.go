package web

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheGateIsSeenAndBansAreLifted(t *testing.T) {
	c := open(t).as("2001")
	a := c.get("/api/v1/gate")
	require.Equal(t, http.StatusOK, a.status)
	body := a.json(t)
	ban := body["bans"].([]any)[0].(map[string]any)
	require.Equal(t, "192.0.2.66", ban["address"])
	require.Equal(t, "password", ban["why"])
	require.EqualValues(t, 7, body["turned"].(map[string]any)["banned"])
	require.Equal(t, http.StatusNoContent, c.do("DELETE", "/api/v1/gate/bans/192.0.2.66", nil).status)
	require.Equal(t, http.StatusNotFound, c.do("DELETE", "/api/v1/gate/bans/192.0.2.67", nil).status)
	require.Equal(t, http.StatusUnprocessableEntity, c.do("DELETE", "/api/v1/gate/bans/somewhere", nil).status)
}
