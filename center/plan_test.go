package center

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPlanIsWhatTheFloorHasToKnow(t *testing.T) {
	plan, err := applied(t).Plan(t.Context())
	require.NoError(t, err)
	require.Len(t, plan.Agents, 2, "Eve takes no calls")
	require.Equal(t, "ann", plan.Agents[0].ID)
	require.Equal(t, "Ann", plan.Agents[0].Name)
	require.Positive(t, plan.Agents[0].Skills["english"])
	require.Equal(t, "bob", plan.Agents[1].ID)
	require.Equal(t, "cn", plan.Cadence)
	require.Equal(t, "music", plan.Music)

	sales, english := plan.Queues[0], plan.Queues[1]
	require.Equal(t, []string{"ann", "bob"}, sales.Agents)
	require.Equal(t, []string{"", "english"}, []string{sales.Skill, english.Skill})
	require.Equal(t, "sales", sales.Title)
	require.True(t, sales.Announce)
	require.Equal(t, 15*time.Second, sales.Target)
	require.Equal(t, 11*time.Second, sales.OfferTimeout)
	require.Equal(t, 5*time.Minute, sales.MaxWait)
	require.Equal(t, 30*time.Second, sales.WrapUp)
	require.Equal(t, 2*time.Second, sales.Breather)

	require.Equal(t, []string{"ann"}, english.Agents, "by skill")
	require.False(t, english.Announce)
	require.Equal(t, 20*time.Second, english.OfferTimeout)
	require.Equal(t, 2*time.Minute, english.MaxWait)
	require.Zero(t, english.WrapUp)
}
