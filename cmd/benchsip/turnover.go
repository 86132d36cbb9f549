//go:build linux

package main

import (
	"bytes"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"threering/cmd/internal/bench"
)

// A turnover is how soon phones that have hung up are rung again, as one observer sees it.
type turnover struct {
	mu     sync.Mutex // guards the fields below
	freed  map[netip.AddrPort]time.Time
	counts bool // what is freed now is counted
	took   []time.Duration
	turns  int
}

func newTurnover() *turnover { return &turnover{freed: map[netip.AddrPort]time.Time{}} }

// left is told of a phone that hangs up.
func (t *turnover) left(phone netip.AddrPort, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, twice := t.freed[phone]; t.counts && !twice {
		t.turns++
		t.freed[phone] = at
	}
}

// rung is told of a phone that is called.
func (t *turnover) rung(phone netip.AddrPort, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if freed, waits := t.freed[phone]; waits {
		delete(t.freed, phone)
		t.took = append(t.took, at.Sub(freed))
	}
}

// count says whether what happens from now on is counted.
func (t *turnover) count(yes bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts = yes
}

// A pace is what came of a turnover.
type pace struct {
	Turns          int // talks that ended in the time
	P50, P99, Most time.Duration
	Late           int // were not rung again
}

func (p pace) String() string {
	return fmt.Sprintf("p50 %.1f p99 %.1f most %.1f ms of %d talks that ended, not rung again %d", bench.MS(p.P50), bench.MS(p.P99), bench.MS(p.Most), p.Turns, p.Late)
}

func (t *turnover) pace() pace {
	t.mu.Lock()
	defer t.mu.Unlock()
	return pace{Turns: t.turns, P50: quantile(t.took, .5), P99: quantile(t.took, .99), Most: quantile(t.took, 1), Late: len(t.freed)}
}

// hear learns from the wire what phones and the server with this port say to each other.
func (t *turnover) hear(p bench.Packet, server uint16) {
	switch {
	case p.To.Port() == server && bytes.HasPrefix(p.Payload, []byte("BYE ")):
		t.left(p.From, p.At)
	case p.From.Port() == server && bytes.HasPrefix(p.Payload, []byte("INVITE ")):
		t.rung(p.To, p.At)
	}
}
