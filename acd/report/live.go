package report

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"threering/acd/journal"
)

// Journal tells of what happened; *journal.Journal does.
type Journal interface {
	Follow(ctx context.Context, since time.Time, kinds []journal.Kind, told func([]journal.Entry)) (stop func(), err error)
}

// Config is what Live needs.
type Config struct {
	Journal Journal
	Changed func(queue string, t Tally) // called by the loop when a queue's tally is another one; must not wait for Live
	Now     func() time.Time            // the clock; nil: time.Now
}

// Live is today's tallies. Run is its loop; the other methods may be called from anywhere while it runs.
type Live struct {
	cfg   Config
	asks  chan func()
	ended chan struct{} // the loop has
	stop  func()        // ends the following; SetZone's own
	day   *day          // the loop's own; nil before SetZone
}

// ErrClosed says that nothing is counted any more.
var ErrClosed = errors.New("the report has stopped")

// look is how often the clock is looked at for the end of the day, at least: machines sleep and clocks are set.
const look = time.Minute

// NewLive makes a Live that knows nothing yet: Run, then SetZone bring it to life.
func NewLive(cfg Config) *Live {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Live{cfg: cfg, asks: make(chan func()), ended: make(chan struct{}), stop: func() {}}
}

// Run is the loop, which alone touches the counts. It ends with ctx.
func (l *Live) Run(ctx context.Context) error {
	defer close(l.ended)
	clock := time.NewTimer(look)
	defer clock.Stop()
	for {
		select {
		case fn := <-l.asks:
			fn()
		case <-clock.C:
			l.roll()
		case <-ctx.Done():
			return nil
		}
		if l.day != nil {
			clock.Reset(min(look, max(l.day.to.Sub(l.cfg.Now()), 0)))
		}
	}
}

// SetZone says where midnight is, and counts the day from its beginning. It is for one goroutine at a time, and does
// nothing where the zone is in force already.
func (l *Live) SetZone(ctx context.Context, zone *time.Location) error {
	same := false
	if err := l.do(ctx, func() { same = l.day != nil && l.day.zone.String() == zone.String() }); err != nil || same {
		return err
	}
	today := dayOf(l.cfg.Now(), zone)
	stop, err := l.cfg.Journal.Follow(ctx, today.from, kinds(), func(batch []journal.Entry) {
		_ = l.do(context.Background(), func() { l.count(today, batch) }) // that the loop has ended is all that may go wrong
	})
	if err != nil {
		return err
	}
	l.stop() // not by the loop: the journal may be waiting for it
	l.stop = stop
	return l.do(ctx, func() {
		queues := maps.Clone(today.queues)
		if l.day != nil { // what was counted by the other zone may not count today
			maps.Copy(queues, l.day.queues)
		}
		l.day = today
		l.changed(slices.Sorted(maps.Keys(queues)))
	})
}

// Today gives the tallies of the queues that anybody has asked for today.
func (l *Live) Today(ctx context.Context) (map[string]Tally, error) {
	var tallies map[string]Tally
	err := l.do(ctx, func() {
		if l.day != nil {
			l.roll()
			tallies = maps.Clone(l.day.queues)
		}
	})
	return tallies, err
}

// do has fn run by the loop and waits for it.
func (l *Live) do(ctx context.Context, fn func()) error {
	done := make(chan struct{})
	select {
	case l.asks <- func() { fn(); close(done) }:
		<-done
		return nil
	case <-l.ended:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// count folds entries into a day, which is not yet the present one while the past is read.
func (l *Live) count(d *day, batch []journal.Entry) {
	if d == l.day {
		l.roll()
	}
	var queues []string
	for _, e := range batch {
		if q := d.add(e); q != "" && !slices.Contains(queues, q) {
			queues = append(queues, q)
		}
	}
	if d == l.day {
		l.changed(queues)
	}
}

// roll begins a new day where midnight has passed.
func (l *Live) roll() {
	if l.day == nil {
		return
	}
	before := slices.Sorted(maps.Keys(l.day.queues))
	if l.day.roll(l.cfg.Now()) {
		l.changed(before)
	}
}

func (l *Live) changed(queues []string) {
	for _, q := range queues {
		l.cfg.Changed(q, l.day.queues[q])
	}
}

// News is the data of a queue.counted event.
type News struct {
	Name  string  `json:"name"` // of the queue
	Today Figures `json:"today"`
}
