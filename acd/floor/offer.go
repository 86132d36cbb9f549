package floor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/sip"
)

// offer is one ringing of one agent for one call: the brain's, or a direct one (told is set), that somebody has asked for.
type offer struct {
	floor     *Floor
	id        string
	call      *call
	agent     string
	number    string // outside of the house, in the place of an agent
	asker     string // the agent for whom a direct offer is made
	told      func(o *offer, e sip.Event)
	late      *time.Timer // ends the ringing of a direct offer
	picked    bool        // answered; its call waits for the other side
	rung      bool        // somebody was rung for it; else the agent has dialled
	queue     string
	side      *side
	withdrawn brain.End
	rang      bool
	taken     bool // became a talk
}

const (
	lookUpMost = 2 * time.Second       // how long a pop may take before it is given up
	popHead    = 25 * time.Millisecond // how long the INVITE waits for the pop to be on the agent's stream
)

// lookUp asks who is calling, once for each call, at its arrival.
func (f *Floor) lookUp(c *call) {
	f.beside(func() {
		ctx, cancel := context.WithTimeout(context.Background(), lookUpMost)
		defer cancel()
		pop, who, err := f.cfg.Popper.Pop(ctx, c.number)
		f.do(func() {
			if err != nil {
				c.log.Warn("nothing is known of the caller", "error", err)
			}
			c.pop, c.popped = pop, err == nil
			c.vip, c.lastAgent = who.VIP, who.Agent
			if c.name = who.Name; c.name != "" {
				c.note(journal.CallerKnown, journal.Details{Name: c.name})
			}
			if !c.over() {
				f.latePop(c)
				c.lateRank()
			}
		})
	})
}

// latePop shows the pop to who is already rung, or talking, without one.
func (f *Floor) latePop(c *call) {
	for _, o := range f.offers {
		if o.call == c && o.withdrawn == "" && o.agent != "" {
			f.publish(o.popEvent())
		}
	}
	if c.talk != nil && c.talk.agent != "" {
		f.publish(c.talk.offer.popEvent())
	}
	if c.waiting != "" {
		f.publishQueue(c.waiting)
	}
}

func (o *offer) popEvent() Event {
	return Event{Type: "pop", Agents: []string{o.agent}, Data: PopNews{
		Call: o.call.id, Offer: o.id, Queue: o.queue, Number: o.call.number, Partial: !o.call.popped, Pop: o.call.pop,
		Callback: o.call.direction == journal.Callback,
	}}
}

// offer shows the pop, then rings.
func (f *Floor) offer(order brain.Offer) {
	c := f.calls[order.Call]
	if c == nil { // gone: without its call, the brain will not offer it again
		f.later(brain.CallLeft{Call: order.Call})
		f.later(brain.OfferEnded{Offer: order.ID, Why: brain.Withdrawn})
		return
	}
	o := &offer{floor: f, id: order.ID, call: c, agent: order.Agent, queue: order.Queue, side: &side{}}
	f.offers[o.id] = o
	c.note(journal.OfferMade, journal.Details{Offer: o.id, Agent: o.agent, Queue: o.queue, Choice: &order.Why})
	pop := o.popEvent()
	f.beside(func() {
		ctx, cancel := context.WithTimeout(context.Background(), popHead)
		defer cancel()
		f.cfg.Publisher.Publish(ctx, pop)
		if !f.inbox.put(o.ring) {
			f.cfg.Log.Debug("stopped before an offer rang", "offer", o.id)
		}
	})
}

// ring sends the INVITE to the agent's device.
func (o *offer) ring() {
	f, c := o.floor, o.call
	if o.withdrawn != "" || f.ending {
		o.end(brain.Withdrawn, 0)
		return
	}
	s, err := o.dial(nil)
	o.side, o.rung = s, true
	switch {
	case errors.Is(err, sip.ErrNotAllowed):
		c.log.Warn("a number outside may not be called", "agent", o.asker, "number", o.number, "error", err)
		o.end(brain.Refused, 403)
	case err != nil:
		c.log.Warn("a phone cannot be rung", "agent", o.agent, "number", o.number, "error", err)
		o.end(brain.Unreachable, 0)
	}
}

// dial calls the agent's device; more are headers of the INVITE. The side that is returned with an error may have a port.
func (o *offer) dial(more map[string]string) (*side, error) {
	f, c := o.floor, o.call
	s, err := f.side(o)
	if err != nil {
		return s, fmt.Errorf("an audio port for agent %s: %w", o.agent, err)
	}
	headers := map[string]string{"X-Threering-Call": c.id}
	maps.Copy(headers, more)
	s.leg, err = o.place(s, sip.Dial{
		From: c.number, FromName: c.name, Media: s.port, Crossed: true, Headers: headers, Notify: s.told,
	})
	if err != nil {
		return s, err
	}
	s.leg.Label(c.id)
	return s, nil
}

