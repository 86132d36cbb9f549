package recording

import (
	"context"
	"sync"
	"time"

	"threering/media"
)

// beat is how often a capture writes: what a kill may cost.
const beat = 500 * time.Millisecond

// A Capture records one talk, from [Archive.Start] to Stop.
type Capture struct {
	archive     *Archive
	create      func(name string) (file, error)
	left, right *side
	origin      time.Time // when the recording began, by the clock that never jumps
	stop        func()
	stopped     chan struct{}
	end         time.Time // set before stopped is closed
	done        chan struct{}

	presence sync.Mutex // guards present
	present  []Presence

	// The goroutine's own until done is closed.
	tape    *tape
	rec     Recording
	alarmed bool
	err     error
}

func newCapture(a *Archive, rec Recording, origin time.Time) *Capture {
	c := &Capture{
		archive: a, create: a.create, rec: rec, origin: origin,
		left: newSide(0, origin), right: newSide(1, origin),
		stopped: make(chan struct{}), done: make(chan struct{}),
	}
	c.stop = sync.OnceFunc(func() {
		c.end = a.clock()
		close(c.stopped)
	})
	return c
}

// ID is the recording's id.
func (c *Capture) ID() string { return c.rec.ID }

// Left takes what is received from the caller.
func (c *Capture) Left() media.Tap { return c.left }

// Right takes what is received from the agent.
func (c *Capture) Right() media.Tap { return c.right }

// Stop ends the recording, both sides at this moment, and waits until it is on
// the disk. Packets that come later are ignored. It may be called more than
// once. The error says what went wrong since Start; what could be written is
// kept nevertheless.
func (c *Capture) Stop() (Recording, error) {
	c.stop()
	<-c.done
	return c.rec, c.err
}

// run is the capture's goroutine. The row is written beside it, so that a
// database that somebody holds keeps no audio waiting.
func (c *Capture) run() {
	defer close(c.done)
	rec, row := c.rec, make(chan error, 1)
	go func() { row <- c.archive.enter(rec) }()
	c.tape = newTape(c.open())
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			c.record(c.archive.clock())
			c.check(c.tape.err)
		case <-c.stopped:
			c.record(c.end)
			c.check(<-row)
			c.finish()
			return
		}
	}
}

// open makes the recording's file; one that cannot be made refuses every write.
func (c *Capture) open() file {
	a := c.archive
	a.writing.enter()
	f, err := c.create(c.rec.file)
	a.writing.leave()
	if err != nil {
		return unmade{err}
	}
	return orderly{f, a.writing, a.syncing}
}

// record writes all that has arrived, and both sides up to now.
func (c *Capture) record(now time.Time) {
	l, isLeft := c.left.next()
	r, isRight := c.right.next()
	for isLeft || isRight {
		// In order of arrival: else one side's backlog would make the other's too old.
		if isLeft && (!isRight || l.arrival <= r.arrival) {
			c.left.record(&l, c.tape)
			l, isLeft = c.left.next()
		} else {
			c.right.record(&r, c.tape)
			r, isRight = c.right.next()
		}
	}
	c.tape.settle(samples(now.Sub(c.origin)))
}

// finish closes the file and the row.
func (c *Capture) finish() {
	size, err := c.tape.close()
	c.check(err)
	c.rec.end(StateComplete, size)
	if err != nil {
		c.rec.State, c.rec.Error = StateFailed, err.Error()
	}
	c.rec.Present = c.presentTo(c.rec.Duration)
	c.rec.Dropped = c.left.dropped.Load() + c.right.dropped.Load()
	c.rec.Late = c.left.late + c.right.late
	c.check(c.archive.finish(context.Background(), c.rec))
	if !c.alarmed {
		c.archive.recovered()
	}
	if c.rec.Dropped > 0 {
		c.archive.log.Warn("packets dropped from a recording", "recording", c.rec.ID, "packets", c.rec.Dropped)
	}
	c.archive.forget(c)
}

// check raises the alarm at the first error of a capture.
func (c *Capture) check(err error) {
	if err == nil || c.alarmed {
		return
	}
	c.alarmed = true
	c.err = c.archive.fail(c.rec, err)
}
