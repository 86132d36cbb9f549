package main

import (
	"context"
	"io"
	"log/slog"
	"slices"

	"threering/config"
)

func newLogger(w io.Writer, l config.Log) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.Level)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if l.Format == "json" {
		return slog.New(deferred{next: slog.NewJSONHandler(w, options)})
	}
	return slog.New(deferred{next: slog.NewTextHandler(w, options)})
}

// A deferred handler writes the attributes of a logger when there is something to log. Each leg and each call has a logger of its
// own, and most of them are never heard of.
type deferred struct {
	next  slog.Handler
	attrs []slog.Attr
}

func (d deferred) Enabled(ctx context.Context, level slog.Level) bool {
	return d.next.Enabled(ctx, level)
}

func (d deferred) WithAttrs(attrs []slog.Attr) slog.Handler {
	return deferred{d.next, append(slices.Clip(d.attrs), attrs...)}
}

func (d deferred) WithGroup(name string) slog.Handler {
	return deferred{next: d.next.WithAttrs(d.attrs).WithGroup(name)}
}

func (d deferred) Handle(ctx context.Context, r slog.Record) error {
	if len(d.attrs) == 0 {
		return d.next.Handle(ctx, r)
	}
	whole := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	whole.AddAttrs(d.attrs...)
	r.Attrs(func(a slog.Attr) bool {
		whole.AddAttrs(a)
		return true
	})
	return d.next.Handle(ctx, whole)
}
