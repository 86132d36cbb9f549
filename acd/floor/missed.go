package floor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"threering/acd/journal"
)

// ErrServed says that a caller need not be called back: they were served since, or will be called already.
var ErrServed = errors.New("the caller was served since, or is to be called back already")

// CallBack has a caller be called back who was missed, in the queue that they were in last, at the place of the time for which
// they waited there. by is the person who wants it. It gives the id of the callback.
func (f *Floor) CallBack(ctx context.Context, missed journal.Call, by string) (id string, err error) {
	var refused error
	err = f.ask(ctx, func() {
		switch refused = f.callable(missed.Number); {
		case refused != nil:
		case !f.hasQueue(missed.Queue):
			refused = fmt.Errorf("%w: %s", ErrNoQueue, missed.Queue)
		case f.owes(missed.Number):
			refused = fmt.Errorf("%w: %s", ErrServed, missed.ID)
		default:
			d := f.newCall(journal.Callback, missed.Number)
			d.state.Flow, d.queue.Name, id = missed.Flow, missed.Queue, d.id
			f.enlist(d, time.Duration(missed.WaitMs)*time.Millisecond, journal.Details{Other: missed.ID, By: by})
		}
	})
	return id, errors.Join(err, refused)
}

// owes says whether somebody at a number is to be called back, in whatever queue.
func (f *Floor) owes(number string) bool {
	for _, c := range f.calls {
		if c.callback != nil && c.number == number {
			return true
		}
	}
	return false
}
