// Package bench is what the commands that measure have in common: how they are run, the machine they measure on, and the tables
// that they print.
package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Run runs a command with the process's arguments until it has measured or somebody stops it. It ends the process where that fails.
func Run(name string, measure func(ctx context.Context, args []string) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := measure(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

// Cores reads two different cores, as in "0,1": that of what is measured, and that of the load.
func Cores(text string) (measured, load int, err error) {
	n, err := fmt.Sscanf(text, "%d,%d", &measured, &load)
	if err != nil || n != 2 || measured == load || measured < 0 || load < 0 {
		return 0, 0, fmt.Errorf("-cores %q: want two different cores, as in 0,1", text)
	}
	return measured, load, nil
}

// Save writes figures into a file, as JSON; into none where it has no name.
func Save(figures any, file string) error {
	if file == "" {
		return nil
	}
	text, err := json.MarshalIndent(figures, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the figures: %w", err)
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}

// MS is a duration in milliseconds.
func MS(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
