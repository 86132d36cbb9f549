package floor

import (
	"threering/acd/journal"
	"threering/media"
	"threering/sip"
)

// within follows the phone of a colleague who was called.
func (c *call) within(o *offer, e sip.Event) {
	switch e := e.(type) {
	case sip.Ringing:
		if c.answered {
			c.caller.port.Play(true, media.Ringback(c.floor.plan.Cadence))
		} else {
			c.caller.leg.Ring()
		}
	case sip.Answered:
		if c.answered {
			c.ringing = nil
			c.begin(o)
			return
		}
		o.picked = true
		c.first = func() { c.ringing = nil; c.begin(o) }
		c.caller.leg.Answer()
	case sip.Ended:
		if c.ringing = nil; c.over() {
			return
		}
		code, text := o.failure(e)
		if c.about != nil {
			c.about.inVain(o, code)
		}
		if c.lent || c.answered {
			c.finish("system", "")
			c.hangup("not reached")
			return
		}
		c.leaving = true
		c.caller.leg.Reject(code, text)
	}
}

// goTo has the caller of an answered call reach somebody of the house.
func (c *call) goTo(t Target) {
	f := c.floor
	switch t.Kind {
	case journal.ToQueue:
		c.enterQueue(Enqueue{Name: t.ID})
	case journal.ToFlow:
		c.state, _ = f.cfg.Script.Start(t.ID, c.number)
		c.advance(Begun{})
	default:
		if err := f.check(t, c.from); err != nil {
			c.hangup("not reached")
			return
		}
		c.ringing = c.reach(t, c.from, c.within)
	}
}
