package floor

import (
	"time"

	"threering/acd/journal"
	"threering/media"
	"threering/sip"
)

// awayMost is how long a caller waits for an agent whose browser was closed in the talk, or loaded anew.
const awayMost = 15 * time.Second

// autoAnswer has a page take up a talk without ringing.
var autoAnswer = map[string]string{"X-Threering-Resume": "yes"}

// browserOf tells the talk of an agent that the browser is gone, or back.
func (f *Floor) browserOf(agent string, reachable bool) {
	for _, c := range f.calls {
		if c.talk == nil || c.talk.agent != agent || !c.talk.offer.browser {
			continue
		}
		if reachable {
			c.talk.offer.back()
		} else {
			c.talk.offer.lost()
		}
	}
}

// lost is that the browser of an agent in a talk is gone: its leg is dead, though nobody has hung up. The agent may be back
// within seconds, and until then the talk stands.
func (o *offer) lost() {
	c, t := o.call, o.call.talk
	if t.rejoin != nil { // gone again: its end is the next try's beginning
		t.rejoin.leg.Hangup(sip.Reason{})
	}
	if t.away != nil {
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

// back calls an agent's browser that is there again; the page answers by itself.
func (o *offer) back() {
	c, t := o.call, o.call.talk
	if t.away == nil || t.rejoin != nil || o.floor.phones.Carriage(o.agent) != media.Browser {
		return
	}
	next, err := o.dial(o.rejoins, autoAnswer)
	if err != nil {
		c.log.Warn("the agent's browser cannot be called back", "agent", o.agent, "error", err)
		if next.port != nil {
			next.port.Close()
		}
		return
	}
	t.rejoin = &next
}

// rejoins follows the leg by which an agent comes back, and later the talk by it.
func (o *offer) rejoins(e sip.Event) {
	c := o.call
	if c.talk == nil || c.talk.offer != o || c.talk.rejoin == nil {
		o.heard(e)
		return
	}
	switch e := e.(type) {
	case sip.Answered:
		o.takeUp()
	case sip.Ended:
		c.log.Warn("the agent's browser did not take up the talk", "agent", o.agent, "code", e.Code)
		c.talk.rejoin.port.Close()
		c.talk.rejoin = nil
		if e.Local && o.floor.agents[o.agent].reachable {
			o.back()
		}
	}
}

// takeUp puts the new leg into the place of the dead one.
func (o *offer) takeUp() {
	c, t := o.call, o.call.talk
	t.away.Stop()
	next, former := *t.rejoin, o.side
	t.rejoin, t.away = nil, nil
	joined := t.bridge != nil
	if former.held { // the new leg holds nobody
		c.holds(&o.side, false)
	}
	t.unbridge()
	o.side = next
	if t.untap != nil {
		t.untap()
		c.tap()
	}
	c.measure(former.port, "agent", journal.Details{Talk: t.number, Agent: t.agent, Device: t.agent})
	former.port.Close()
	former.leg.Hangup(sip.Reason{})
	c.note(journal.LegBack, journal.Details{By: "agent", Agent: o.agent})
	if joined {
		c.bridge()
	}
}

// stay ends the wait for an agent who is away: the talk is over.
func (t *talk) stay() {
	if t.away != nil {
		t.away.Stop()
		t.away = nil
	}
	if t.rejoin != nil {
		t.rejoin.port.Close()
		t.rejoin.leg.Hangup(sip.Reason{})
		t.rejoin = nil
	}
}
