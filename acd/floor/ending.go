package floor

import (
	"threering/acd/brain"
	"threering/acd/journal"
	"threering/sip"
)

// hangup ends the call from our side; the leg's end finishes it.
func (c *call) hangup(why string) {
	if c.leaving {
		return
	}
	c.leaving = true
	c.quiet()
	c.log.Info("hanging up", "why", why)
	if c.waiting != "" { // at once, since the leg's end may be long in coming: nobody shall be rung any more
		c.leaveQueue(why)
		c.floor.apply(brain.CallLeft{Call: c.id})
	}
	if c.caller.leg != nil && !c.lent {
		c.caller.leg.Hangup(sip.Reason{})
	}
	if c.caller.leg == nil || c.lent {
		c.finish("system", "")
	}
}

// cutOff ends the call because the center stops.
func (c *call) cutOff() {
	if c.callback != nil {
		c.suspend()
		return
	}
	c.cut = !c.leaving
	c.hangup("shutdown")
}

// quiet ends what the present step is doing.
func (c *call) quiet() {
	c.scene++
	c.asking, c.telling, c.booking = nil, nil, nil
	c.stopTimer()
}

func (c *call) stopTimer() {
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
}

// finish closes everything of the call. Nothing of it is left afterwards but its journal.
func (c *call) finish(by, why string) {
	if c.over() {
		return
	}
	f := c.floor
	c.quiet()
	c.endWait()
	c.orphan()
	c.endMoving()
	c.endCallback()
	c.dropAgent(0)
	if c.ringing != nil {
		f.withdraw(c.ringing.id, brain.CallerGone)
	}
	c.endGuests()
	if c.talk != nil {
		c.endTalk(by)
	} else if c.waiting != "" {
		c.leaveQueue("abandoned")
		f.apply(brain.CallLeft{Call: c.id})
		why = "abandoned"
	}
	if !c.lent && c.caller.port != nil {
		c.measure(c.caller, "caller", journal.Details{Device: c.caller.fromAddress()})
		if err := c.caller.port.Close(); err != nil {
			c.log.Warn("closing the caller's port", "error", err)
		}
	}
	if c.from != "" {
		f.later(brain.AgentReleased{Agent: c.from, Call: c.id})
	}
	outcome := c.outcome(why)
	delete(f.calls, c.id)
	c.endConsult()
	c.note(journal.CallEnded, journal.Details{By: by, Outcome: outcome})
	c.log.Info("call ended", "by", by, "outcome", outcome)
	f.cfg.Metrics.ended(outcome)
}

func (c *call) outcome(why string) journal.Outcome {
	switch {
	case c.joinedTo != nil:
		return journal.Merged
	case c.toBeCalled:
		return journal.ToCallBack
	case c.direction != "" && c.talks == 0 && !c.asked && !c.cut:
		return journal.NotReached
	case !c.answered:
		return journal.Failed
	case c.cut:
		return journal.Interrupted
	case c.unheard:
		return journal.Abandoned
	case c.talks > 0:
		return journal.Answered
	case why == "abandoned":
		return journal.Abandoned
	case c.gave:
		return journal.GaveUp
	case c.asked:
		return journal.Abandoned
	}
	return journal.Menu
}
