package floor

import (
	"cmp"
	"errors"
	"time"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
	"threering/sip"
)

// Callbacks says how callers of a queue are called back. To whom it is offered, how often they are called, and how long lies
// between, the brain knows.
type Callbacks struct {
	CustomerFirst bool  // is called before an agent is rung, not after the agent has picked up
	Hours         Hours // in which customers are called
}

// callback is what a call has that stands for a customer who is to be called, until they are reached.
type callback struct {
	customerFirst bool
	tries         int                  // that failed
	again         time.Time            // before which it is not tried
	agent         *offer               // who has picked up; their customer is being called
	calling       bool                 // the customer's phone is being rung
	failure       brain.CallbackFailed // what the brain is told when the agent has been
	spared        bool                 // the last time the agent went, and it was no try
	late          *time.Timer
}

// ringCustomer is how long a customer's phone rings.
const ringCustomer = 40 * time.Second

// enlist has a callback begin that stands for somebody who has waited so long in its queue. In placed is who wants it,
// and for which call. It has the place of another to that number, which is over: nobody is called twice.
func (f *Floor) enlist(d *call, waited time.Duration, placed journal.Details) {
	queue := d.queue.Name
	e := brain.CallEntered{Priority: d.ranked, Needs: d.queue.Needs}
	older := f.callbackFor(d.number, queue)
	if older != nil {
		e.Resumes, waited = older.id, max(waited, f.now().Sub(older.enteredAt))
	}
	e.Waited = max(waited, 1)
	d.waitingSince = now().Add(-waited)
	d.callback = &callback{customerFirst: f.queue(queue).Callbacks.CustomerFirst}
	placed.Number, placed.Dialled, placed.Direction = d.number, d.number, journal.Callback
	placed.Flow, placed.Step = d.state.Flow, d.state.Step
	placed.WaitedMs, placed.Priority, placed.Needs = waited.Milliseconds(), d.ranked, d.queue.Needs
	d.note(journal.CallPlaced, placed)
	d.note(journal.QueueEntered, journal.Details{Queue: queue, Why: journal.CalledBack})
	f.await(d, queue, e)
	if older != nil {
		older.resumed(d)
	}
}

// await has a callback wait in a queue, where it is told to the brain by how it enters.
func (f *Floor) await(d *call, queue string, e brain.CallEntered) {
	f.open(d)
	d.caller = &side{floor: f, party: nobody{}}
	d.queue.Name = queue
	f.lines.enter(d, queue, d.waitingSince)
	f.lookUp(d)
	e.Call, e.Queue = d.id, queue
	d.enteredAt = f.now().Add(-e.Waited)
	e.Callback = &brain.Callback{CustomerFirst: d.callback.customerFirst, Tries: d.callback.tries}
	if wait := time.Until(d.callback.again); !d.callback.again.IsZero() && wait > 0 {
		e.Callback.After = wait
	}
	f.apply(e)
	f.publishQueue(queue)
}

// callbackFor is the callback in whose place a caller stands who has dialled in again; nil where there is none.
func (f *Floor) callbackFor(number, queue string) *call {
	if !dialable(number) {
		return nil
	}
	for _, d := range f.lines[queue] {
		if d.callback != nil && d.callback.agent == nil && d.number == number {
			return d
		}
	}
	return nil
}

// resumed ends a callback whose customer is on the line again.
func (c *call) resumed(by *call) {
	c.joinedTo = by
	by.note(journal.CallMerged, journal.Details{Other: c.id})
	c.note(journal.CallMerged, journal.Details{Other: by.id, Why: journal.MergedAway})
	c.leaveQueue("resumed")
	c.endCallback()
	c.finish("caller", "")
}

// pickedUp is that an agent has picked up for a callback: now the customer is called.
func (c *call) pickedUp(o *offer) {
	f := c.floor
	c.callback.agent = o
	q := f.queue(o.queue)
	q.Languages = q.Languages[:min(len(q.Languages), 1)]
	c.playTo(o.side, f.speech(q, Phrase{Says: SaysCallback}), func() {
		if c.callback != nil && c.callback.calling {
			o.side.port.Play(true, media.Ringback(f.plan.Cadence))
		}
	})
	c.callCustomer()
}

// callCustomer rings the customer.
func (c *call) callCustomer() {
	f, b := c.floor, c.callback
	c.note(journal.CallbackTried, journal.Details{Number: c.number, Try: b.tries + 1})
	b.calling = true
	s, err := f.side(visitor{c})
	if err == nil {
		c.caller = s
		s.leg, err = f.dialOut("", c.number, sip.Dial{Media: s.port, Notify: s.told, Headers: map[string]string{"X-Threering-Call": c.id}})
	}
	if err != nil {
		c.log.Warn("a customer cannot be called back", "number", c.number, "error", err)
		f.do(func() { c.notLetOut(err) })
		return
	}
	s.leg.Label(c.id)
	b.late = time.AfterFunc(ringCustomer, func() { f.do(func() { c.notReached(0, string(brain.Unanswered)) }) })
}

// calledBack follows the customer's phone until they are reached; false: it is none of that.
func (c *call) calledBack(e sip.Event) bool {
	b := c.callback
	if b == nil || !b.calling || c.leaving {
		return false
	}
	switch e := e.(type) {
	case sip.Answered:
		c.reached()
	case sip.Ended:
		c.notReached(e.Code, string(why(e)))
	}
	return true
}

