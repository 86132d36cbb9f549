package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"time"

	"threering/acd/sim"
	"threering/cmd/internal/bench"
)

// The names of settings that are more than one of many.
const (
	ours        = "threering"
	withoutMore = "threering without hedging"
	oneMiss     = "threering with one miss"
	twoMisses   = "threering with two misses"
	clairvoyant = "clairvoyant"
)

// bench is a run over all cases.
type comparison struct {
	base  *sim.Scenario
	calls int
	seeds uint64
	all   bool
	out   io.Writer
	runs  int
}

// miss is a way in which agents miss offers.
type miss struct {
	share  float64
	spells bool
}

func (m miss) String() string {
	how := "singly"
	if m.spells {
		how = "in spells"
	}
	return fmt.Sprintf("%.0f %% missed %s", 100*m.share, how)
}

func loads() []float64 { return []float64{.70, .85, .95} }
func misses() []miss   { return []miss{{.02, false}, {.02, true}, {.10, false}, {.10, true}} }

// scenario is the base with a load, a way to miss offers, and so long that enough callers come.
func (b *comparison) scenario(load float64, m miss, calls int) *sim.Scenario {
	s := *b.base
	s.Agents, s.Calls = slices.Clone(s.Agents), slices.Clone(s.Calls)
	if m.spells {
		s.Agents[0].Away.Share = m.share
	} else {
		s.Agents[0].Misses = m.share
	}
	c := &s.Calls[0]
	handling := c.Talk.Mean() + c.WrapUp.Mean()
	c.PerHour = load * float64(s.Agents[0].Count) / handling.Hours()
	s.Duration = time.Duration(float64(calls) / c.PerHour * float64(time.Hour))
	return &s
}

// run measures every case and prints what they come to.
func (b *comparison) run(ctx context.Context) error {
	var verdicts []verdict
	for _, load := range loads() {
		for _, m := range misses() {
			v, err := b.judge(ctx, load, m)
			if err != nil {
				return err
			}
			verdicts = append(verdicts, v)
		}
	}
	return b.print(verdicts)
}

// judge runs a case with each seed. The verdict is on all of them together, with how far the seeds differ.
func (b *comparison) judge(ctx context.Context, load float64, m miss) (verdict, error) {
	runs, err := b.runsOf(ctx, load, m, b.seeds)
	if err != nil {
		return verdict{}, err
	}
	return judge(load, m, runs), nil
}

// runsOf gives the results of a case with each seed.
func (b *comparison) runsOf(ctx context.Context, load float64, m miss, seeds uint64) (runs [][]sim.Result, err error) {
	for seed := range seeds {
		s := b.scenario(load, m, b.calls)
		s.Seed += seed
		results, err := s.Run(ctx, nil)
		if err != nil {
			return nil, err
		}
		b.runs += len(results)
		fmt.Fprintf(os.Stderr, "%.0f %% occupied, %s, seed %d\n", 100*load, m, s.Seed)
		if b.all {
			fmt.Fprintf(b.out, "\n## %.0f %% occupied by talk and wrap-up, %s, seed %d\n\n", 100*load, m, s.Seed)
			if err := sim.WriteTable(b.out, results, false); err != nil {
				return nil, err
			}
		}
		runs = append(runs, results)
	}
	return runs, nil
}

// time routes many calls on one core.
func (b *comparison) time(ctx context.Context, calls int) error {
	s := b.scenario(.85, miss{.02, false}, calls)
	s.Settings = slices.Clone(s.Settings[:1])
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	began := time.Now()
	results, err := s.Run(ctx, nil)
	if err != nil {
		return err
	}
	took := time.Since(began)
	n := results[0].Total.Offered
	fmt.Fprintf(b.out, "%d calls of %d agents on one core took %.1f s: %.1f µs a call; orders %s.\n",
		n, s.Agents[0].Count, took.Seconds(), float64(took.Microseconds())/float64(n), results[0].Hash)
	return nil
}

// print writes the verdicts as a table of Markdown.
func (b *comparison) print(verdicts []verdict) error {
	w := bench.NewTable(b.out)
	fmt.Fprintln(b.out)
	for _, line := range append([][]string{head(), rule()}, rows(verdicts)...) {
		bench.Row(w, line...)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print the verdicts: %w", err)
	}
	fmt.Fprintln(b.out, `
Occupied: talk and wrap-up of all who are signed on, also those away in a spell. Late: no person within the target, of those
who were still there. For nothing: rang beside somebody and was silenced; a phone at a desk where nobody was counts as
missed. In vain: picked up while another's answer was on its way, and was hung up on.`)
	return nil
}