// place sends the INVITE to the agent's device, or out of the house.
func (o *offer) place(s *side, d sip.Dial) (*sip.Leg, error) {
	f := o.floor
	if c := o.call.caller; c != nil && c.port != nil {
		s.port.Prefer(c.port.Codec())
	}
	if o.number != "" {
		return f.dialOut(o.asker, o.number, d)
	}
	s.port.Carry(f.phones.Carriage(o.agent))
	return f.phones.Dial(o.agent, d)
}

// hears follows the offer's legs: the one of the offer, and, where an agent's browser was closed in the talk, the one by which
// the agent comes back. Any other was given up; if its answer has crossed our CANCEL, it is hung up on again.
func (o *offer) hears(s *side, e sip.Event) {
	_, answered := e.(sip.Answered)
	switch {
	case s == o.side:
		o.heard(e)
	case o.returning(s):
		o.rejoins(e)
	case answered:
		s.leg.Hangup(sip.Reason{})
		s.port.Close()
	}
}

// pressed has nothing to do: keys that an agent presses go over the bridge.
func (o *offer) pressed(*side, rune) {}

// passOn sends a key on that an agent pressed by INFO.
func (c *call) passOn(o *offer, key rune) {
	switch d := c.consult; {
	case c.talk == nil || c.talk.offer != o:
	case d == nil || !d.lent:
		c.caller.port.SendDigit(key)
	case d.talk != nil:
		d.talk.offer.side.port.SendDigit(key)
	}
}

// heard follows the agent's leg.
func (o *offer) heard(e sip.Event) {
	f := o.floor
	switch e := e.(type) {
	case sip.Ringing:
		if !o.rang {
			o.rang = true
			o.call.note(journal.OfferRinging, journal.Details{Offer: o.id, Agent: o.agent})
			if o.told == nil {
				f.apply(brain.OfferRinging{Offer: o.id})
			} else {
				o.told(o, e)
			}
		}
	case sip.Answered:
		o.answered(e)
	case sip.Referred:
		o.refers(e.Referral)
	case sip.Digit:
		if o.taken {
			o.call.passOn(o, e.Key)
		}
	case sip.Stranded:
		o.lost()
	case sip.Rejoined:
		o.back(e.Same)
	case sip.Ended:
		if o.taken {
			o.call.agentLeft(o, e)
			return
		}
		o.end(why(e), e.Code)
	}
}

// answered is that the agent has picked up; of an agent who dialled, that their phone knows that it was answered.
func (o *offer) answered(e sip.Answered) {
	switch {
	case o.told == nil:
		o.floor.apply(brain.OfferAnswered{Offer: o.id})
	case o.withdrawn != "": // too late
		o.side.leg.Hangup(sip.Reason{})
	case !o.taken:
		o.told(o, e)
	}
}

// why puts a final response into the brain's words. Where it was us who stopped the ringing, the brain knows better.
func why(e sip.Ended) brain.End {
	switch e.Code {
	case 486, 600:
		return brain.Busy
	case 404, 408, 410, 480, 500, 502, 503, 504:
		return brain.Unreachable
	}
	return brain.Refused
}

// end reports the end of an offer that led to no talk.
func (o *offer) end(why brain.End, code int) {
	f := o.floor
	o.side.close()
	if o.late != nil {
		o.late.Stop()
	}
	delete(f.offers, o.id)
	told := why
	if o.withdrawn != "" {
		told = o.withdrawn
	}
	if o.told == nil || o.rung {
		o.call.note(journal.OfferEnded, journal.Details{Offer: o.id, Agent: o.agent, Why: string(told), Code: code})
		f.cfg.Metrics.offerEnded(string(told))
	}
	if o.told == nil {
		f.later(brain.OfferEnded{Offer: o.id, Why: why})
		return
	}
	o.release()
	o.told(o, sip.Ended{Code: code})
}

// withdraw stops an agent's phone, or hangs up on one that was picked up too late.
func (f *Floor) withdraw(id string, why brain.End) {
	o := f.offers[id]
	if o == nil || o.taken {
		return
	}
	o.withdrawn = why
	if o.side.leg == nil { // the INVITE has not gone out; ring ends the offer
		return
	}
	reason := sip.Reason{}
	if why == brain.Elsewhere {
		reason = sip.Reason{Code: 200, Text: "answered elsewhere"}
	}
	o.side.leg.Hangup(reason)
}

func (o *offer) holds(s *side, held bool) {
	if s == o.side && o.taken {
		o.call.holds(s, held)
		return
	}
	s.held = held // for when it is joined
}

// fellSilent ends the talk of an agent whose phone sends nothing any more, or a guest's part in it, without waiting for an
// answer to the goodbye. One that rings is left to its time.
func (o *offer) fellSilent(s *side) {
	c := o.call
	if s != o.side || !o.taken || c.over() {
		return
	}
	guest := slices.Contains(c.guests, o)
	if guest || c.talk != nil && c.talk.offer == o {
		by := "agent"
		if guest {
			by = "guest"
		}
		c.note(journal.LegSilent, journal.Details{By: by, Agent: o.agent})
		c.agentLeft(o, sip.Ended{Local: true})
	}
}
