package main

import (
	"context"
	"fmt"
	"io"
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
	bench.Row(w, "agents", "occupied", "offers", "given up after", "told", "right %", "p90 of the waits, s")
	bench.Row(w, slices.Repeat([]string{"---"}, 7)...)
	for _, agents := range []int{5, 15, 50} {
		for _, load := range loads()[1:] {
			for _, m := range misses() {
				if err := b.tells(ctx, w, agents, load, m, 0); err != nil {
					return err
				}
			}
			if err := b.tells(ctx, w, agents, load, misses()[1], 4*time.Minute); err != nil {
				return err
			}
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print what callers were told: %w", err)
	}
	return nil
}

// tells prints a line of a team whose callers are told how long they will wait, and are given up after a while (0: never).
func (b *comparison) tells(ctx context.Context, w io.Writer, agents int, load float64, m miss, most time.Duration) error {
	base := *b.base
	base.Agents, base.Calls, base.Queues = slices.Clone(base.Agents), slices.Clone(base.Calls), slices.Clone(base.Queues)
	base.Agents[0].Count = agents
	base.Calls[0].Patience = sim.Exponential(15 * time.Minute)
	base.Queues[0].MaxWait = &most
	base.Queues[0].Tell = sim.Tell{Wait: true, Every: 30 * time.Second}
	base.Settings = base.Settings[:1]
	other := comparison{base: &base}
	results, err := other.scenario(load, m, b.calls/5).Run(ctx, nil)
	if err != nil {
		return err
	}
	f, right, givenUp := results[0].Total, "", "never"
	if most > 0 {
		givenUp = most.String()
	}
	if f.ToldRight != nil {
		right = fmt.Sprintf("%.1f", 100**f.ToldRight)
	}
	bench.Row(w, fmt.Sprint(agents), fmt.Sprintf("%.0f %%", 100*load), m.String(), givenUp, fmt.Sprint(f.Told), right, fmt.Sprintf("%.0f", float64(f.P90Ms)/1000))
	return nil
}
