package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"threering/acd/explain"
	"threering/acd/journal"
	"threering/center"
	"threering/config"
	"threering/store"
)

func explainCommand() *cobra.Command {
	var language string
	cmd := &cobra.Command{
		Use:   "explain CALL",
		Short: "Say why a call was routed as it was: who was rung, why then and why they",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withDatabase(cmd, false, func(ctx context.Context, _ config.Settings, db *store.DB) error {
				return explainCall(ctx, cmd, db, args[0], language)
			})
		},
	}
	cmd.Flags().StringVar(&language, "language", "", strings.Join(explain.Languages(), " or ")+" (the center's if not given)")
	return cmd
}

func explainCall(ctx context.Context, cmd *cobra.Command, db *store.DB, call, language string) error {
	c, err := center.Open(ctx, center.Config{DB: db})
	if err != nil {
		return err
	}
	doc, err := c.Document(ctx)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(doc.Center.TimeZone)
	if err != nil {
		return err
	}
	if language == "" {
		language = string(doc.Center.Language)
	}
	timeline, err := timelineOf(ctx, db, call)
	if err != nil {
		return err
	}
	lines, err := explain.Call(timeline, language, names(doc))
	if err != nil {
		return fmt.Errorf("--language: %w; it may be %s", err, strings.Join(explain.Languages(), " or "))
	}
	out := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	for _, l := range lines {
		fmt.Fprintf(out, "%s\t%s\n", l.At.In(zone).Format("15:04:05.000"), l.Text)
	}
	return out.Flush()
}

// timelineOf reads what happened to a call.
func timelineOf(ctx context.Context, db *store.DB, call string) ([]journal.Entry, error) {
	j, err := journal.Open(ctx, journal.Config{DB: db, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	defer j.Close(ctx) // nothing was written
	if _, err := j.Call(ctx, call); err != nil {
		return nil, fmt.Errorf("%s: %w", call, err)
	}
	return j.Timeline(ctx, call)
}

// names is what the document calls its agents and queues.
func names(doc center.Document) explain.Names {
	n := explain.Names{Agents: map[string]string{}, Queues: map[string]string{}}
	for _, p := range doc.People {
		n.Agents[p.ID] = p.Name
	}
	for _, q := range doc.Queues {
		n.Queues[q.Name] = q.Title
	}
	return n
}
