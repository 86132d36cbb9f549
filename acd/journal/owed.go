package journal

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"threering/acd/brain"
	"threering/store"
)

// Owed is a callback that is still to be made, as far as the journal knows it.
type Owed struct {
	Call     string
	Number   string
	Queue    string // where it waits
	Flow     string // that the caller was in …
	Step     string // … and where in it
	Priority int
	Needs    []brain.Need
	Asked    time.Time // when the caller asked for a person
	Tries    int       // that failed
	Last     time.Time // the last of them; zero: none
}

// owed says whether a call that has not ended is a callback whose customer was not reached yet.
func (c *fold) owed() bool { return c.Direction == Callback && !c.Reached && c.EndedAt == nil }

// Owed lists the callbacks that are still to be made, who asked first first.
func (j *Journal) Owed(ctx context.Context) ([]Owed, error) {
	open, err := j.unended(ctx)
	if err != nil {
		return nil, err
	}
	var list []Owed
	for _, c := range open {
		if !c.owed() {
			continue
		}
		line, err := j.Timeline(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		list = append(list, owedBy(c, line))
	}
	slices.SortStableFunc(list, func(x, y Owed) int { return x.Asked.Compare(y.Asked) })
	return list, nil
}

func owedBy(c fold, line []Entry) Owed {
	o := Owed{Call: c.ID, Number: c.Number, Queue: c.Queue, Asked: c.StartedAt}
	var last time.Time
	for _, e := range line {
		switch {
		case e.Kind == CallPlaced:
			o.Flow, o.Step, o.Priority, o.Needs = e.Flow, e.Step, e.Priority, e.Needs
			o.Asked = e.At.Add(-time.Duration(e.WaitedMs) * time.Millisecond)
		case e.Kind == CallbackTried: // also where a stop came before the customer could answer
			last, o.Tries, o.Last = o.Last, e.Try, e.At
		case e.Kind == CallbackFailed && (e.Why == AgentGone || e.Why == NoLine):
			o.Tries, o.Last = e.Try-1, last
		case e.Kind == CallbackFailed:
			o.Last = e.At
		}
	}
	return o
}

// missedMost is how many calls are looked at for those that nobody has served.
const missedMost = 2000

// Missed lists the callers since a moment who wanted a person and had none, and were not served since: they hung up waiting,
// nobody came, or the center stopped. It gives the last such call of each number, the newest first. Who is to be called back
// already is not among them, nor who withheld the number.
func (j *Journal) Missed(ctx context.Context, since time.Time) ([]Call, error) {
	calls, err := query[Call](ctx, j, selectCall+` WHERE started_at >= $1 ORDER BY started_at DESC, id DESC LIMIT $2`, store.Millis(since), missedMost)
	if err != nil {
		return nil, err
	}
	open, err := j.unended(ctx) // callbacks may wait from before
	if err != nil {
		return nil, err
	}
	settled := map[string]bool{}
	for _, c := range open {
		settled[c.Number] = true
	}
	missed := []Call{}
	for _, c := range calls {
		if settled[c.Number] || !strings.ContainsAny(c.Number, "0123456789") {
			continue
		}
		if c.missed() {
			missed = append(missed, c)
		}
		settled[c.Number] = c.missed() || c.settles()
	}
	return missed, nil
}

// missed says whether a caller wanted a person in vain.
func (c Call) missed() bool {
	lost := c.Outcome == Abandoned || c.Outcome == GaveUp || c.Outcome == Interrupted
	return lost && c.AskedAt != nil && cmp.Or(c.Direction, In) == In
}

// settles says whether nobody has to be called any more for what was before: they were spoken with, or are to be called back,
// or were called back as often as may be.
func (c Call) settles() bool {
	switch c.Outcome {
	case Answered, ToCallBack, UnderWay, Merged:
		return c.Direction != Internal && c.Direction != Consult
	}
	return c.Outcome == NotReached && c.Direction == Callback
}
