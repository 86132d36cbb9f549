package main

import (
	"context"
	"fmt"
	"math"
	"slices"

	"threering/acd/sim"
	"threering/cmd/internal/bench"
)

// pairs are a figure of ours and of another with the same callers, in seconds, one of each seed.
type pairs struct{ ours, other []float64 }

func (p *pairs) add(ours, other int64) {
	p.ours, p.other = append(p.ours, float64(ours)/1000), append(p.other, float64(other)/1000)
}

// text is both means, by how much ours is more, in hundredths of the other, and the standard error of that.
func (p *pairs) text() (ours, other, more string) {
	x, y := mean(p.ours), mean(p.other)
	var squares float64
	for i := range p.ours {
		d := p.ours[i] - p.other[i] - (x - y)
		squares += d * d
	}
	n := float64(len(p.ours))
	spread := math.Sqrt(squares / max(n-1, 1) / n)
	return fmt.Sprintf("%.1f", x), fmt.Sprintf("%.1f", y), fmt.Sprintf("%+.1f ± %.1f", 100*(x-y)/y, 100*spread/y)
}

func mean(list []float64) (sum float64) {
	for _, x := range list {
		sum += x
	}
	return sum / float64(len(list))
}

// longest compares the longest wait of each seed, and that of one in a thousand, where agents are not to spare. The others
// are those that have the fewest late of all, and of those that ring for nothing no more than ours may.
func (b *comparison) longest(ctx context.Context, seeds uint64) error {
	w := bench.NewTable(b.out)
	fmt.Fprintln(b.out)
	head := []string{"occupied", "offers", "beside", "longest s", "theirs", "more %", "p99.9 s", "theirs", "more %"}
	bench.Row(w, head...)
	bench.Row(w, slices.Repeat([]string{"---"}, len(head))...)
	load := loads()[len(loads())-1]
	for _, m := range misses() {
		if m.spells { // the others' longest waits are ten times ours there
			continue
		}
		runs, err := b.runsOf(ctx, load, m, seeds)
		if err != nil {
			return err
		}
		v := weigh(load, m, pooled(runs))
		for _, other := range slices.Compact([]string{v.best.Setting, v.bestAny.Setting}) {
			bench.Row(w, append([]string{fmt.Sprintf("%.0f %%", 100*load), m.String(), other}, waits(runs, other)...)...)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print the longest waits: %w", err)
	}
	return nil
}

// waits are the cells of the longest waits and of those of one in a thousand.
func waits(runs [][]sim.Result, other string) (cells []string) {
	var longest, most pairs
	for _, run := range runs {
		var x, y sim.Figures
		for _, r := range run {
			switch r.Setting {
			case ours:
				x = r.Total
			case other:
				y = r.Total
			}
		}
		longest.add(x.LongestMs, y.LongestMs)
		most.add(x.P999Ms, y.P999Ms)
	}
	for _, p := range []pairs{longest, most} {
		one, two, more := p.text()
		cells = append(cells, one, two, more)
	}
	return cells
}
