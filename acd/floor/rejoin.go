package floor

import (
	"time"

	"threering/acd/journal"
	"threering/sip"
)

// awayMost is how long one side waits for the other whose browser was closed in the talk, or loaded anew.
const awayMost = 15 * time.Second

// redial is how long after a call to the agent's browser has failed the next one is tried.
const redial = time.Second

// autoAnswer has a page take up a talk without ringing.
func autoAnswer() map[string]string { return map[string]string{"X-Threering-Resume": "yes"} }

// lost is that the caller's browser is gone. The same page may connect again within seconds.
func (c *call) lost() {
	if c.away != nil {
		return
	}
	c.log.Info("the caller's browser is gone")
	c.note(journal.LegLost, journal.Details{By: "caller"})
	c.away = time.AfterFunc(awayMost, func() { c.floor.do(c.gone) })
}

// back is that the caller's browser is there again. A page that was loaded anew knows of no call: the caller has hung up.
func (c *call) back(same bool) {
	switch {
	case c.away == nil:
	case same:
		c.endWait()
		c.note(journal.LegBack, journal.Details{By: "caller"})
	default:
		c.gone()
	}
}

// gone ends the call of a caller who has not come back.
func (c *call) gone() {
	if c.away != nil && !c.over() {
		c.finish("caller", "")
		c.hangup("away")
	}
}

// endWait waits no longer for a caller who was away.
func (c *call) endWait() {
	if c.away != nil {
		c.away.Stop()
		c.away = nil
	}
}

// lost is that the browser of an agent in a talk is gone: its leg is dead, though nobody has hung up. The agent may be back
// within seconds, and until then the talk stands.
func (o *offer) lost() {
	c, t := o.call, o.call.talk
	if t == nil || t.offer != o || t.away != nil {
		return
	}
	c.log.Info("the agent's browser is gone", "agent", o.agent)
	c.note(journal.LegLost, journal.Details{By: "agent", Agent: o.agent})
	t.away = time.AfterFunc(awayMost, func() { c.floor.do(o.gone) })
}

// gone ends the talk of an agent who has not come back.
func (o *offer) gone() {
	if c := o.call; c.talk != nil && c.talk.offer == o && c.talk.away != nil {
		c.agentLeft(o, sip.Ended{Local: true})
	}
}

// back is that an agent's browser is there again. The same page goes on with its leg; another is called, and answers by
// itself.
func (o *offer) back(same bool) {
	c, t := o.call, o.call.talk
	switch {
	case t == nil || t.offer != o || t.away == nil:
	case same:
		t.endWait()
		c.note(journal.LegBack, journal.Details{By: "agent", Agent: o.agent})
	default:
		o.resume()
	}
}

// resume calls the browser of an agent who is away. A call to a page that has been loaded anew once more is given up for it.
func (o *offer) resume() {
	c, t := o.call, o.call.talk
	t.giveUp()
	next, err := o.dial(autoAnswer())
	if err != nil {
		c.log.Warn("the agent's browser cannot be called back", "agent", o.agent, "error", err)
		if next.port != nil {
			next.port.Close()
		}
		o.resumeSoon()
		return
	}
	t.rejoin = next
}

// resumeSoon tries again, as long as the agent is waited for.
func (o *offer) resumeSoon() {
	t := o.call.talk
	t.again = time.AfterFunc(redial, func() {
		o.floor.do(func() {
			if o.call.talk == t && t.away != nil && t.rejoin == nil {
				o.resume()
			}
		})
	})
}

// returning says whether a leg is the one by which the agent is coming back.
func (o *offer) returning(s *side) bool {
	t := o.call.talk
	return t != nil && t.offer == o && t.rejoin == s
}

// rejoins follows that leg.
func (o *offer) rejoins(e sip.Event) {
	switch e := e.(type) {
	case sip.Answered:
		o.takeUp()
	case sip.Ended:
		t := o.call.talk
		o.call.log.Warn("the agent's browser did not take up the talk", "agent", o.agent, "code", e.Code)
		t.rejoin.port.Close()
		t.rejoin = nil
		o.resumeSoon()
	}
}

// takeUp puts the new leg into the place of the dead one.
func (o *offer) takeUp() {
	c, t := o.call, o.call.talk
	t.away.Stop()
	next, former := t.rejoin, o.side
	t.rejoin, t.away = nil, nil
	if former.held { // the new leg holds for itself
		c.holds(former, false)
	}
	t.unbridge()
	o.side = next
	c.tap()
	if d := c.consult; d != nil && d.lent {
		d.caller = next
	}
	c.measure(former, "agent", journal.Details{Talk: t.number, Agent: t.agent, Device: t.agent})
	former.port.Close()
	former.leg.Hangup(sip.Reason{})
	c.note(journal.LegBack, journal.Details{By: "agent", Agent: o.agent})
	if d := c.consult; d != nil && d.lent {
		if d.talk != nil && d.talk.joined {
			d.talk.unbridge()
			d.bridge()
		}
		return
	}
	if !t.joined || c.moving != nil || !c.bridge() {
		return
	}
	if c.caller.held {
		next.music = next.port.Play(true, c.floor.music()...)
	}
	if next.held {
		c.holds(next, true)
	}
}

// endWait waits no longer for an agent who was away: they are back, or the talk is over.
func (t *talk) endWait() {
	if t.away != nil {
		t.away.Stop()
		t.away = nil
	}
	t.giveUp()
}

// giveUp ends the call to the agent's browser that is under way, if there is one, and that which would be tried next.
func (t *talk) giveUp() {
	if t.again != nil {
		t.again.Stop()
		t.again = nil
	}
	if t.rejoin != nil {
		t.rejoin.port.Close()
		t.rejoin.leg.Hangup(sip.Reason{})
		t.rejoin = nil
	}
}
