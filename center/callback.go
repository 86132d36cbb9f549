package center

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"time"

	"threering/acd/brain"
	"threering/acd/floor"
	"threering/ivr"
	"threering/sip/trunk"
)

// Callback says whether those who wait in a queue may be called back in the place of waiting on the line, and how it is done.
// Without Over it is not offered to them; a step of a flow may.
type Callback struct {
	Over  time.Duration `yaml:"over,omitempty" json:"over,omitempty"`   // it is offered to who is expected to wait at least so long
	First string        `yaml:"first,omitempty" json:"first,omitempty"` // who is rung first: agent (by default) or customer
	Tries int           `yaml:"tries,omitempty" json:"tries,omitempty"` // 0: 3
	Pause time.Duration `yaml:"pause,omitempty" json:"pause,omitempty"` // between tries; 0: 15 m
	Hours string        `yaml:"hours,omitempty" json:"hours,omitempty"` // in which customers are called, 09:00-21:00 by the center's clock; empty: all day
	Days  []string      `yaml:"days,omitempty" json:"days,omitempty"`   // on which customers are called, of mon to sun; none: on each
}

const customerFirst = "customer"

// weekdays are the days of a week, as [time.Weekday] counts them.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// plan gives a floor's queue what the callback says.
func (b Callback) plan(q *floor.Queue, zone *time.Location) {
	q.Telling.Callback = b.Over
	q.Calling = brain.Calling{Tries: b.Tries, Pause: b.Pause}
	q.Callbacks.CustomerFirst = b.First == customerFirst
	from, to, _ := hours(b.Hours)
	q.Callbacks.Hours = floor.Hours{From: from, To: to, Zone: zone}
	for day, name := range weekdays {
		q.Callbacks.Hours.Off[day] = len(b.Days) > 0 && !slices.Contains(b.Days, name)
	}
}

var hoursForm = regexp.MustCompile(`^([0-2]\d):([0-5]\d)-([0-2]\d):([0-5]\d)$`)

// hours reads 09:00-21:00 as times from midnight on; false where it is none.
func hours(text string) (from, to time.Duration, ok bool) {
	m := hoursForm.FindStringSubmatch(text)
	if m == nil {
		return 0, 0, false
	}
	clock := func(hour, minute string) time.Duration {
		h, _ := strconv.Atoi(hour)
		min, _ := strconv.Atoi(minute)
		return time.Duration(h)*time.Hour + time.Duration(min)*time.Minute
	}
	from, to = clock(m[1], m[2]), clock(m[3], m[4])
	return from, to, from < to && to <= 24*time.Hour
}

// callbacks checks what queues say of callbacks, and that somebody can be called back where that is promised: by a queue, or by
// a step of a flow.
func (c *checker) callbacks(d Document) {
	bookings := d.IVR.Bookings()
	var promised []string // where
	for i, q := range d.Queues {
		if reflect.ValueOf(q.Callback).IsZero() {
			continue
		}
		path := fmt.Sprintf("queues.%d.callback", i)
		promised = append(promised, path)
		booked := slices.ContainsFunc(bookings, func(b ivr.Booking) bool { return b.Queue == q.Name })
		c.callback(path, q.Callback, booked)
	}
	for _, b := range bookings {
		promised = append(promised, b.Path)
	}
	if slices.ContainsFunc(d.Lines.Trunks, func(t trunk.Trunk) bool { return t.Out != nil && t.Out.Callbacks }) {
		return
	}
	for _, path := range promised {
		c.problems = append(c.problems, c.lines.Fault(path, "nobody could be called back", "a trunk with out: {callbacks: true, …}"))
	}
}

// callback checks what a queue says of callbacks. Where steps of flows lead to them it need not offer any itself.
func (c *checker) callback(path string, b Callback, booked bool) {
	if b.Over != 0 || !booked {
		c.between(path+".over", b.Over, time.Minute, 24*time.Hour)
	}
	if b.First != "" {
		c.oneOf(path+".first", b.First, []string{"agent", customerFirst})
	}
	c.count(path+".tries", b.Tries, 10)
	if b.Pause != 0 {
		c.between(path+".pause", b.Pause, time.Minute, 24*time.Hour)
	}
	if _, _, ok := hours(b.Hours); b.Hours != "" && !ok {
		c.wrong(path+".hours", b.Hours, "a part of the day such as 09:00-21:00")
	}
	c.days(path+".days", b.Days)
}

// days checks on which days of the week something happens; where none are named, it is each.
func (c *checker) days(path string, days []string) {
	if days != nil && len(days) == 0 {
		c.wrong(path, "", "days such as [mon, fri], or no list for each day")
	}
	for i, day := range days {
		at := fmt.Sprintf("%s.%d", path, i)
		if slices.Contains(days[:i], day) {
			c.wrong(at, day, "each day once")
			continue
		}
		c.oneOf(at, day, []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"})
	}
}
