//go:build linux

// Command benchmedia measures what a call costs the media engine. One process carries the calls on one core, this one
// is their phones on another, and a bare UDP relay of the same packets, measured in the same run, is the yardstick that
// all else is a ratio of. It measures package media and the recorder; signalling and what decides about calls it does not.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"threering/cmd/internal/bench"
)

// carry is the argument that makes the command the process under test.
const carry = "carry"

func main() {
	bench.Run("benchmedia", func(ctx context.Context, args []string) error {
		if len(args) == 1 && args[0] == carry {
			return serve(os.Stdin, os.Stdout)
		}
		return measure(ctx, args)
	})
}

// measure runs the plan that the arguments ask for and prints its figures.
func measure(ctx context.Context, args []string) error {
	p, out, err := parse(args)
	if err != nil {
		return err
	}
	if err := bench.RaiseFileLimit(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, p.most+time.Minute)
	defer cancel()
	f, err := p.run(ctx)
	if err != nil {
		return err
	}
	if err := f.print(os.Stdout); err != nil {
		return err
	}
	return bench.Save(f, out)
}

// parse reads the arguments: the plan, and the file for its figures as JSON.
func parse(args []string) (*plan, string, error) {
	flags := flag.NewFlagSet("benchmedia", flag.ExitOnError)
	calls := flags.String("calls", "100,200,400,800", "numbers of calls to measure at")
	cores := flags.String("cores", "0,1", "the core of the calls and the core of the phones")
	out := flags.String("json", "", "file to write the figures to as JSON")
	quick := flags.Bool("quick", false, "a run of a minute: 100 and 400 calls once, no search for the most")
	p := &plan{}
	flags.IntVar(&p.repeats, "repeats", 3, "how often each is measured, in turn")
	flags.DurationVar(&p.window, "window", 4*time.Second, "how long each is measured")
	flags.DurationVar(&p.most, "most", 8*time.Minute, "what is left undone after this time is left out")
	flags.StringVar(&p.dir, "dir", "", "folder for the recordings, removed afterwards (default: a temporary one)")
	if err := flags.Parse(args); err != nil {
		return nil, "", err
	}
	if *quick {
		p.quick, p.repeats, p.window, *calls = true, 1, 1500*time.Millisecond, "100,400"
	}
	var err error
	if p.core, p.loadCore, err = bench.Cores(*cores); err != nil {
		return nil, "", err
	}
	if p.calls, err = numbers(*calls); err != nil {
		return nil, "", fmt.Errorf("-calls %q: %w", *calls, err)
	}
	for _, n := range p.calls {
		if n < 1 || n > maxCalls {
			return nil, "", fmt.Errorf("-calls %q: want 1-%d", *calls, maxCalls)
		}
	}
	if p.repeats < 1 || p.window < time.Second {
		return nil, "", fmt.Errorf("-repeats %d, -window %s: want one at least, of a second at least", p.repeats, p.window)
	}
	return p, *out, nil
}

// numbers reads a list such as "100,200".
func numbers(list string) ([]int, error) {
	var all []int
	for word := range strings.SplitSeq(list, ",") {
		n, err := strconv.ParseUint(strings.TrimSpace(word), 10, 31)
		if err != nil {
			return nil, fmt.Errorf("%q: want a number", word)
		}
		all = append(all, int(n))
	}
	return all, nil
}
