package floor

import (
	"context"
	"errors"
	"fmt"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
	"threering/sip"
)

// moving is a transfer under way: the target's phone rings, and who asked for it may still be there. Nil where a caller is
// only brought back to who has put them through in vain.
type moving struct {
	offer *offer // the target's
	by    string // the agent who transfers
	refer *sip.Referral
	back  bool // the caller comes back to by
	steps bool // by is the caller, and who was called is put through
}

// tell tells the phone that asked for a transfer how it goes.
func (m *moving) tell(code int, text string) {
	if m != nil && m.refer != nil {
		m.refer.Progress(code, text)
	}
}

// Transfer puts the caller of a call through to somebody else, without asking them (blind); or who was called, for a colleague who
// has called them. While the target's phone rings the agent may wait or hang up; if nobody answers the other is back with them.
func (f *Floor) Transfer(ctx context.Context, id string, by Asker, t Target) error {
	may := func(c *call) bool { return by.owns(c) || c.mayStepOut(by.Person) }
	return f.commandIf(ctx, id, may, func(c *call) error {
		t, err := f.meant(t)
		if err != nil {
			return err
		}
		if c.mayStepOut(by.Person) {
			return c.putThrough(t, nil)
		}
		return c.transfer(t, by.instead(c), nil)
	})
}

// Asker is who wants something done with a call: the agent whose talk it must be, or somebody who may have it done in any
// agent's place.
type Asker struct {
	Person string
	Any    bool
}

// owns says whether the call is theirs to do something with.
func (a Asker) owns(c *call) bool { return a.Any || c.talk.agent == a.Person }

// instead is who asks, where that is not the agent who talks in the call.
func (a Asker) instead(c *call) string {
	if c.talk != nil && c.talk.agent == a.Person {
		return ""
	}
	return a.Person
}

// command has the loop do something with a call that an agent talks in.
func (f *Floor) command(ctx context.Context, id string, by Asker, do func(c *call) error) error {
	return f.commandIf(ctx, id, by.owns, do)
}

// commandIf does so where that may be.
func (f *Floor) commandIf(ctx context.Context, id string, may func(c *call) bool, do func(c *call) error) error {
	var err error
	askErr := f.ask(ctx, func() {
		c := f.calls[id]
		switch {
		case c == nil:
			err = ErrNoCall
		case c.talk != nil && !may(c):
			err = ErrNotYours
		case c.talk == nil || !c.talk.joined || c.leaving:
			err = ErrNotNow
		default:
			err = do(c)
		}
	})
	return errors.Join(askErr, err)
}

// transfer begins a blind transfer by the agent who talks. person is who wants it in the agent's place, if anybody.
func (c *call) transfer(t Target, person string, refer *sip.Referral) error {
	f, by := c.floor, c.talk.agent
	switch {
	case c.moving != nil || c.consult != nil && c.consult.lent || len(c.guests) > 0:
		return ErrNotNow
	case c.direction == journal.Internal && c.from == by:
		return ErrNotNow
	case by == "" && t.Kind == journal.ToNumber: // no agent talks who would be allowed, or not, to call there
		return ErrNotNow
	}
	if err := f.check(t, by); err != nil {
		return err
	}
	if c.from != "" && t.Kind == journal.ToAgent && t.ID == c.from {
		return ErrSelf
	}
	if refer != nil {
		refer.Accept()
	}
	c.talk.failed = nil
	c.note(journal.TransferAsked, journal.Details{Agent: by, Target: &t, By: "agent", Person: person})
	c.moving = &moving{by: by, refer: refer}
	if t.Kind == journal.ToQueue || t.Kind == journal.ToFlow {
		c.handOver(t)
		return nil
	}
	c.part()
	c.caller.port.Play(true, media.Ringback(f.plan.Cadence))
	c.moving.offer = c.reach(t, by, c.moved)
	return nil
}

// handOver gives the caller to a queue or a flow, which takes them at once.
func (c *call) handOver(t Target) {
	m := c.moving
	c.moving, c.transferred = nil, true
	m.tell(200, "OK")
	c.note(journal.TransferDone, journal.Details{Agent: m.by, Target: &t})
	c.leaveTo(m.by)
	if t.Kind == journal.ToFlow {
		c.state, _ = c.floor.cfg.Script.Start(t.ID, c.number)
		c.advance(Begun{})
		return
	}
	c.enterQueue(Enqueue{Name: t.ID})
}

// part has caller and agent hear each other no more, for a while. Who holds is noted to do so no more.
func (c *call) part() {
	for _, s := range []*side{c.caller, c.talk.offer.side} {
		if s.held {
			c.holds(s, false)
			s.held = true // for when they are joined again
		}
	}
	c.talk.unbridge()
}

// moved follows the phone of who the caller is put through to.
func (c *call) moved(o *offer, e sip.Event) {
	m := c.moving
	if c.over() || m == nil || m.offer != o {
		if _, answered := e.(sip.Answered); answered {
			o.side.leg.Hangup(sip.Reason{})
		}
		return
	}
	switch e := e.(type) {
	case sip.Ringing:
		m.tell(180, "Ringing")
	case sip.Answered:
		c.moving, c.transferred = nil, true
		m.tell(200, "OK")
		if !m.back {
			c.note(journal.TransferDone, journal.Details{Agent: m.by, Target: o.target()})
		}
		c.leaveTo(m.by)
		c.begin(o)
	case sip.Ended:
		c.notMoved(m, o, e)
	}
}

