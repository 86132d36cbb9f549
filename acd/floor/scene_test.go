package floor

import (
	"testing"

	"github.com/stretchr/testify/require"

	"threering/acd/journal"
	"threering/sip/softphone"
)

// inTalk is a house in which a caller talks with 1001, the first of the agents.
func inTalk(t *testing.T, agents ...string) (h *house, id string, caller, agent *softphone.Call) {
	t.Helper()
	h = open(t, nil, agents...)
	caller, agent = h.talking("13800000001", agents[0])
	return h, h.only(), caller, agent
}

// inHouseTalk is a house of three agents, of whom the first has called the second.
func inHouseTalk(t *testing.T) (h *house, id string, from, to *softphone.Call) {
	t.Helper()
	h = open(t, nil, "1001", "1002", "1003")
	from, to = h.colleagues("1001", "1002")
	return h, h.only(), from, to
}

// together has each of two hear a tone, which is the other's where they talk with each other.
func (h *house) together(one *softphone.Call, hears float64, other *softphone.Call, hearsToo float64) {
	h.t.Helper()
	require.True(h.t, one.Hears(hears, soon), "the first hears %v Hz", hears)
	require.True(h.t, other.Hears(hearsToo, soon), "the second hears %v Hz", hearsToo)
}

// consults has an agent consult another about their call, and gives the consultation.
func (h *house) consults(of, agent, whom string) string {
	h.t.Helper()
	id, err := h.floor.Consult(h.t.Context(), of, Asker{Person: agent}, Target{Kind: journal.ToAgent, ID: whom})
	require.NoError(h.t, err)
	return id
}
