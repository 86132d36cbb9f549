package floor

import (
	"context"
	"strconv"
	"time"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/sip"
)

// How long a phone rings for somebody who was asked for by name: a colleague, or a number outside.
const (
	ringAgent  = 25 * time.Second
	ringNumber = 60 * time.Second
)

// direct makes an offer that somebody has asked for, not the brain: of a call to one agent, or to a number outside. told
// hears of its ringing, its answer, and its end if that comes first.
func (c *call) direct(t Target, asker string, told func(o *offer, e sip.Event)) *offer {
	f := c.floor
	f.serial++
	o := &offer{floor: f, id: "d" + strconv.Itoa(f.serial), call: c, queue: c.queue.Name, asker: asker, told: told, side: &side{}}
	if t.Kind == journal.ToAgent {
		o.agent = t.ID
	} else {
		o.number = t.ID
	}
	return o
}

// reach rings the target of a direct offer, after the pop.
func (c *call) reach(t Target, asker string, told func(o *offer, e sip.Event)) *offer {
	f, o := c.floor, c.direct(t, asker, told)
	f.offers[o.id] = o
	c.note(journal.OfferMade, journal.Details{Offer: o.id, Agent: o.agent, Queue: o.queue, Target: &t, By: asker})
	o.engage(true, false)
	most := ringNumber
	if o.agent != "" {
		most = ringAgent
	}
	o.late = time.AfterFunc(most, func() { f.do(func() { f.withdraw(o.id, brain.Unanswered) }) })
	if o.agent == "" {
		f.do(o.ring) // not at once: who asks must have the offer before it can end
		return o
	}
	pop := o.popEvent()
	f.beside(func() {
		ctx, cancel := context.WithTimeout(context.Background(), popHead)
		defer cancel()
		f.cfg.Publisher.Publish(ctx, pop)
		f.inbox.put(o.ring)
	})
	return o
}

// engage tells the brain that the agent of a direct offer is busy with it: their phone rings, or they talk.
func (o *offer) engage(rings, wraps bool) {
	if o.agent == "" {
		return
	}
	e := brain.AgentEngaged{Agent: o.agent, Call: o.call.id, Rings: rings}
	if q, some := o.wrapsUp(); some && wraps {
		e.WrapUp, e.Breather = q.WrapUp, q.Breather
	}
	o.floor.apply(e)
}

// wrapsUp is the queue by which the agent wraps a direct call up: the one that the caller asked in, else the first that the
// agent serves. A call within the house needs none.
func (o *offer) wrapsUp() (Queue, bool) {
	f, c := o.floor, o.call
	if c.direction == journal.Internal || c.direction == journal.Consult {
		return Queue{}, false
	}
	name := c.queue.Name
	if own := f.queuesOf(o.agent); name == "" && len(own) > 0 {
		name = own[0]
	}
	return f.queue(name), name != ""
}

// release tells the brain that a talk is over.
func (o *offer) release() {
	f := o.floor
	switch {
	case o.told == nil:
		f.later(brain.TalkEnded{Call: o.call.id})
	case o.agent != "":
		f.later(brain.AgentReleased{Agent: o.agent, Call: o.call.id})
	}
}

// target is who a direct offer goes to.
func (o *offer) target() *Target {
	if o.agent != "" {
		return &Target{Kind: journal.ToAgent, ID: o.agent}
	}
	return &Target{Kind: journal.ToNumber, ID: o.number}
}

// begin makes a talk of a direct offer that was answered.
func (c *call) begin(o *offer) {
	f := c.floor
	delete(f.offers, o.id)
	o.taken = true
	if o.late != nil {
		o.late.Stop()
	}
	c.quiet()
	c.talks++
	c.talk = &talk{number: c.talks, agent: o.agent, offer: o}
	if o.rung {
		c.note(journal.OfferAnswered, journal.Details{Offer: o.id, Agent: o.agent, Target: o.target()})
		f.cfg.Metrics.offerEnded("answered")
	}
	o.engage(false, true)
	c.log.Info("talking", "agent", o.agent, "number", o.number)
	c.record()
	if c.asked {
		c.note(journal.CallerHears, journal.Details{Agent: o.agent})
		c.unserved = time.Time{}
	}
	c.join()
}

// failure is the status that tells why a direct offer has ended without a talk.
func (o *offer) failure(e sip.Ended) (int, string) {
	switch {
	case o.withdrawn == brain.Unanswered:
		return 408, "No Answer"
	case e.Code == 486 || e.Code == 600:
		return 486, "Busy Here"
	case e.Code >= 400 && e.Code != 487:
		return e.Code, "Not Reached"
	}
	return 480, "Temporarily Unavailable"
}
