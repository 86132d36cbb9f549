//go:build linux

// Command benchsip measures what signalling costs. The built server runs on one core, this process is its callers, phones
// and attackers on another. It finds the most calls a second that are answered and hung up without a repetition, how long
// a caller waits for the ringing at half of that, and whether calls in progress lose anything while thousands of phones
// register or junk floods in.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"threering/cmd/internal/bench"
)

func main() { bench.Run("benchsip", measure) }

// A plan is what is measured, and for how long.
type plan struct {
	binary         string
	core, loadCore int
	first          int           // calls a second at which the search begins
	window         time.Duration // of each rate
	half           time.Duration // at half the most
	calls          int           // in progress
	phones         int           // that register in a minute
	registering    time.Duration
	flood          time.Duration
	junk           int           // packets a second
	agents         int           // whose phones are called
	waiting        int           // callers beside those who talk with them
	turns          float64       // talks that end in a second
	offers         time.Duration // how long that is measured
	parts          string
	rate           int           // > 0: only this rate
	most           time.Duration // bounds the whole
}

func parse(args []string) (*plan, string, error) {
	flags := flag.NewFlagSet("benchsip", flag.ExitOnError)
	p := &plan{most: 8 * time.Minute}
	cores := flags.String("cores", "0,1", "the core of the server and the core of the load")
	out := flags.String("json", "", "file to write the figures to as JSON")
	quick := flags.Bool("quick", false, "a run of a minute, with fewer phones and shorter windows")
	flags.StringVar(&p.binary, "binary", "./threering", "the built server")
	flags.IntVar(&p.first, "first", 400, "calls a second at which the search for the most begins")
	flags.DurationVar(&p.window, "window", 5*time.Second, "how long each rate is held")
	flags.DurationVar(&p.half, "half", 20*time.Second, "how long half the most is held")
	flags.IntVar(&p.calls, "calls", 200, "calls in progress beside phones and junk")
	flags.IntVar(&p.phones, "phones", 10_000, "phones that register in a minute")
	flags.DurationVar(&p.registering, "registering", time.Minute, "how long phones register")
	flags.DurationVar(&p.flood, "flood", 20*time.Second, "how long the flood lasts")
	flags.IntVar(&p.junk, "junk", 20_000, "packets of the flood a second")
	flags.IntVar(&p.agents, "agents", 500, "agents who talk")
	flags.IntVar(&p.waiting, "waiting", 1000, "calls that wait for them")
	flags.Float64Var(&p.turns, "turns", 10, "talks that end in a second")
	flags.DurationVar(&p.offers, "offers", time.Minute, "how long agents who become free are rung")
	flags.StringVar(&p.parts, "parts", "calls,phones,flood", "what is measured; also: offers")
	flags.IntVar(&p.rate, "rate", 0, "hold this many calls a second for -half instead of searching")
	if err := flags.Parse(args); err != nil {
		return nil, "", err
	}
	if *quick {
		p.window, p.half, p.phones, p.registering, p.flood, p.offers = 2*time.Second, 4*time.Second, 1000, 6*time.Second, 5*time.Second, 15*time.Second
	}
	var err error
	if p.binary, err = filepath.Abs(p.binary); err != nil { // the server runs in a folder of its own
		return nil, "", err
	}
	if p.core, p.loadCore, err = bench.Cores(*cores); err != nil {
		return nil, "", err
	}
	if p.first < 1 || p.calls < 1 || p.calls > 1000 || p.phones < 1 || p.phones > 50_000 || p.window < time.Second || p.agents < 1 || p.waiting < 1 || p.turns <= 0 {
		return nil, "", fmt.Errorf("a number is out of bounds: see -h")
	}
	return p, *out, nil
}

func (p *plan) has(part string) bool { return strings.Contains(","+p.parts+",", ","+part+",") }

// measure runs the plan that the arguments ask for and prints its figures.
func measure(ctx context.Context, args []string) error {
	p, out, err := parse(args)
	if err != nil {
		return err
	}
	if err := bench.RaiseFileLimit(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, p.most)
	defer cancel()
	f, err := p.run(ctx)
	if err != nil {
		return err
	}
	f.print(os.Stdout)
	return bench.Save(f, out)
}

func name(n int) string { return strconv.Itoa(100_000 + n) }
