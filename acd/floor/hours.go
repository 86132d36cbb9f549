package floor

import (
	"time"

	"threering/acd/brain"
)

// Hours are a part of each day, by the clock and the calendar of a place. The zero value is always.
type Hours struct {
	From, To time.Duration // from midnight on; To is not before From; both 0: the whole day
	Off      [7]bool       // the days, by [time.Weekday], that have no hours
	Zone     *time.Location
}

// always says that there are no hours.
func (h Hours) always() bool { return h.From == h.To && h.Off == [7]bool{} }

// open says whether a moment lies in the hours, and when that changes, as far as it does before midnight.
func (h Hours) open(at time.Time) (open bool, until time.Duration) {
	y, m, d := at.In(h.Zone).Date()
	clock := func(of time.Duration) time.Time {
		return time.Date(y, m, d, 0, int(of/time.Minute), 0, 0, h.Zone)
	}
	midnight := clock(24 * time.Hour)
	from, to := clock(h.From), clock(h.To)
	if h.From == h.To {
		to = midnight
	}
	switch {
	case h.Off[from.Weekday()]:
	case at.Before(from):
		return false, from.Sub(at)
	case at.Before(to):
		return true, to.Sub(at)
	}
	return false, midnight.Sub(at)
}

// hoursLook is how often the clock is looked at, at least: machines sleep and clocks are set.
const hoursLook = time.Minute

// keepHours tells the brain in which queues customers may be called back now. anew: also where nothing has changed since.
func (f *Floor) keepHours(anew bool) {
	next := time.Hour
	for _, q := range f.plan.Queues {
		open := true
		if h := q.Callbacks.Hours; !h.always() {
			var until time.Duration
			open, until = h.open(time.Now())
			next = min(next, until, hoursLook)
		}
		if was, known := f.resting[q.Name]; known && was == open || anew && (known || !open) || !known && !open {
			f.resting[q.Name] = !open
			f.apply(brain.CallbacksSet{Queue: q.Name, Open: open})
		}
	}
	f.clock.Reset(max(next, time.Second))
}
