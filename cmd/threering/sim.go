package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"threering/acd/sim"
)

func simCommand() *cobra.Command {
	var csvFile, jsonFile string
	var halfHours bool
	cmd := &cobra.Command{
		Use:   "sim SCENARIO.yaml",
		Short: "Simulate a center: who waits how long, with these callers, agents and settings",
		Long: `Sim sends the callers of a scenario through the routing that serves live calls, and through models of other products
where the scenario asks for them: every setting meets the same callers and the same agents. It prints a line for each
setting, and a fingerprint of all its orders: the same scenario and seed give the same.

  in time      heard a person within the target, of all but those who hung up within 5 seconds
  late         still had no person when the target had passed, of those who were still there
  phones       alerted for a call; missed: rang out, or nobody was there; for nothing: rang beside somebody, and were silenced
  in vain      agents who picked up and heard nobody
  overtakes    calls offered past one that came before in the same queue and priority
  told right   of the bounds of their wait that callers were told, where the queue says tell: {wait: true}`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := sim.Load(args[0])
			if err != nil {
				return err
			}
			if seed := cmd.Flags().Lookup("seed"); seed.Changed {
				if s.Seed, err = cmd.Flags().GetUint64("seed"); err != nil {
					return err
				}
			}
			bar := newProgressBar(cmd.ErrOrStderr())
			results, err := s.Run(cmd.Context(), bar.show)
			bar.clear()
			if err != nil {
				return err
			}
			if err := sim.WriteTable(cmd.OutOrStdout(), results, halfHours); err != nil {
				return err
			}
			return errors.Join(
				writeFile(csvFile, func(to io.Writer) error { return sim.WriteCSV(to, results) }),
				writeFile(jsonFile, func(to io.Writer) error { return s.WriteJSON(to, results) }))
		},
	}
	cmd.Flags().StringVar(&csvFile, "csv", "", "file to write all figures to as CSV")
	cmd.Flags().StringVar(&jsonFile, "json", "", "file to write all figures to as JSON")
	cmd.Flags().BoolVar(&halfHours, "half-hours", false, "print each half hour too")
	cmd.Flags().Uint64("seed", 1, "of the random numbers, in the place of the scenario's")
	return cmd
}

func staffCommand() *cobra.Command {
	var level float64
	cmd := &cobra.Command{
		Use:   "staff SCENARIO.yaml",
		Short: "Say how many agents each half hour needs, by Erlang C and by simulation",
		Long: `Staff works out, for each queue and half hour of a scenario, how many agents are needed for a share of the callers to
hear a person within the queue's target: by Erlang C, which knows no ringing, no misses and no impatience, and by trying
numbers of agents in simulation. Each queue is taken as if its agents served it alone.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !(level > 0 && level < 100) {
				return fmt.Errorf("--level: found %g; allowed: above 0 and below 100", level)
			}
			s, err := sim.Load(args[0])
			if err != nil {
				return err
			}
			bar := newProgressBar(cmd.ErrOrStderr())
			all, err := s.Staff(cmd.Context(), level/100, bar.show)
			bar.clear()
			if err != nil {
				return err
			}
			return sim.WriteStaff(cmd.OutOrStdout(), all, level/100)
		},
	}
	cmd.Flags().Float64Var(&level, "level", 90, "share of the callers who should hear a person in time, in percent")
	return cmd
}

// writeFile writes a file, if one is named.
func writeFile(name string, write func(io.Writer) error) error {
	if name == "" {
		return nil
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// progressBar is one line on a terminal; elsewhere it is nothing.
type progressBar struct {
	to io.Writer // nil: no terminal

	mu    sync.Mutex // guards shown
	shown int        // percent
}

const barWidth = 40

func newProgressBar(to io.Writer) *progressBar {
	bar := &progressBar{shown: -1}
	if f, ok := to.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			bar.to = to
		}
	}
	return bar
}

func (b *progressBar) show(done, all int) {
	if b.to == nil || all == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if percent := 100 * done / all; percent > b.shown {
		b.shown = percent
		full := strings.Repeat("█", percent*barWidth/100)
		fmt.Fprintf(b.to, "\r%s%s %3d %%", full, strings.Repeat("░", barWidth-percent*barWidth/100), percent)
	}
}

// clear takes the bar away.
func (b *progressBar) clear() {
	if b.to != nil {
		fmt.Fprint(b.to, "\r", strings.Repeat(" ", barWidth+6), "\r")
	}
}