// reached is that the customer has picked up: they talk with the agent who waits for them, or wait for one.
func (c *call) reached() {
	f, o := c.floor, c.callback.agent
	c.callback.late.Stop()
	c.callback, c.answered, c.asked = nil, true, true
	c.note(journal.CallAnswered, journal.Details{})
	if o != nil {
		o.side.port.Play(false)
		c.meet(o)
		c.note(journal.CallerHears, journal.Details{Agent: o.agent})
		c.join()
		return
	}
	c.unserved = now()
	f.lines.enter(c, c.waiting, c.unserved)
	c.tell(f.speech(f.queue(c.waiting), Phrase{Says: SaysHello}), c.lullOn)
	f.apply(brain.CallbackReached{Call: c.id})
}

// again is how soon a customer is called whom no trunk could call: all lines are busy, or the money is spent.
const again = time.Minute

// notLetOut ends a try that was none: no trunk lets the call out, now or ever.
func (c *call) notLetOut(err error) {
	switch {
	case !errors.Is(err, sip.ErrNotAllowed):
		c.notReached(0, string(brain.Unreachable))
	case passes(err):
		c.failed(0, journal.NoLine, brain.CallbackFailed{Untried: true, After: again})
	default:
		c.failed(0, "not_allowed", brain.CallbackFailed{Untried: true, Final: true})
	}
}

// notReached ends a try.
func (c *call) notReached(code int, why string) { c.failed(code, why, brain.CallbackFailed{}) }

// failed ends a call to the customer. The agent who has picked up for it is told, and let go; then the brain hears of it.
func (c *call) failed(code int, why string, e brain.CallbackFailed) {
	b := c.callback
	if c.over() || b == nil || !b.calling {
		return
	}
	f := c.floor
	e.Call = c.id
	try := b.tries + 1
	if e.Untried {
		b.again = now().Add(e.After)
	} else {
		c.failedOnce()
	}
	c.hangUpCustomer()
	c.note(journal.CallbackFailed, journal.Details{Number: c.number, Try: try, Why: why, Code: code})
	o := b.agent
	if b.failure = e; o == nil {
		f.apply(e)
		return
	}
	q := f.queue(o.queue)
	q.Languages = q.Languages[:min(len(q.Languages), 1)]
	c.playTo(o.side, f.speech(q, Phrase{Says: SaysUnreached}), func() {
		if b.agent == o {
			c.dropCallbackAgent()
			f.apply(e)
		}
	})
}

// failedOnce counts a try.
func (c *call) failedOnce() {
	b := c.callback
	b.tries++
	b.spared = false
	b.again = now().Add(cmp.Or(c.floor.queue(c.waiting).Calling.Pause, brain.CallbackPause))
}

// hangUpCustomer ends the leg of a customer who was not reached. What it tells yet is nobody's.
func (c *call) hangUpCustomer() {
	b := c.callback
	b.calling = false
	if b.late != nil {
		b.late.Stop()
	}
	s := c.caller
	s.party = nobody{}
	if s.leg != nil {
		s.leg.Hangup(sip.Reason{})
	}
	s.close()
	c.caller = &side{floor: c.floor, party: nobody{}}
}

// dropCallbackAgent lets go of the agent who has picked up.
func (c *call) dropCallbackAgent() {
	o := c.callback.agent
	c.callback.agent = nil
	o.side.leg.Hangup(sip.Reason{})
	o.side.close()
}

// awaitedLeft is that an agent has hung up before their customer was there; false: it is none of that. Once that is no try:
// were it never one, customers might be rung without end.
func (c *call) awaitedLeft(o *offer) bool {
	b := c.callback
	if b == nil || b.agent != o {
		return false
	}
	failure := b.failure
	if b.calling {
		spared := !b.spared
		why, try := journal.AgentGone, b.tries+1
		if b.spared {
			why = journal.AgentGoneAgain
			c.failedOnce()
		}
		c.hangUpCustomer()
		c.note(journal.CallbackFailed, journal.Details{Number: c.number, Try: try, Why: why, Agent: o.agent})
		b.spared = spared
		failure = brain.CallbackFailed{Call: c.id, Untried: spared}
	}
	c.dropCallbackAgent()
	c.floor.apply(failure)
	return true
}

// endCallback lets go of everybody a callback has on the line.
func (c *call) endCallback() {
	b := c.callback
	if b == nil {
		return
	}
	if b.calling {
		c.hangUpCustomer()
	}
	if b.agent != nil {
		c.dropCallbackAgent()
		c.floor.later(brain.TalkEnded{Call: c.id})
	}
}

// suspend leaves a callback to the next start of the center.
func (c *call) suspend() {
	f := c.floor
	c.endCallback()
	f.apply(brain.CallLeft{Call: c.id})
	f.lines.leave(c)
	delete(f.calls, c.id)
}

// nobody is told of a leg that no call wants any more.
type nobody struct{}

func (nobody) hears(s *side, e sip.Event) {
	if _, answered := e.(sip.Answered); answered {
		s.leg.Hangup(sip.Reason{}) // it has crossed our CANCEL
	}
}
func (nobody) pressed(*side, rune) {}
func (nobody) holds(*side, bool)   {}
func (nobody) fellSilent(*side)    {}
