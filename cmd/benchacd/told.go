package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"threering/acd/sim"
	"threering/cmd/internal/bench"
)

// told measures how often what callers are told of their wait is right: after 20 s and every half minute from then on, by teams
// small and large, where callers have the patience to wait for long.
func (b *comparison) told(ctx context.Context) error {
	w := bench.NewTable(b.out)
	fmt.Fprintln(b.out)
	bench.Row(w, "agents", "occupied", "offers", "told", "right %", "p90 of the waits, s")
	bench.Row(w, slices.Repeat([]string{"---"}, 6)...)
	for _, agents := range []int{5, 15, 50} {
		for _, load := range loads()[1:] {
			for _, m := range misses() {
				f, err := b.tellsOf(ctx, agents, load, m)
				if err != nil {
					return err
				}
				right := ""
				if f.ToldRight != nil {
					right = fmt.Sprintf("%.1f", 100**f.ToldRight)
				}
				bench.Row(w, fmt.Sprint(agents), fmt.Sprintf("%.0f %%", 100*load), m.String(), fmt.Sprint(f.Told), right, fmt.Sprintf("%.0f", float64(f.P90Ms)/1000))
			}
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print what callers were told: %w", err)
	}
	return nil
}

// tellsOf are the figures of a team where callers are told how long they will wait.
func (b *comparison) tellsOf(ctx context.Context, agents int, load float64, m miss) (sim.Figures, error) {
	base := *b.base
	base.Agents, base.Calls, base.Queues = slices.Clone(base.Agents), slices.Clone(base.Calls), slices.Clone(base.Queues)
	base.Agents[0].Count = agents
	base.Calls[0].Patience = sim.Exponential(15 * time.Minute)
	base.Queues[0].Tell = sim.Tell{Wait: true, Every: 30 * time.Second}
	base.Settings = base.Settings[:1]
	other := comparison{base: &base}
	results, err := other.scenario(load, m, b.calls/5).Run(ctx, nil)
	if err != nil {
		return sim.Figures{}, err
	}
	return results[0].Total, nil
}
