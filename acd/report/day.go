package report

import (
	"time"

	"threering/acd/journal"
)

// visit is a caller who waits in a queue, or has left it and is about to hear a person.
type visit struct {
	queue  string
	asked  time.Time
	target time.Duration
}

// day is the tallies of one day of a center: a fold over the entries of the journal. A caller counts on the day they asked,
// once they hear a person or no longer wait.
type day struct {
	zone    *time.Location
	from    time.Time
	to      time.Time
	queues  map[string]Tally
	waiting map[string]visit // by call
}

// dayOf is the day of a moment, still empty.
func dayOf(at time.Time, zone *time.Location) *day {
	y, m, d := at.In(zone).Date()
	return &day{
		zone: zone, from: midnight(y, m, d, zone), to: midnight(y, m, d+1, zone),
		queues: map[string]Tally{}, waiting: map[string]visit{},
	}
}

// midnight is the first moment of a date. Where the clocks leave out midnight itself, time.Date may give the hour before.
func midnight(y int, m time.Month, d int, zone *time.Location) time.Time {
	at := time.Date(y, m, d, 0, 0, 0, 0, zone)
	if at.Hour() > 12 {
		_, at = at.ZoneBounds()
	}
	return at
}

// roll begins a new day where the present one is over.
func (d *day) roll(now time.Time) bool {
	if now.Before(d.to) {
		return false
	}
	*d = *dayOf(now, d.zone)
	return true
}

// kinds are the entries that a day is folded from.
func kinds() []journal.Kind {
	return []journal.Kind{journal.QueueEntered, journal.QueueLeft, journal.CallerHears, journal.CallEnded}
}

// add counts an entry. It names the queue whose tally has changed, if one has. Entries of a call have to come in their order.
func (d *day) add(e journal.Entry) (queue string) {
	at := time.UnixMilli(e.At.UnixMilli()) // as it will be read back
	d.roll(at)
	v, waits := d.waiting[e.Call]
	if waits && (e.Kind != journal.QueueLeft || e.Why != journal.Connected) { // who is connected counts when they hear
		delete(d.waiting, e.Call)
		d.count(v, e, at)
		queue = v.queue
	}
	if e.Kind == journal.QueueEntered && e.Why == "" && !at.Before(d.from) {
		d.waiting[e.Call] = visit{e.Queue, at, time.Duration(e.TargetMs) * time.Millisecond}
	}
	return queue
}

// count adds a visit to its queue's tally, by the entry that ended it.
func (d *day) count(v visit, e journal.Entry, at time.Time) {
	t, wait := d.queues[v.queue], at.Sub(v.asked)
	switch {
	case e.Kind == journal.CallerHears:
		t.answered(wait, v.target)
	case e.Kind == journal.QueueLeft && e.Why == string(journal.Abandoned),
		e.Kind == journal.CallEnded && e.By == "caller": // hung up when an agent had picked up, and was told who waits
		t.abandoned(wait)
	default: // the queue gave up, or the center stopped
		t.Offered++
	}
	d.queues[v.queue] = t
}
