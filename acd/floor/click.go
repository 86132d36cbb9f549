package floor

import (
	"context"
	"errors"
	"fmt"

	"threering/acd/journal"
	"threering/sip"
)

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
	t, err := f.meant(t)
	if err != nil {
		return "", err
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
