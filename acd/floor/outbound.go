package floor

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
	"threering/sip"
)

// newCall makes a call; open makes it known.
func (f *Floor) newCall(d journal.Direction, number string) *call {
	id := uuid.Must(uuid.NewV7()).String()
	return &call{floor: f, id: id, log: f.cfg.Log.With("call", id), direction: d, number: number}
}

func (f *Floor) open(c *call) {
	f.calls[c.id] = c
	f.cfg.Metrics.arrived()
}

// dialOut calls a number outside of the house for an agent. The trunk shows a number of its own.
func (f *Floor) dialOut(agent, number string, d sip.Dial) (*sip.Leg, error) {
	if f.cfg.Trunks == nil {
		return nil, fmt.Errorf("%w: %w", ErrNoTrunk, sip.ErrNotAllowed)
	}
	d.From, d.FromName = "", ""
	return f.cfg.Trunks.DialOut(agent, number, d)
}

// dialled takes a call from a telephone of the house: to a colleague, a queue, or a number outside.
func (f *Floor) dialled(leg *sip.Leg) {
	agent := leg.From().Device
	t, err := f.resolve(leg.To())
	if err == nil {
		err = f.check(t, agent)
	}
	if err == nil && t.Kind == journal.ToNumber {
		err = f.dialledOut(leg, agent, t)
	} else if err == nil {
		err = f.dialledWithin(leg, agent, t)
	}
	if err != nil {
		f.cfg.Log.Info("a telephone's call is refused", "device", agent, "dialled", leg.To(), "error", err)
		leg.Reject(refusal(err))
	}
}

// refusal is the status that tells a telephone why.
func refusal(err error) (int, string) {
	switch {
	case errors.Is(err, ErrTargetBusy):
		return 486, "Busy Here"
	case errors.Is(err, ErrNoPhone):
		return 480, "Temporarily Unavailable"
	case errors.Is(err, ErrNoTarget), errors.Is(err, ErrNoTrunk):
		return 404, "Not Found"
	case errors.Is(err, ErrNotNow):
		return 491, "Request Pending"
	}
	return 403, "Forbidden"
}

// dialledWithin is a call to a colleague or a queue. Who dials hears ringing until it is answered.
func (f *Floor) dialledWithin(leg *sip.Leg, agent string, t Target) error {
	c := f.newCall(journal.Internal, agent)
	var err error
	if c.caller, err = f.side(visitor{c}); err != nil {
		return err
	}
	c.placedBy(agent, t)
	c.caller.take(leg, c.id)
	if t.Kind == journal.ToAgent {
		c.ringing = c.reach(t, agent, c.within)
		return nil
	}
	c.first = func() { c.enterQueue(Enqueue{Name: t.ID}) }
	leg.Ring()
	leg.Answer()
	return nil
}

// placedBy opens a call whose caller is somebody of the house. In the midst of another it is a consultation.
func (c *call) placedBy(agent string, t Target) {
	f := c.floor
	c.from, c.wanted = agent, t
	if a := f.agents[agent]; a != nil {
		c.name = a.Name
	}
	f.open(c)
	c.consults(agent, t)
	c.note(journal.CallPlaced, journal.Details{Agent: agent, Number: c.number, Dialled: t.ID, Target: &t, Direction: c.direction, Other: c.other})
	f.apply(brain.AgentEngaged{Agent: agent, Call: c.id})
}

// consults makes a call that an agent begins in the midst of a talk a consultation about it.
func (c *call) consults(agent string, t Target) {
	about := c.floor.talkOf(agent)
	if about == nil || about == c {
		return
	}
	c.about, c.other, c.direction = about, about.id, journal.Consult
	if about.consult == nil {
		about.consult = c
	}
	about.note(journal.ConsultStarted, journal.Details{Agent: agent, Target: &t, Other: c.id})
}

// talkOf is the call that an agent talks in; nil where they talk in none.
func (f *Floor) talkOf(agent string) *call {
	for _, c := range f.calls {
		if c.talk != nil && c.talk.agent == agent {
			return c
		}
	}
	return nil
}

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
		if c.lent || c.answered {
			c.finish("system", "")
			c.hangup("not reached")
			return
		}
		c.leaving = true
		c.caller.leg.Reject(code, text)
	}
}

// dialledOut is a call that an agent dials to a number outside: the customer is the caller's side, the agent talks.
func (f *Floor) dialledOut(leg *sip.Leg, agent string, t Target) error {
	c, err := f.customer(agent, t)
	if err != nil {
		return err
	}
	o := c.direct(Target{Kind: journal.ToAgent, ID: agent}, agent, c.placed)
	if o.side, err = f.side(o); err != nil {
		c.caller.close()
		return err
	}
	c.placing = o
	c.openOut(agent, t)
	o.engage(false, false)
	o.side.take(leg, c.id)
	if err := c.dialCustomer(); err != nil {
		c.finish("system", "")
		return err
	}
	return nil
}

// customer makes a call out of the house.
func (f *Floor) customer(agent string, t Target) (*call, error) {
	c := f.newCall(journal.Out, f.cfg.Number(t.ID))
	c.dialled = t.ID
	var err error
	c.caller, err = f.side(visitor{c})
	return c, err
}

