package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"threering/acd/journal"
	"threering/center"
	"threering/config"
)

func serveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Answer callers, ring agents, serve the console",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, file, err := settings(cmd)
			if err != nil {
				return err
			}
			return serve(cmd.Context(), cmd.OutOrStdout(), s, newLogger(cmd.ErrOrStderr(), s.Log), s.Demo || file == "")
		},
	}
}

// serve runs a center until ctx ends; demo fills an empty one.
func serve(ctx context.Context, out io.Writer, s config.Settings, log *slog.Logger, demo bool) error {
	widen()
	h, err := build(ctx, s, log)
	if err != nil {
		return err
	}
	if demo {
		err = h.demo(ctx)
	}
	if err == nil {
		err = h.runUntilAsked(ctx, func() { h.banner(out) })
	}
	if shut := h.shut(); err == nil {
		err = shut
	}
	return err
}

// runUntilAsked runs the house until ctx ends or it has drained after a SIGTERM.
func (h *house) runUntilAsked(ctx context.Context, ready func()) error {
	asked := make(chan os.Signal, 2)
	signal.Notify(asked, syscall.SIGTERM)
	defer signal.Stop(asked)
	ctx, end := context.WithCancel(ctx)
	var waiting sync.WaitGroup
	defer waiting.Wait()
	defer end()
	waiting.Go(func() {
		defer end()
		h.drain(ctx, asked)
	})
	return h.run(ctx, ready)
}

// demo fills an empty center with the demo, earlier calls included. A password that is given for the demo people holds
// from now on, in a center that was filled before too.
func (h *house) demo(ctx context.Context) error {
	revision, err := h.center.Revision(ctx)
	if err != nil {
		return err
	}
	doc, err := center.Check("demo.yaml", center.Demo())
	if err != nil {
		return err
	}
	if revision == 0 {
		changes, err := h.center.Apply(ctx, doc)
		if err != nil {
			return err
		}
		h.remember(doc)
		_, err = givePasswords(ctx, h.center, h.settings, changes.NewPeople, h.settings.DemoPassword)
		return err
	}
	if h.settings.DemoPassword == "" {
		return nil
	}
	var known []string
	for _, p := range doc.People {
		if _, err := h.center.Person(ctx, p.ID); err == nil {
			known = append(known, p.ID)
		}
	}
	_, err = givePasswords(ctx, h.center, h.settings, known, h.settings.DemoPassword)
	return err
}

// remember writes the demo's earlier calls.
func (h *house) remember(doc center.Document) {
	zone, err := time.LoadLocation(doc.Center.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	file := filed(h.crm)
	for i, d := range center.DemoCalls() {
		h.journal.Append(earlier(fmt.Sprintf("demo-%03d", i+1), file(d.Number), d.At(time.Now(), zone), d)...)
	}
}

// earlier tells a call of the demo as if it had happened.
func earlier(id, number string, at time.Time, d center.DemoCall) []journal.Entry {
	const greeting, pickUp, writing = 12 * time.Second, 4 * time.Second, 20 * time.Second
	var list []journal.Entry
	add := func(wait time.Duration, kind journal.Kind, details journal.Details) {
		at = at.Add(wait)
		list = append(list, journal.Entry{Call: id, At: at, Kind: kind, Details: details})
	}
	add(0, journal.CallArrived, journal.Details{Number: number, Dialled: "400", Flow: "main"})
	add(0, journal.CallAnswered, journal.Details{})
	add(greeting, journal.QueueEntered, journal.Details{Queue: d.Queue})
	add(0, journal.OfferMade, journal.Details{Agent: d.Agent, Queue: d.Queue})
	add(pickUp, journal.OfferAnswered, journal.Details{Agent: d.Agent})
	add(0, journal.QueueLeft, journal.Details{Queue: d.Queue, Why: "connected"})
	add(0, journal.CallerHears, journal.Details{Agent: d.Agent})
	add(0, journal.TalkStarted, journal.Details{Agent: d.Agent, Talk: 1})
	add(time.Duration(d.Seconds)*time.Second, journal.TalkEnded, journal.Details{Agent: d.Agent, Talk: 1, By: "caller"})
	add(0, journal.WrapUpStarted, journal.Details{Agent: d.Agent})
	add(0, journal.CallEnded, journal.Details{By: "caller", Outcome: journal.Answered})
	add(writing, journal.Disposed, journal.Details{Agent: d.Agent, Disposition: &journal.Disposition{Reason: d.Disposition, Notes: d.Notes}})
	add(0, journal.WrapUpEnded, journal.Details{Agent: d.Agent})
	return list
}
