package main

import (
	"context"
	"errors"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"threering/acd/floor"
)

var (
	errMovingIn = errors.New("the center is not in force yet")
	errDraining = errors.New("draining: calls in progress go on, new ones are refused")
	errBusy     = errors.New("too much to do: new calls are refused for a while")
)

// deafMost is how long SIP may take to read what it was sent.
const deafMost = time.Second

// isReady says why no calls are welcome; nil: they are.
func (h *house) isReady() error {
	switch {
	case !h.ready.Load():
		return errMovingIn
	case h.sip.Draining():
		return errDraining
	case h.sip.Busy():
		return errBusy
	}
	ctx, cancel := context.WithTimeout(context.Background(), deafMost)
	defer cancel()
	return h.sip.Hears(ctx)
}

// drain waits until somebody asks the server to go. Then it lets no new call in, and returns when those in progress have
// ended, the settings' limit is over, or somebody asks again.
func (h *house) drain(ctx context.Context, asked <-chan os.Signal) {
	select {
	case <-asked:
	case <-ctx.Done():
		return
	}
	h.log.Info("no new calls; those in progress may end", "at most", h.settings.SIP.Drain)
	ctx, cancel := context.WithTimeout(ctx, h.settings.SIP.Drain)
	defer cancel()
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		h.sip.Drain(ctx)
	}()
	select {
	case <-asked:
		cancel()
	case <-drained:
	}
	<-drained
}

// run opens the doors until ctx ends: callers are answered, people sign in. Who comes to the web door before all has moved
// in waits at it, and is never told of a center without agents. At the end calls are ended first, the doors closed after them.
func (h *house) run(ctx context.Context, ready func()) error {
	doors, closeDoors := context.WithCancel(context.WithoutCancel(ctx))
	defer closeDoors()
	var behind errgroup.Group
	ctx, fall := context.WithCancel(ctx) // a door that falls shut ends the house: half of one is no center
	defer fall()
	behind.Go(func() error { defer fall(); return h.sip.Serve(doors) })
	behind.Go(func() error { return h.report.Run(doors) })
	behind.Go(func() error { return h.watchCertificate(doors) })
	behind.Go(func() error { sweep(doors); return nil })

	group, inside := errgroup.WithContext(ctx)
	group.Go(func() error { return h.floor.Run(inside, h.sip) })
	group.Go(func() error { return h.trunks.Run(inside, h.sip) })
	group.Go(func() error {
		if err := h.moveIn(inside); err != nil {
			return err
		}
		h.ready.Store(true)
		behind.Go(func() error { defer fall(); return h.web.Serve(doors) })
		ready()
		return h.follow(inside)
	})
	err := group.Wait()
	closeDoors()
	return errors.Join(err, behind.Wait())
}

// absence is how long the center may have been down for agents to come back as they were.
const absence = 12 * time.Hour

// changesKept is how long it is kept who has changed what while calls went on.
const changesKept = 366 * 24 * time.Hour

// moveIn brings the floor to where it was: the plan, the agents' states and what they have done, the callbacks.
func (h *house) moveIn(ctx context.Context) error {
	if err := h.configure(ctx); err != nil {
		return err
	}
	if err := h.journal.ForgetChanges(ctx, time.Now().Add(-changesKept), h.revision); err != nil {
		return err
	}
	changes, err := h.journal.Standing(ctx, h.revision)
	if err != nil {
		return err
	}
	if err := h.floor.Restore(ctx, changes); err != nil {
		return err
	}
	since := time.Now().Add(-absence)
	var past floor.Past
	if past.Agents, err = h.journal.AgentStates(ctx, since); err != nil {
		return err
	}
	if past.Work, err = h.journal.Work(ctx, since); err != nil {
		return err
	}
	if past.Reserved, err = h.journal.Reserved(ctx, since); err != nil {
		return err
	}
	if past.Callbacks, err = h.journal.Owed(ctx); err != nil {
		return err
	}
	return h.floor.Resume(ctx, past)
}

// recover ends the calls that a crash cut off: before the doors open, for a new call would be taken for one of them.
func (h *house) recover(ctx context.Context) error {
	cut, err := h.journal.Recover(ctx, func(call string) (last time.Time) {
		recordings, err := h.archive.List(ctx, call)
		if err != nil {
			h.log.Error("recordings of an interrupted call", "call", call, "error", err)
		}
		for _, r := range recordings {
			if r.EndedAt.After(last) {
				last = r.EndedAt
			}
		}
		return last
	})
	for _, c := range cut {
		h.log.Warn("a call was interrupted when the server stopped", "call", c.ID)
	}
	return err
}

// configure puts the center's document as it is now in force.
func (h *house) configure(ctx context.Context) error {
	revision, err := h.center.Revision(ctx)
	if err != nil {
		return err
	}
	if err := h.center.Reload(ctx); err != nil {
		return err
	}
	doc, err := h.center.Document(ctx)
	if err != nil {
		return err
	}
	plan, err := h.center.Plan(ctx)
	if err != nil {
		return err
	}
	plan.Revision = revision
	h.flows.Replace(doc.IVR)
	if err := h.floor.Configure(ctx, plan); err != nil {
		return err
	}
	zone, err := time.LoadLocation(doc.Center.TimeZone)
	if err != nil {
		return err
	}
	if err := h.report.SetZone(ctx, zone); err != nil {
		return err
	}
	if err := h.crm.Reload(ctx); err != nil {
		return err
	}
	h.trunks.Replace(doc.Lines, zone)
	h.revision = revision
	h.log.Info("the center's document is in force", "revision", revision, "queues", len(plan.Queues), "agents", len(plan.Agents))
	return nil
}

// look is how often the document is looked at for what another process has applied.
const look = time.Second

// follow keeps to the center's document until ctx ends.
func (h *house) follow(ctx context.Context) error {
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		revision, err := h.center.Revision(ctx)
		if err == nil && revision != h.revision {
			err = h.configure(ctx)
		}
		if ctx.Err() != nil {
			return nil
		}
		h.alarms.Set("center", err)
	}
}