// notMoved brings the caller back to who put them through: at once where they are still there, else by ringing them. Where
// they cannot be had either, the caller waits in the queue again, or goes on as after a talk.
func (c *call) notMoved(m *moving, o *offer, e sip.Ended) {
	c.moving = nil
	code, text := o.failure(e)
	m.tell(code, text)
	c.inVain(o, code)
	if !m.back {
		c.note(journal.TransferFailed, journal.Details{Agent: m.by, Target: o.target(), Code: code, Why: string(o.withdrawn)})
	}
	switch a := c.floor.agents[m.by]; {
	case c.talk != nil:
		if m.steps {
			c.staysIn()
		}
		c.again()
	case !m.back && a != nil && a.free():
		back := Target{Kind: journal.ToAgent, ID: m.by}
		c.moving = &moving{by: m.by, back: true}
		c.moving.offer = c.reach(back, m.by, c.moved)
	case c.queue.Name != "":
		c.transferred = true
		c.enterQueue(c.queue)
	default:
		c.hush()
		c.advance(Talked{})
	}
}

// again joins caller and agent, who were parted.
func (c *call) again() {
	c.hush()
	if !c.bridge() {
		return
	}
	for _, s := range []*side{c.caller, c.talk.offer.side} {
		if s.held {
			c.holds(s, true)
		}
	}
}

// endMoving stops the phone that rings for the caller.
func (c *call) endMoving() {
	if m := c.moving; m != nil {
		c.moving = nil
		m.tell(487, "Request Terminated")
		if m.offer != nil {
			c.floor.withdraw(m.offer.id, brain.CallerGone)
		}
	}
}

// refers takes an agent's wish, from their phone, to put the caller through.
func (o *offer) refers(r *sip.Referral) {
	c := o.call
	if !o.taken || c.talk == nil || c.talk.offer != o || o.agent == "" || c.leaving {
		r.Refuse(403, "Forbidden")
		return
	}
	if r.With != nil {
		o.floor.attended(o.agent, o.side.leg, r)
		return
	}
	t, err := o.floor.resolve(r.To)
	if err == nil {
		err = c.transfer(t, "", r)
	}
	if err != nil {
		c.log.Info("a transfer is refused", "agent", o.agent, "target", r.To, "error", err)
		r.Refuse(refusal(err))
	}
}

// referred takes the wish of somebody of the house who has called: to put who they called through, or to join two of their calls.
func (c *call) referred(r *sip.Referral) {
	switch {
	case c.from == "" || c.leaving:
		r.Refuse(403, "Forbidden")
		return
	case r.With != nil:
		c.floor.attended(c.from, c.caller.leg, r)
		return
	case !c.mayStepOut(c.from):
		r.Refuse(403, "Forbidden")
		return
	}
	t, err := c.floor.resolve(r.To)
	if err == nil {
		err = c.putThrough(t, r)
	}
	if err != nil {
		c.log.Info("a transfer is refused", "agent", c.from, "target", r.To, "error", err)
		r.Refuse(refusal(err))
	}
}

// attended joins the two calls that an agent has on their phone (REFER with Replaces).
func (f *Floor) attended(agent string, leg *sip.Leg, r *sip.Referral) {
	main, other := f.callOf(leg), f.callOf(r.With)
	switch {
	case main == nil || other == nil || main == other || !other.has(agent):
		r.Refuse(403, "Forbidden")
		return
	case main.about == other, !main.talksWith(agent) && (other.talksWith(agent) || other.id < main.id): // of two that they placed, the first
		main, other = other, main
	}
	if err := main.joinable(other, agent); err != nil {
		main.log.Info("an attended transfer is refused", "agent", agent, "error", err)
		r.Refuse(refusal(err))
		return
	}
	r.Accept()
	main.complete(other, agent, "", r)
}

// callOf is the call that a leg belongs to.
func (f *Floor) callOf(leg *sip.Leg) *call {
	for _, c := range f.calls {
		if c.caller.leg == leg || c.talk != nil && c.talk.offer.side.leg == leg {
			return c
		}
	}
	return nil
}

// talksWith says whether the agent is the one who talks with the caller.
func (c *call) talksWith(agent string) bool {
	return c.talk != nil && c.talk.joined && c.talk.agent == agent
}

// has says whether the call is the agent's: they have placed it, or talk in it.
func (c *call) has(agent string) bool { return c.from == agent || c.talksWith(agent) }

// joinable says whether a consultation can be joined with the call that the agent talks in.
func (c *call) joinable(other *call, agent string) error {
	switch {
	case other == nil:
		return fmt.Errorf("%w: there is no consultation", ErrNotNow)
	case !c.talksWith(agent) && !c.mayStepOut(agent) || c.moving != nil || len(c.guests) > 0 || other.moving != nil || len(other.guests) > 0 || other.leaving:
		return ErrNotNow
	case other.consult != nil && other.consult.lent: // who is consulted speaks with somebody else by the same leg
		return ErrNotNow
	case other.talk != nil, other.ringing != nil && !other.ringing.picked, other.waiting != "":
		return nil
	}
	return fmt.Errorf("%w: the other side is not there yet", ErrNotNow)
}
