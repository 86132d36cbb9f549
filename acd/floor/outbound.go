package floor

import (
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

// placedBy opens a call whose caller is somebody of the house. In the midst of another it is a consultation.
func (c *call) placedBy(agent string, t Target) {
	f := c.floor
	c.from, c.placer, c.wanted = agent, agent, t
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

// talkOf is the call that an agent talks in; nil where they talk in none. Of several it is the first.
func (f *Floor) talkOf(agent string) *call {
	var found *call
	for _, c := range f.calls {
		if c.talk != nil && c.talk.agent == agent && (found == nil || c.before(found)) {
			found = c
		}
	}
	return found
}

// before says which of two talks of an agent comes first: one that is no consultation, then the older one.
func (c *call) before(other *call) bool {
	if (c.about == nil) != (other.about == nil) {
		return c.about == nil
	}
	return c.id < other.id
}

// customer makes a call out of the house.
func (f *Floor) customer(agent string, t Target) (*call, error) {
	c := f.newCall(journal.Out, f.cfg.Number(t.ID))
	c.dialled = t.ID
	var err error
	c.caller, err = f.side(visitor{c})
	return c, err
}

// openOut makes a call out of the house known. The pop comes with the offer of the agent.
func (c *call) openOut(agent string, t Target) {
	f := c.floor
	c.placer, c.wanted = agent, t
	f.open(c)
	c.consults(agent, t)
	c.note(journal.CallPlaced, journal.Details{Agent: agent, Number: c.number, Dialled: t.ID, Target: &t, Direction: c.direction, Other: c.other})
	f.lookUp(c)
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
