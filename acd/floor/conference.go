package floor

import (
	"context"
	"slices"

	"threering/acd/journal"
	"threering/sip"
)

// Conference brings the caller, the agent and who was consulted together. The consultation is merged into the call.
func (f *Floor) Conference(ctx context.Context, id string, by Asker) error {
	return f.command(ctx, id, by, func(c *call) error {
		d := c.consult
		if err := c.joinable(d, c.talk.agent); err != nil {
			return err
		}
		if d.talk == nil {
			return ErrNotNow
		}
		c.confer(d, by.instead(c))
		return nil
	})
}

// confer takes the far side of a consultation into the call as a guest. person is who wants it in the agent's place, if
// anybody.
func (c *call) confer(d *call, person string) {
	agent := c.talk.agent
	o := d.letGo(agent)
	o.join(c)
	o.engage(false, true)
	c.guests = append(c.guests, o)
	lent := d.lent && d.caller == c.talk.offer.side
	c.merged(d)
	c.note(journal.GuestJoined, journal.Details{Agent: o.agent, Target: o.target(), Other: d.id, Person: person})
	if lent { // the caller was held for it
		if c.caller.music != nil {
			c.caller.music.Stop()
			c.caller.music = nil
		}
		c.note(journal.TalkResumed, journal.Details{By: "agent", Agent: agent})
	}
	c.present(o.person(), "guest", true)
	c.again()
}

// person names who an offer was for, in a recording's index.
func (o *offer) person() string {
	if o.agent != "" {
		return o.agent
	}
	return o.number
}

// guestLeft is the end of a guest's leg; false: it is no guest's.
func (c *call) guestLeft(o *offer) bool {
	if !slices.Contains(c.guests, o) {
		return false
	}
	c.dismiss(o, "")
	return true
}

// dismiss hangs up on a guest. person is who wants it, where it was not the guest who left.
func (c *call) dismiss(o *offer, person string) {
	c.guests = slices.DeleteFunc(c.guests, func(g *offer) bool { return g == o })
	c.measure(o.side, "guest", journal.Details{Agent: o.agent})
	o.side.close()
	o.side.leg.Hangup(sip.Reason{})
	o.release()
	c.note(journal.GuestLeft, journal.Details{Agent: o.agent, Target: o.target(), Person: person})
	c.present(o.person(), "guest", false)
	c.rearrange()
}

// promote has the first guest talk with the caller, when the agent has left a conference.
func (c *call) promote() {
	o := c.guests[0]
	c.guests = slices.Delete(c.guests, 0, 1)
	o.rung = false
	c.begin(o)
}

// endGuests hangs up on everybody else of a call that is over.
func (c *call) endGuests() {
	for len(c.guests) > 0 {
		c.dismiss(c.guests[0], "")
	}
	for len(c.watchers) > 0 {
		c.unwatch(c.watchers[0])
	}
}

// RemoveGuest takes somebody out of a conference, by the id or the number that they were reached by.
func (f *Floor) RemoveGuest(ctx context.Context, id string, by Asker, guest string) error {
	return f.command(ctx, id, by, func(c *call) error {
		for _, o := range c.guests {
			if o.person() == guest {
				c.dismiss(o, by.Person)
				return nil
			}
		}
		return ErrNoTarget
	})
}
