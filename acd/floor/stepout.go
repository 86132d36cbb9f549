package floor

import (
	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
	"threering/sip"
)

// Somebody of the house who has called a colleague may put them through to somebody else, and steps out: the colleague takes the
// caller's place, for theirs is the call from then on.

// mayStepOut says whether the agent has called somebody within the house, and talks with them.
func (c *call) mayStepOut(agent string) bool {
	within := c.direction == journal.Internal || c.direction == journal.Consult
	return within && c.from == agent && !c.lent && c.talk != nil && c.talk.joined && c.talk.agent != ""
}

// putThrough begins a blind transfer of who was called, by who has called.
func (c *call) putThrough(t Target, refer *sip.Referral) error {
	f, by := c.floor, c.from
	if c.moving != nil || c.consult != nil || len(c.guests) > 0 {
		return ErrNotNow
	}
	if t.Kind == journal.ToAgent && t.ID == c.talk.agent {
		return ErrSelf
	}
	if err := f.check(t, by); err != nil {
		return err
	}
	if refer != nil {
		refer.Accept()
	}
	c.note(journal.TransferAsked, journal.Details{Agent: by, Target: &t, By: "agent"})
	c.moving = &moving{by: by, refer: refer, steps: true}
	if t.Kind == journal.ToQueue || t.Kind == journal.ToFlow {
		c.handOver(t)
		return nil
	}
	c.ringsForCallee()
	c.moving.offer = c.reach(t, by, c.moved)
	return nil
}

// ringsForCallee parts the two, and has who was called hear the ringing of who they are put through to.
func (c *call) ringsForCallee() {
	c.part()
	c.talk.offer.side.music = nil
	c.talk.offer.side.port.Play(true, media.Ringback(c.floor.plan.Cadence))
	c.standsFor(c.talk.agent)
}

// standsFor has the call be that of somebody of the house, as those who are rung for it see it.
func (c *call) standsFor(agent string) {
	c.number, c.name = agent, ""
	if a := c.floor.agents[agent]; a != nil {
		c.name = a.Name
	}
}

// staysIn is that who wanted to step out talks on with who was called, since nobody else has answered.
func (c *call) staysIn() {
	c.talk.offer.side.port.Play(false)
	c.standsFor(c.from)
}

// stepOut ends the talk and the caller's leg; the agent of the talk is the caller from now on.
func (c *call) stepOut(by string) {
	f, o, former, who := c.floor, c.talk.offer, c.caller, c.from
	c.talk.keeps, c.talk.stays = true, true
	c.endTalk(by)
	c.endWait()
	c.endConsult()
	c.about = nil
	c.caller, c.from = o.side, o.agent
	c.caller.music, c.caller.party = nil, visitor{c}
	c.standsFor(o.agent)
	f.apply(brain.AgentEngaged{Agent: o.agent, Call: c.id})
	if o.told == nil {
		f.apply(brain.TalkEnded{Call: c.id})
	}
	c.measure(former, "caller", journal.Details{Device: former.fromAddress()})
	former.close()
	former.leg.Hangup(sip.Reason{})
	f.later(brain.AgentReleased{Agent: who, Call: c.id})
}

// leaveTo ends the part of an agent in the call, who has put the other side through.
func (c *call) leaveTo(agent string) {
	switch {
	case c.mayStepOut(agent):
		c.stepOut("transfer")
	case c.talk != nil:
		c.endTalk("transfer")
	}
}
