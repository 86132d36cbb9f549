package floor

import (
	"context"
	"fmt"
	"time"

	"threering/acd/brain"
	"threering/acd/journal"
)

// StaleError says that a disposition was written by somebody who had not seen the present one.
type StaleError struct{ Present journal.Disposition }

func (e *StaleError) Error() string {
	return fmt.Sprintf("version %d of the disposition is there already, written by %s", e.Present.Version, e.Present.By)
}

// Dispose keeps what a person wrote about a call, and ends their wrap-up that this was for. seen is the version of the
// disposition that they have seen, 0 for none: where another one is there the error is a *StaleError and nothing is
// changed. It gives the disposition as kept. The journal has to be writable; a call that it does not know is its ErrNotFound.
func (f *Floor) Dispose(ctx context.Context, call, person string, seen int, d journal.Disposition) (journal.Disposition, error) {
	select { // outside of the loop, since it waits for the database
	case f.disposing <- struct{}{}:
		defer func() { <-f.disposing }()
	case <-ctx.Done():
		return journal.Disposition{}, ctx.Err()
	}
	if err := f.unseen(ctx, call, seen); err != nil {
		return journal.Disposition{}, err
	}
	at := time.Now().UTC()
	d.Version, d.By, d.At = seen+1, person, &at
	return d, f.ask(context.WithoutCancel(ctx), func() { // who writes next must find this
		f.note(call, journal.Disposed, journal.Details{Agent: person, Disposition: &d})
		f.wroteUp(call, person)
	})
}

// unseen is a *StaleError where another version than the one seen is there.
func (f *Floor) unseen(ctx context.Context, call string, seen int) error {
	if err := f.cfg.Journal.Flush(ctx); err != nil {
		return err
	}
	c, err := f.cfg.Journal.Call(ctx, call)
	if err != nil {
		return err
	}
	var present journal.Disposition
	if c.Disposition != nil {
		present = *c.Disposition
	}
	if present.Version != seen {
		return &StaleError{present}
	}
	return nil
}

// wroteUp ends the agent's wrap-up of a call, but for the breather that may be left of it.
func (f *Floor) wroteUp(call, agentID string) {
	a := f.agents[agentID]
	if a == nil || a.state != brain.WrapUp || a.call != call {
		return
	}
	f.apply(brain.WrapUpDone{Agent: agentID})
	if a.state == brain.WrapUp { // it ends sooner now
		f.publishAgent(a)
	}
}
