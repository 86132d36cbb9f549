package report

import (
	"time"

	"threering/acd/journal"
)

// visit is a caller who has asked for a person, until they hear one or the call is over: through all queues that they flow
// over into, or are put into by their flow. It counts for the queue that they asked in first, by the target of that.
type visit struct {
	queue  string
	asked  time.Time
	target time.Duration
	gaveUp bool // the queue has, and it is counted so unless they wait again
}

// day is the tallies of one day of a center: a fold over the entries of the journal. A caller counts on the day they asked,
// once they hear a person or no longer wait.
type day struct {
	zone   *time.Location
	from   time.Time
	to     time.Time
	queues map[string]Tally
	visits map[string]visit // by call
}

// dayOf is the day of a moment, still empty.
func dayOf(at time.Time, zone *time.Location) *day {
	y, m, d := at.In(zone).Date()
	return &day{
		zone: zone, from: midnight(y, m, d, zone), to: midnight(y, m, d+1, zone),
		queues: map[string]Tally{}, visits: map[string]visit{},
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
	v, known := d.visits[e.Call]
	switch {
	case !known:
		d.begin(e, at)
		return ""
	case e.Kind == journal.QueueLeft && e.Why == journal.Connected: // counts when they hear
		return ""
	case e.Kind == journal.QueueEntered: // waits on, there or elsewhere
		if !v.gaveUp {
			return ""
		}
		d.giveUp(e.Call, v, false)
	case e.Kind == journal.QueueLeft && e.Why != string(journal.Abandoned):
		d.giveUp(e.Call, v, true)
	default:
		delete(d.visits, e.Call)
		d.count(v, e, at)
	}
	return v.queue
}

// begin opens the visit of a caller who asks for a person, where that is to be counted on this day.
func (d *day) begin(e journal.Entry, at time.Time) {
	asked := at.Add(-time.Duration(e.WaitedMs) * time.Millisecond)
	if e.Kind == journal.QueueEntered && e.Why == "" && !asked.Before(d.from) {
		d.visits[e.Call] = visit{queue: e.Queue, asked: asked, target: time.Duration(e.TargetMs) * time.Millisecond}
	}
}

// giveUp counts a visit as one that the queue gave up, or takes that back.
func (d *day) giveUp(call string, v visit, given bool) {
	if v.gaveUp == given {
		return
	}
	v.gaveUp = given
	d.visits[call] = v
	t := d.queues[v.queue]
	if given {
		t.Offered++
	} else {
		t.Offered--
	}
	d.queues[v.queue] = t
}

// count adds a visit to its queue's tally, by the entry that ended it.
func (d *day) count(v visit, e journal.Entry, at time.Time) {
	if v.gaveUp { // counted, and nobody has come since
		return
	}
	t, wait := d.queues[v.queue], at.Sub(v.asked)
	switch {
	case e.Kind == journal.CallerHears:
		t.answered(wait, v.target)
	case e.Kind == journal.QueueLeft, // hung up waiting, or when an agent had picked up and was told who waits
		e.Kind == journal.CallEnded && e.By == "caller":
		t.abandoned(wait)
	default: // the center stopped
		t.Offered++
	}
	d.queues[v.queue] = t
}
