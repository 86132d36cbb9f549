package floor

import (
	"context"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
	"threering/sip"
)

// Consult has the agent of a call speak with somebody else meanwhile, by the same phone; the caller hears music. It gives the
// id of the consultation, which is a call of its own. The agent's hanging up puts the caller through (Complete), Return
// brings them back.
func (f *Floor) Consult(ctx context.Context, of string, by Asker, t Target) (id string, err error) {
	err = f.command(ctx, of, by, func(c *call) error {
		t, err := f.meant(t)
		if err == nil {
			id, err = c.consultBy(t, by.instead(c))
		}
		return err
	})
	return id, err
}

// consultBy begins a consultation by the agent's own leg, which is lent to it. person is who wants it in the agent's place, if
// anybody.
func (c *call) consultBy(t Target, person string) (string, error) {
	f, agent := c.floor, c.talk.agent
	if c.moving != nil || c.consult != nil || len(c.guests) > 0 || agent == "" || t.Kind == journal.ToFlow {
		return "", ErrNotNow
	}
	if err := f.check(t, agent); err != nil {
		return "", err
	}
	if t.ID == c.from && t.Kind == journal.ToAgent {
		return "", ErrSelf
	}
	c.talk.failed = nil
	d := f.newCall(journal.Internal, agent)
	d.caller, d.lent, d.answered = c.talk.offer.side, true, true
	c.part()
	c.caller.music = c.caller.port.Play(true, f.music()...)
	c.note(journal.TalkHeld, journal.Details{By: "agent", Agent: agent, Person: person})
	d.placedBy(agent, t)
	if t.Kind == journal.ToQueue {
		d.enterQueue(Enqueue{Name: t.ID})
		return d.id, nil
	}
	d.caller.port.Play(true, media.Ringback(f.plan.Cadence))
	d.ringing = d.reach(t, agent, d.within)
	return d.id, nil
}

// Return ends a call's consultation: the agent is back with the caller.
func (f *Floor) Return(ctx context.Context, id string, by Asker) error {
	return f.command(ctx, id, by, func(c *call) error {
		if c.consult == nil || !c.consult.lent {
			return ErrNotNow
		}
		c.consult.finish("agent", "")
		return nil
	})
}

// Complete joins a call with its consultation: the caller goes on with who was consulted, or waits for them; the agent is
// done with both.
func (f *Floor) Complete(ctx context.Context, id string, by Asker) error {
	return f.command(ctx, id, by, func(c *call) error {
		if err := c.joinable(c.consult, c.talk.agent); err != nil {
			return err
		}
		c.complete(c.consult, c.talk.agent, by.instead(c), nil)
		return nil
	})
}

// complete joins a consultation that is joinable with the call, for an agent of both. person is who wants it in the agent's place,
// if anybody.
func (c *call) complete(d *call, agent, person string, refer *sip.Referral) {
	c.note(journal.TransferAsked, journal.Details{Agent: agent, Other: d.id, By: "agent", Person: person})
	m := &moving{by: agent, refer: refer, steps: c.mayStepOut(agent)}
	switch {
	case d.talk != nil:
		o := d.letGo(agent)
		o.join(c)
		c.note(journal.TransferDone, journal.Details{Agent: agent, Target: o.target(), Other: d.id})
		m.tell(200, "OK")
		c.merged(d)
		c.leaveTo(agent)
		c.begin(o)
	case d.waiting != "":
		queue := d.waiting
		c.moving = m
		c.merged(d)
		c.handOver(Target{Kind: journal.ToQueue, ID: queue})
	default: // it still rings
		o := d.ringing
		d.ringing = nil
		o.join(c)
		o.told = c.moved
		m.offer = o
		c.merged(d)
		c.moving = m
		if m.steps {
			c.ringsForCallee()
			return
		}
		c.part()
		c.caller.music = nil
		c.caller.port.Play(true, media.Ringback(c.floor.plan.Cadence))
	}
}

// letGo takes the far side out of a call, as an offer that can stand in another: who was called, or, of a call out of the
// house, the number.
func (c *call) letGo(agent string) *offer {
	t := c.talk
	o := t.offer
	if !t.joined { // what is whispered ends
		t.offer.side.port.Play(false)
	}
	if t.agent == agent { // the far side is the caller's
		o = c.direct(Target{Kind: journal.ToNumber, ID: c.number}, agent, c.moved)
		o.side, o.taken = c.caller, true
		c.lent = true // finish leaves it alone
	} else {
		t.keeps = true // so does the end of the talk
	}
	o.side.music = nil
	return o
}

// join brings an offer from a consultation into the call; its agent is engaged with that from now on.
func (o *offer) join(c *call) {
	f, former := o.floor, o.call
	own := o.told == nil // the brain has made it: to the consultation it is a talk like any other
	o.call, o.told, o.rung = c, c.moved, o.rung && !o.taken
	o.side.party = o
	if o.agent != "" {
		f.apply(brain.AgentEngaged{Agent: o.agent, Call: c.id, Rings: !o.taken})
		if own {
			f.apply(brain.TalkEnded{Call: former.id})
		} else {
			f.apply(brain.AgentReleased{Agent: o.agent, Call: former.id})
		}
		if a := f.agents[o.agent]; a != nil { // the state is the same, but of another call
			a.call = c.id
			f.publishAgent(a)
		}
		if o.taken {
			f.publish(o.popEvent())
		}
	}
}

// merged ends a consultation that goes on as this call.
func (c *call) merged(d *call) {
	d.note(journal.CallMerged, journal.Details{Other: c.id, Why: journal.MergedAway})
	c.note(journal.CallMerged, journal.Details{Other: d.id})
	d.joinedTo = c
	d.finish("agent", "merged")
	if !d.lent {
		d.hangup("merged")
	}
}

// endConsult is that a consultation is over: where it was by the agent's own leg, the agent is back with the caller.
func (c *call) endConsult() {
	about := c.about
	if about == nil || about.over() || about.consult != c {
		return
	}
	about.consult = nil
	if c.joinedTo != nil {
		return
	}
	about.note(journal.ConsultEnded, journal.Details{Other: c.id})
	if !c.lent || about.talk == nil || c.caller != about.talk.offer.side {
		return
	}
	c.caller.port.Play(false)
	if about.caller.music != nil {
		about.caller.music.Stop()
		about.caller.music = nil
	}
	about.note(journal.TalkResumed, journal.Details{By: "agent", Agent: about.talk.agent})
	about.again()
}

// orphan lets a consultation go on where the caller that it was about has hung up: the agent's leg is its own now.
func (c *call) orphan() {
	d := c.consult
	if d == nil {
		return
	}
	c.consult = nil
	c.note(journal.ConsultEnded, journal.Details{Other: d.id})
	d.about = nil
	if d.lent && c.talk != nil {
		c.talk.keeps = true
		d.lent = false
		d.caller.party = visitor{d}
	}
}
