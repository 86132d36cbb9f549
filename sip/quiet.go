package sip

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// A quietHandler keeps the library's log from being flooded by what strangers send: at most burst records a second above
// debug level, long texts cut, and never a message's whole payload.
type quietHandler struct {
	next  slog.Handler
	quota *quota
}

// A quota lets through so many a second.
type quota struct {
	most int

	mu     sync.Mutex // guards the fields below
	second int64
	used   int
}

const (
	burst       = 20
	longestText = 200
)

func newQuietHandler(next slog.Handler) slog.Handler {
	return quietHandler{next, &quota{most: burst}}
}

func (h quietHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

func (h quietHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return quietHandler{h.next.WithAttrs(attrs), h.quota}
}

func (h quietHandler) WithGroup(name string) slog.Handler {
	return quietHandler{h.next.WithGroup(name), h.quota}
}

func (h quietHandler) Handle(ctx context.Context, r slog.Record) error {
	if r.Level > slog.LevelDebug && !h.quota.take(r.Time) {
		return nil
	}
	// What the library calls an error is mostly a peer's: a message it cannot read.
	level := min(r.Level, slog.LevelWarn)
	short := slog.NewRecord(r.Time, level, "sip library: "+r.Message, r.PC)
	unread := false
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "data" {
			unread = true
			short.AddAttrs(slog.Int("bytes", len(a.Value.String())))
		}
		return !unread
	})
	r.Attrs(func(a slog.Attr) bool {
		if a.Key != "data" && !(unread && a.Key == "error") {
			short.AddAttrs(cut(a))
		}
		return true
	})
	return h.next.Handle(ctx, short)
}

func cut(a slog.Attr) slog.Attr {
	a.Value = a.Value.Resolve()
	if a.Value.Kind() == slog.KindAny || a.Value.Kind() == slog.KindString {
		if text := a.Value.String(); len(text) > longestText {
			a.Value = slog.StringValue(text[:longestText] + "…")
		}
	}
	return a
}

func (q *quota) take(now time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if second := now.Unix(); second != q.second {
		q.second, q.used = second, 0
	}
	q.used++
	return q.used <= q.most
}
