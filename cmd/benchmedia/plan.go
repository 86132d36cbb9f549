//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"threering/cmd/internal/bench"
)

const (
	maxCalls   = 2000                    // that the engine's range of ports has room for
	warmUp     = 1500 * time.Millisecond // before the window: addresses are learned, memory is taken
	firstStep  = 500                     // calls at which the search for the most begins
	step       = 100                     // by how many it goes up
	maxSteps   = 10
	listeners  = 400 // of the music
	secured    = 200 // calls whose encryption is measured
	slice      = 200 * time.Millisecond
	disturbed  = .05                   // share of the core that others may take of a slice
	patience   = 3                     // windows that a quiet one is waited for
	carriedP99 = 20 * time.Millisecond // an added delay above which calls do not count as carried
)

// A plan is what is measured, how often and for how long.
type plan struct {
	calls          []int
	repeats        int
	window         time.Duration
	most           time.Duration
	quick          bool
	core, loadCore int
	dir            string

	began time.Time
}

// run measures: each way of carrying calls in turn, and that again and again, so that a noisy minute spoils none alone.
func (p *plan) run(ctx context.Context) (*figures, error) {
	p.began = time.Now()
	runtime.LockOSThread() // only this thread is pinned, and starts the children
	defer runtime.UnlockOSThread()
	dir, err := os.MkdirTemp(p.dir, "benchmedia")
	if err != nil {
		return nil, fmt.Errorf("making the folder of the recordings: %w", err)
	}
	defer os.RemoveAll(dir)
	p.dir = dir

	f := newFigures(p)
	if f.Direct, err = p.trial(ctx, direct, 200); err != nil {
		return nil, err
	}
	for range p.repeats {
		for _, n := range p.calls {
			for _, way := range []way{bare, relayed, recorded} {
				if err := p.add(ctx, &f.Trials, way, n); err != nil {
					return nil, err
				}
			}
		}
		if err := p.add(ctx, &f.Music, music, listeners/2); err != nil {
			return nil, err
		}
		for _, way := range []way{relayed, sdes, browser} {
			if err := p.add(ctx, &f.Secure, way, secured); err != nil {
				return nil, err
			}
		}
	}
	if !p.quick {
		err = p.search(ctx, f)
	}
	f.Took = time.Since(p.began)
	return f, err
}

// add measures once and keeps the figures, unless time is over.
func (p *plan) add(ctx context.Context, to *[]trial, w way, calls int) error {
	if time.Since(p.began) > p.most {
		return nil
	}
	t, err := p.trial(ctx, w, calls)
	if err == nil {
		*to = append(*to, t)
	}
	return err
}

// search goes up by steps to the most recorded calls that are carried. A step that fails is tried once more: what
// else the machine did may have been the reason.
func (p *plan) search(ctx context.Context, f *figures) error {
	failed := false
	for range maxSteps {
		n := max(f.Most+step, firstStep)
		before := len(f.Steps)
		if err := p.add(ctx, &f.Steps, recorded, n); err != nil || len(f.Steps) == before || n+step > maxCalls {
			return err
		}
		switch carried := f.Steps[before].carried(); {
		case carried:
			f.Most, failed = n, false
		case failed:
			return nil
		default:
			failed = true
		}
	}
	return nil
}

// trial measures one way at one number of calls, in a process of its own.
func (p *plan) trial(ctx context.Context, w way, calls int) (trial, error) {
	t, err := p.try(ctx, w, calls)
	if err != nil {
		return trial{}, fmt.Errorf("%s, %d calls: %w", w, calls, err)
	}
	fmt.Fprintf(os.Stderr, "%5s  %s\n", time.Since(p.began).Round(time.Second), t)
	return t, nil
}

func (p *plan) try(ctx context.Context, w way, calls int) (t trial, err error) {
	if err := bench.Pin(p.loadCore); err != nil {
		return t, err
	}
	l, err := newLoad(w, calls)
	if err != nil {
		return t, err
	}
	defer l.close()
	t.Way, t.Calls = w, calls
	if w == direct {
		l.callItself()
		l.run(warmUp, nil)
		l.run(p.window, &t.Heard)
		return t, l.finish(&t.Heard)
	}
	if err := bench.Pin(p.core); err != nil {
		return t, err
	}
	phones, err := l.introduce(w)
	if err != nil {
		return t, err
	}
	c, err := start(ctx, order{Way: w, Phones: phones, Dir: filepath.Join(p.dir, "recordings")})
	if err := errors.Join(err, bench.Pin(p.loadCore)); err != nil {
		return t, err
	}
	defer c.kill()
	l.call(c.ready.Ports)
	if err := l.agree(ctx, w, c.ready.Answers); err != nil {
		return t, err
	}
	l.run(warmUp, nil)
	spent, err := p.watch(c, l, &t.Heard)
	if err := errors.Join(err, l.finish(&t.Heard)); err != nil {
		return t, err
	}
	t.Cost, err = c.finish(calls, spent)
	return t, errors.Join(err, os.RemoveAll(filepath.Join(p.dir, "recordings")))
}

// watch measures in slices until those in which nobody else took much of the core make up the window. Where such do not
// come, all count.
func (p *plan) watch(c *process, l *load, h *heard) (usage, error) {
	var quiet, all usage
	heardAll := &heard{}
	for quiet.span < p.window && all.span < patience*p.window {
		before, err := c.used(p.core)
		now := &heard{}
		l.run(slice, now)
		after, afterErr := c.used(p.core)
		if err := errors.Join(err, afterErr); err != nil {
			return usage{}, err
		}
		spent := after.minus(before)
		all = all.plus(spent)
		heardAll.merge(now)
		if spent.others() <= disturbed {
			quiet = quiet.plus(spent)
			h.merge(now)
		}
	}
	if quiet.span < p.window/2 {
		*h = *heardAll
		return all, nil
	}
	return quiet, nil
}
