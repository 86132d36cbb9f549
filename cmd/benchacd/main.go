// Command benchacd measures how the routing does beside other products: the same callers and agents, at several loads and
// with agents who miss offers singly or in spells, are routed by the brain that serves live calls, by models of the others
// as they are shipped and as a good administrator would tune them, and by a clairvoyant who serves first come first served.
// It says which of the product's own promises are kept, and how long a million calls take on one core.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"

	"threering/acd/sim"
	"threering/cmd/internal/bench"
)

func main() { bench.Run("benchacd", measure) }

func measure(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("benchacd", flag.ExitOnError)
	file := flags.String("scenario", "testdata/sim/bench.yaml", "the team, the queue and the ways to route")
	calls := flags.Int("calls", 100_000, "calls at each load and way to miss offers")
	seeds := flags.Uint64("seeds", 3, "as often, with other callers and agents")
	timed := flags.Int("timed", 1_000_000, "calls that are timed on one core")
	all := flags.Bool("all", false, "print all figures of every way to route, not only what they come to")
	longest := flags.Uint64("longest", 0, "so many seeds for the longest waits where agents are not to spare and miss offers singly, and nothing else; 0: all else")
	told := flags.Bool("told", false, "how often what callers are told of their wait is right, and nothing else")
	if err := flags.Parse(args); err != nil {
		return err
	}
	base, err := sim.Load(*file)
	if err != nil {
		return err
	}
	b := comparison{base: base, calls: *calls, seeds: max(*seeds, 1), all: *all, out: os.Stdout}
	if *longest > 0 {
		return b.longest(ctx, *longest)
	}
	if *told {
		return b.told(ctx)
	}
	began := time.Now()
	if err := b.run(ctx); err != nil {
		return err
	}
	fmt.Printf("\n%d settings of %d calls each took %s with %d cores.\n", b.runs, *calls, time.Since(began).Round(time.Second), runtime.NumCPU())
	if err := b.told(ctx); err != nil {
		return err
	}
	return b.time(ctx, *timed)
}
