//go:build linux

package main

import (
	"context"
	"fmt"
	"time"

	"threering/cmd/internal/bench"
)

// A rate is what came of so many calls a second.
type rate struct {
	Rate      int
	Calls     int
	Refused   int
	Repeated  int // messages that either side sent again
	Open      int // calls that did not end
	P50, P99  time.Duration
	CPU       time.Duration // of the server, a call
	Core      float64       // share of its core
	MemoryMiB float64
	held      bool
}

func (r rate) String() string {
	state := "held"
	if !r.held {
		state = "NOT held"
	}
	return fmt.Sprintf("%5d calls a second  %-8s  INVITE→180 p50 %.1f p99 %.1f ms  CPU %.0f µs a call, %.0f %% of the core  repeated %d  refused %d  unfinished %d  %.0f MiB",
		r.Rate, state, bench.MS(r.P50), bench.MS(r.P99), float64(r.CPU)/1e3, 100*r.Core, r.Repeated, r.Refused, r.Open, r.MemoryMiB)
}

// hold holds a rate for a while, and says what came of it.
func (s *server) hold(calls int, d time.Duration) (rate, error) {
	c, err := newCaller(s, "400", 9, false)
	if err != nil {
		return rate{}, err
	}
	defer c.close()
	began, cpu := time.Now(), s.cpu()
	c.hold(calls, d)
	took, used := time.Since(began), s.cpu()-cpu
	open := c.settle(3 * time.Second)
	c.mu.Lock()
	defer c.mu.Unlock()
	r := rate{Rate: calls, Calls: c.done, Refused: c.refused, Repeated: c.again, Open: open,
		P50: quantile(c.ringing, .5), P99: quantile(c.ringing, .99), Core: float64(used) / float64(took), MemoryMiB: s.resident()}
	if c.last > 0 {
		r.CPU = used / time.Duration(c.last)
	}
	r.held = r.Refused+r.Repeated+r.Open == 0 && c.last >= int(float64(calls)*d.Seconds()*.99)
	return r, nil
}

const searchSteps = 4 // halvings between what is held and what is not

// search finds the most calls a second that are held.
func (p *plan) search(ctx context.Context, s *server, tell func(rate)) (most rate, err error) {
	low, high := 0, 0
	for calls, steps := p.first, 0; steps < searchSteps && ctx.Err() == nil; {
		r, err := s.hold(calls, p.window)
		if err != nil {
			return most, err
		}
		tell(r)
		if r.held {
			low, most = calls, r
		} else {
			high = calls
			time.Sleep(3 * time.Second) // for what is still under way
		}
		switch {
		case high == 0:
			calls = calls * 3 / 2
		default:
			steps++
			calls = (low + high) / 2
		}
	}
	return most, ctx.Err()
}
