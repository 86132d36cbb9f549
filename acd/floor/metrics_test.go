package floor

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"threering/acd/brain"
)

func TestAgentsAreCountedByState(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	m := NewMetrics(reg)
	count := func() map[string]float64 {
		list, err := reg.Gather()
		require.NoError(t, err)
		states := map[string]float64{}
		for _, family := range list {
			if family.GetName() != "threering_agents" {
				continue
			}
			for _, g := range family.GetMetric() {
				states[g.GetLabel()[0].GetValue()] = g.GetGauge().GetValue()
			}
		}
		return states
	}
	require.Len(t, count(), 7, "those that nobody is in too")
	for range 3 {
		m.agent("", brain.Offline)
	}
	m.agent(brain.Offline, brain.Available)
	m.agent(brain.Offline, "")
	require.Equal(t, []float64{1, 1, 0}, []float64{count()["offline"], count()["available"], count()["break"]})
}
