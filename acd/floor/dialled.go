package floor

import (
	"errors"

	"threering/acd/journal"
	"threering/sip"
)

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
	f.publish(o.popEvent())
	o.engage(false, false)
	o.side.take(leg, c.id)
	if err := c.dialCustomer(); err != nil {
		c.finish("system", "")
		return err
	}
	return nil
}
