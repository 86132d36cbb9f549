package floor

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
	"threering/recording"
	"threering/sip"
)

// Phones rings agents' devices; the SIP server does.
type Phones interface {
	Dial(device string, d sip.Dial) (*sip.Leg, error)
	Reachable(device string) bool
	// Carriage is how the audio of a call to the device would be carried.
	Carriage(device string) media.Carriage
}

// Recorder keeps what the brain was told and what it ordered, so that it can be decided again.
type Recorder interface {
	// Note must not wait. What it is given does not change afterwards.
	Note(at brain.Instant, ev brain.Event, orders []brain.Order)
}

// Config is what a floor needs. All but Recorder and Metrics is required.
type Config struct {
	Media     *media.Engine
	Script    Script
	Journal   *journal.Journal
	Archive   *recording.Archive
	Popper    Popper
	Publisher Publisher
	Recorder  Recorder                // nil: not kept
	Trunks    Trunks                  // nil: nobody outside can be called
	Number    func(raw string) string // brings a number into the form that calls are filed under
	Metrics   *Metrics                // nil: not counted
	Log       *slog.Logger
}

// Floor is the running center. Its exported methods may be called from anywhere.
type Floor struct {
	cfg    Config
	inbox  *inbox
	began  time.Time
	phones Phones
	work   sync.WaitGroup // what runs beside the loop

	// disposing is held by the one Dispose that compares versions, until what it writes is in the journal's hands.
	disposing chan struct{}

	// Everything below belongs to the loop.
	brain    brain.Brain
	wake     *time.Timer
	clock    *time.Timer     // looks at the hours of callbacks
	resting  map[string]bool // queues whose callbacks are out of their hours
	plan     Plan
	agents   map[string]*agent
	calls    map[string]*call
	lines    lines // of these, who waits
	offers   map[string]*offer
	due      []*call               // callbacks whose customers are to be called, in their turn
	closed   map[string]bool       // queues, by somebody
	news     map[string]news       // of queues
	ending   bool                  // shutting down: no new calls
	serial   int                   // of direct offers
	watching map[string][]*watcher // by call: who listens, or is being rung to
	tapes    int                   // recordings that are being closed
}

// New makes a floor; Run brings it to life.
func New(cfg Config) *Floor {
	if cfg.Metrics == nil {
		cfg.Metrics = NewMetrics(nil)
	}
	return &Floor{
		cfg: cfg, inbox: newInbox(), began: time.Now(), disposing: make(chan struct{}, 1),
		agents: map[string]*agent{}, calls: map[string]*call{}, offers: map[string]*offer{}, closed: map[string]bool{}, watching: map[string][]*watcher{},
		lines: lines{}, resting: map[string]bool{}, news: map[string]news{},
	}
}

// ErrClosed says that the floor has stopped.
var ErrClosed = errors.New("the floor has stopped")

// farewell is how long ended legs may take to say goodbye when the floor stops.
const farewell = 3 * time.Second

// Run is the loop. When ctx ends, it hangs up what is under way and returns once all is closed.
func (f *Floor) Run(ctx context.Context, phones Phones) error {
	f.phones = phones
	f.wake = time.AfterFunc(time.Hour, func() { f.do(func() { f.apply(brain.Passed{}) }) })
	defer f.wake.Stop()
	f.clock = time.AfterFunc(time.Hour, func() { f.do(func() { f.keepHours(false) }) })
	defer f.clock.Stop()
	defer f.work.Wait()
	defer f.inbox.close()
	for {
		select {
		case <-f.inbox.ready:
			f.inbox.drain()
		case <-ctx.Done():
			f.shutDown()
			return nil
		}
	}
}

// shutDown ends every call and lets the legs finish.
func (f *Floor) shutDown() {
	f.ending = true
	for _, c := range f.calls {
		c.cutOff()
	}
	late := time.NewTimer(farewell)
	defer late.Stop()
	for len(f.calls)+len(f.offers)+f.tapes > 0 {
		select {
		case <-f.inbox.ready:
			f.inbox.drain()
		case <-late.C:
			f.cfg.Log.Warn("stopped with calls that did not end", "calls", len(f.calls), "offers", len(f.offers))
			for _, c := range f.calls {
				c.finish("system", "shutdown")
			}
			return
		}
	}
}

// do has fn run by the loop, soon. It never blocks.
func (f *Floor) do(fn func()) { f.inbox.put(fn) }

// ask has fn run by the loop and waits for it.
func (f *Floor) ask(ctx context.Context, fn func()) error {
	done := make(chan struct{})
	if !f.inbox.put(func() { fn(); close(done) }) {
		return ErrClosed
	}
	select {
	case <-done:
		return nil
	case <-f.inbox.closed:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// beside runs fn outside the loop; the floor waits for it before it ends.
func (f *Floor) beside(fn func()) { f.work.Go(fn) }

// when has fn run by the loop after done is closed.
func (f *Floor) when(done <-chan struct{}, fn func()) {
	f.beside(func() {
		select {
		case <-done:
			f.do(fn)
		case <-f.inbox.closed:
		}
	})
}

// now is the brain's clock: microseconds since the floor was made, from one on, since the brain's zero means never.
func (f *Floor) now() brain.Instant { return brain.Instant(time.Since(f.began).Microseconds() + 1) }

// apply tells the brain what happened and carries out its orders. Handlers of orders must not call it; they use later.
func (f *Floor) apply(ev brain.Event) {
	now := f.now()
	orders := f.brain.Apply(now, ev)
	if f.cfg.Recorder != nil {
		f.cfg.Recorder.Note(now, ev, orders)
	}
	for _, o := range orders {
		f.obey(o)
	}
	if len(f.due) > 0 {
		f.callDue()
	}
	if at, ok := f.brain.NextWake(); ok {
		f.wake.Reset(max(at.Sub(f.now()), 0))
	} else {
		f.wake.Reset(time.Hour)
	}
}

// later tells the brain what happened when the orders under way have been carried out.
func (f *Floor) later(ev brain.Event) { f.do(func() { f.apply(ev) }) }

func (f *Floor) obey(o brain.Order) {
	switch o := o.(type) {
	case brain.Offer:
		f.offer(o)
	case brain.Withdraw:
		f.withdraw(o.Offer, o.Why)
	case brain.Release:
		f.withdraw(o.Offer, o.Why)
	case brain.Connect:
		f.connect(o)
	case brain.GiveUp:
		if c := f.calls[o.Call]; c != nil {
			c.gaveUp(string(o.Why))
		}
	case brain.StartCallback:
		if c := f.calls[o.Call]; c != nil && c.callback != nil {
			f.due = append(f.due, c)
		}
	case brain.Tell:
		if c := f.calls[o.Call]; c != nil {
			c.toldWhere(o)
		}
	case brain.Overflow:
		if c := f.calls[o.Call]; c != nil {
			c.overflowed(o)
		}
	case brain.Rejected:
		f.cfg.Log.Warn("the brain does not do that", "call", o.Call, "agent", o.Agent, "why", o.Why)
	case brain.AgentChanged:
		f.followAgent(o)
	case brain.AgentReserved:
		f.agentReserved(o)
	}
}
