package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"threering/acd/replay"
	"threering/center"
	"threering/config"
	"threering/store"
)

// errDiffers says that the brain would order something else today.
var errDiffers = errors.New("the orders are not the same")

// version is what this program was built from: its module's version or the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return info.Main.Version
}

func replayCommand() *cobra.Command {
	var day string
	var print bool
	cmd := &cobra.Command{
		Use:   "replay [--day YYYY-MM-DD]",
		Short: "Decide a day again, and say whether the same calls would ring the same agents",
		Long: `Replay reads what the routing was told on a day, lets this version of it decide again, and compares the orders.
It fails where they differ: after an update that is what the update changed. A running server may go on meanwhile.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDatabase(cmd, false, func(ctx context.Context, _ config.Settings, db *store.DB) error {
				zone, err := timeZone(ctx, db)
				if err != nil {
					return err
				}
				from, err := dayIn(zone, day)
				if err != nil {
					return err
				}
				p := player{out: cmd.OutOrStdout(), zone: zone, all: print}
				return p.play(ctx, db, from, from.AddDate(0, 0, 1))
			})
		},
	}
	cmd.Flags().StringVar(&day, "day", "", "the day, in the center's time zone (today if not given)")
	cmd.Flags().BoolVar(&print, "print", false, "print every step, not only those that differ")
	return cmd
}

// timeZone is the center's.
func timeZone(ctx context.Context, db *store.DB) (*time.Location, error) {
	c, err := center.Open(ctx, center.Config{DB: db})
	if err != nil {
		return nil, err
	}
	doc, err := c.Document(ctx)
	if err != nil {
		return nil, err
	}
	return time.LoadLocation(doc.Center.TimeZone)
}

// dayIn is the first moment of a day; today's for none.
func dayIn(zone *time.Location, day string) (time.Time, error) {
	if day == "" {
		day = time.Now().In(zone).Format(time.DateOnly)
	}
	from, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		return from, fmt.Errorf("--day: %q is no day: write it as 2026-11-30", day)
	}
	return from, nil
}

// player prints what comes of deciding again.
type player struct {
	out  io.Writer
	zone *time.Location
	all  bool // print also what is the same

	steps, orders, differ int
}

func (p *player) play(ctx context.Context, db *store.DB, from, to time.Time) error {
	runs, err := replay.Runs(ctx, db, from, to)
	if err != nil {
		return err
	}
	for _, r := range runs {
		if r.Version != version() {
			fmt.Fprintf(p.out, "what ran from %s on was version %s; this is %s\n", r.Began.In(p.zone).Format(time.DateTime), r.Version, version())
		}
		err := r.Replay(ctx, to, func(d replay.Decision) error {
			if !d.Time.Before(from) {
				p.count(d)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	fmt.Fprintf(p.out, "%s: %d starts of the server, %d steps, %d orders, %d steps differ\n",
		from.Format(time.DateOnly), len(runs), p.steps, p.orders, p.differ)
	if p.differ > 0 {
		return errDiffers
	}
	return nil
}

func (p *player) count(d replay.Decision) {
	p.steps++
	p.orders += len(d.Orders)
	verdict := "the same"
	if !d.Same {
		p.differ++
		verdict = "differs"
	}
	if !p.all && d.Same {
		return
	}
	fmt.Fprintf(p.out, "%s %s %+v, %s\n", d.Time.In(p.zone).Format("15:04:05.000000"), strings.TrimPrefix(fmt.Sprintf("%T", d.Event), "brain."), d.Event, verdict)
	p.list("", d.Orders)
	if !d.Same {
		p.list("now: ", d.Again)
	}
}

func (p *player) list(label string, orders replay.Orders) {
	for _, o := range orders {
		fmt.Fprintf(p.out, "\t%s%s\n", label, o)
	}
	if label != "" && len(orders) == 0 {
		fmt.Fprintf(p.out, "\t%snothing\n", label)
	}
}