func (c *call) openOut(agent string, t Target) {
	f := c.floor
	c.wanted = t
	f.open(c)
	c.consults(agent, t)
	c.note(journal.CallPlaced, journal.Details{Agent: agent, Number: c.number, Dialled: t.ID, Target: &t, Direction: c.direction, Other: c.other})
	f.lookUp(c)
	f.publish(c.placing.popEvent())
}

// dialCustomer sends the INVITE out of the house.
func (c *call) dialCustomer() error {
	leg, err := c.floor.dialOut(c.placing.agent, c.dialled, sip.Dial{
		Media: c.caller.port, Notify: c.caller.told, Headers: map[string]string{"X-Threering-Call": c.id},
	})
	if err != nil {
		c.log.Warn("a number outside cannot be called", "agent", c.placing.agent, "number", c.dialled, "error", err)
		return err
	}
	leg.Label(c.id)
	c.caller.leg = leg
	c.after(ringNumber, func() { c.hangup("no answer") })
	return nil
}

// placed follows the phone of the agent who calls out.
func (c *call) placed(o *offer, e sip.Event) {
	switch e.(type) {
	case sip.Answered:
		switch {
		case c.over():
			o.side.leg.Hangup(sip.Reason{})
		case c.answered:
			c.placing = nil
			c.begin(o)
		case o.rung: // a click: now the customer is called
			o.late.Stop() // the phone has rung; what rings now is the customer's
			o.engage(false, false)
			if c.dialCustomer() != nil {
				c.finish("system", "")
			}
		}
	case sip.Ended:
		if !c.over() {
			c.placing = nil // it is gone already
			c.finish("agent", "")
			c.hangup("agent gone")
		}
	}
}

// out follows the customer's phone until the talk; false: it is none of a call out of the house.
func (c *call) out(e sip.Event) bool {
	o := c.placing
	if o == nil {
		return false
	}
	switch e.(type) {
	case sip.Ringing:
		if o.rung {
			o.side.port.Play(true, media.Ringback(c.floor.plan.Cadence))
		} else {
			o.side.leg.Ring()
		}
	case sip.Answered:
		c.answered = true
		c.note(journal.CallAnswered, journal.Details{})
		if !o.rung {
			o.side.leg.Answer()
			return true
		}
		o.side.port.Play(false)
		c.placing = nil
		c.begin(o)
	default:
		return false
	}
	return true
}

// dropAgent ends the leg of an agent whose call out has come to nothing.
func (c *call) dropAgent(code int) {
	o := c.placing
	if o == nil {
		return
	}
	c.placing = nil
	if o.late != nil {
		o.late.Stop()
	}
	if o.side.leg != nil {
		if code < 400 {
			code = 480
		}
		if !o.rung {
			o.side.leg.Reject(code, "Not Reached")
		}
		o.side.leg.Hangup(sip.Reason{})
	}
	o.withdrawn = brain.CallerGone
	if c.floor.offers[o.id] == nil {
		o.side.close()
		o.release()
	}
}

// Place calls somebody for an agent: their own phone rings first. It gives the id of the call. again is the call that is
// tried once more, or empty.
func (f *Floor) Place(ctx context.Context, agent string, t Target, again string) (id string, err error) {
	askErr := f.ask(ctx, func() {
		if id, err = f.click(agent, t, again); err != nil {
			err = fmt.Errorf("call %s for %s: %w", t.ID, agent, err)
		}
	})
	return id, errors.Join(askErr, err)
}

func (f *Floor) click(agent string, t Target, again string) (string, error) {
	a := f.agents[agent]
	switch {
	case a == nil:
		return "", ErrNoAgent
	case !a.reachable:
		return "", ErrNoPhone
	case !a.free() || f.ending:
		return "", ErrNotNow
	}
	if t.Kind == journal.ToNumber { // which may be one of the house
		own, err := f.resolve(t.ID)
		if err != nil {
			return "", err
		}
		t = own
	}
	if err := f.check(t, agent); err != nil {
		return "", err
	}
	if t.Kind == journal.ToNumber {
		return f.clickOut(agent, t, again)
	}
	return f.clickWithin(agent, t, again)
}

func (f *Floor) clickOut(agent string, t Target, again string) (string, error) {
	c, err := f.customer(agent, t)
	if err != nil {
		return "", err
	}
	c.other = again
	c.placing = c.direct(Target{Kind: journal.ToAgent, ID: agent}, agent, c.placed)
	c.openOut(agent, t)
	c.placing = c.reach(Target{Kind: journal.ToAgent, ID: agent}, agent, c.placed)
	return c.id, nil
}

// clickWithin calls an agent's phone, and once it is picked up whom they want.
func (f *Floor) clickWithin(agent string, t Target, again string) (string, error) {
	c := f.newCall(journal.Internal, agent)
	c.other = again
	var err error
	if c.caller, err = f.side(visitor{c}); err != nil {
		return "", err
	}
	c.caller.port.Carry(f.phones.Carriage(agent))
	leg, err := f.phones.Dial(agent, sip.Dial{
		From: t.ID, Media: c.caller.port, Notify: c.caller.told, Headers: map[string]string{"X-Threering-Call": c.id},
	})
	if err != nil {
		c.caller.close()
		return "", fmt.Errorf("%w: %w", ErrNoPhone, err)
	}
	leg.Label(c.id)
	c.caller.leg = leg
	c.placedBy(agent, t)
	c.first = func() { c.quiet(); c.goTo(t) }
	c.after(ringAgent, func() { c.hangup("no answer") })
	return c.id, nil
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
