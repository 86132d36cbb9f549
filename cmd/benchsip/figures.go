//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"threering/cmd/internal/bench"
)

// Figures are what was measured.
type figures struct {
	Go     string
	Kernel string
	Tried  []rate
	Most   *rate        `json:",omitempty"`
	Half   *rate        `json:",omitempty"`
	Phones *registering `json:",omitempty"`
	Flood  *flooding    `json:",omitempty"`
	Offers *offering    `json:",omitempty"`
	Took   time.Duration
}

// Registering is what became of calls in progress while phones registered.
type registering struct {
	Phones, Registered, Repeated, Refused int
	P50, P99                              time.Duration // of a registration, both requests
	Core                                  float64
	Loss                                  loss
}

// Flooding is what became of them in a flood.
type flooding struct {
	Packets, Sources int
	Core             float64
	Before, After    float64 // MiB of the server
	Loss             loss
}

// run measures part after part, each with a server of its own.
func (p *plan) run(ctx context.Context) (*figures, error) {
	began := time.Now()
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	f := &figures{Go: runtime.Version(), Kernel: string(kernel[:max(0, len(kernel)-1)])}
	if err := bench.Pin(p.loadCore); err != nil {
		return nil, err
	}
	runtime.GOMAXPROCS(2) // of the one core
	for _, part := range []struct {
		name string
		run  func(context.Context, *figures) error
	}{{"calls", p.measureCalls}, {"phones", p.measurePhones}, {"flood", p.measureFlood}, {"offers", p.measureOffers}} {
		if !p.has(part.name) {
			continue
		}
		if err := part.run(ctx, f); err != nil {
			return nil, fmt.Errorf("%s: %w", part.name, err)
		}
	}
	f.Took = time.Since(began)
	return f, nil
}

func (p *plan) measureCalls(ctx context.Context, f *figures) error {
	s, err := p.start(ctx, 0)
	if err != nil {
		return err
	}
	defer s.stop()
	if _, err := s.hold(50, time.Second); err != nil { // so that memory is taken and files are warm
		return err
	}
	steady := p.rate
	if steady == 0 {
		most, err := p.search(ctx, s, func(r rate) { fmt.Println(r); f.Tried = append(f.Tried, r) })
		if err != nil {
			return err
		}
		if most.Rate == 0 {
			return fmt.Errorf("not even the lowest rate was held")
		}
		f.Most, steady = &most, most.Rate/2
		time.Sleep(3 * time.Second)
	}
	half, err := s.hold(steady, p.half)
	f.Half = &half
	return err
}

func (p *plan) measurePhones(ctx context.Context, f *figures) error {
	s, err := p.start(ctx, p.phones)
	if err != nil {
		return err
	}
	defer s.stop()
	t, err := s.talk(p.calls)
	if err != nil {
		return err
	}
	phones, err := newPhones(s)
	if err != nil {
		return err
	}
	defer phones.close()
	began, cpu := time.Now(), s.cpu()
	phones.register(p.phones, p.registering)
	core := float64(s.cpu()-cpu) / float64(time.Since(began))
	lost, err := t.end()
	if ctx.Err() != nil { // the server is gone: what was measured is nothing
		return ctx.Err()
	}
	phones.mu.Lock()
	defer phones.mu.Unlock()
	f.Phones = &registering{Phones: p.phones, Registered: phones.done, Repeated: phones.again, Refused: phones.wrong,
		P50: quantile(phones.took, .5), P99: quantile(phones.took, .99), Core: core, Loss: lost}
	return err
}

func (p *plan) measureFlood(ctx context.Context, f *figures) error {
	s, err := p.start(ctx, 0)
	if err != nil {
		return err
	}
	defer s.stop()
	t, err := s.talk(p.calls)
	if err != nil {
		return err
	}
	if _, _, err := s.flood(ctx, p.junk, p.flood/2); err != nil { // until the tables are as large as they get, and garbage as much
		return err
	}
	before := s.resident()
	began, cpu := time.Now(), s.cpu()
	sent, sources, err := s.flood(ctx, p.junk, p.flood)
	core := float64(s.cpu()-cpu) / float64(time.Since(began))
	after := s.resident()
	lost, endErr := t.end()
	f.Flood = &flooding{Packets: sent, Sources: sources, Core: core, Before: before, After: after, Loss: lost}
	if err == nil {
		err = endErr
	}
	return err
}

// print writes the figures for people.
func (f *figures) print(w io.Writer) {
	fmt.Fprintf(w, "\n%s, Linux %s, %s\n", f.Go, f.Kernel, f.Took.Round(time.Second))
	if f.Most != nil {
		fmt.Fprintf(w, "most:   %s\n", f.Most)
	}
	if f.Half != nil {
		fmt.Fprintf(w, "steady: %s\n", f.Half)
	}
	if r := f.Phones; r != nil {
		fmt.Fprintf(w, "phones: %d of %d registered (p50 %.1f p99 %.1f ms, repeated %d, refused %d), %.0f %% of the core\n        %s\n",
			r.Registered, r.Phones, bench.MS(r.P50), bench.MS(r.P99), r.Repeated, r.Refused, 100*r.Core, r.Loss)
	}
	if r := f.Flood; r != nil {
		fmt.Fprintf(w, "flood:  %d packets from %d sources, %.0f %% of the core, memory %.1f → %.1f MiB\n        %s\n",
			r.Packets, r.Sources, 100*r.Core, r.Before, r.After, r.Loss)
	}
	if f.Offers != nil {
		fmt.Fprintf(w, "offers: %s\n", f.Offers)
	}
}
