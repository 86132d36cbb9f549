package floor

import (
	"context"
	"fmt"
	"maps"
	"time"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/sip"
)

// offer is one ringing of one agent for one call.
type offer struct {
	floor     *Floor
	id        string
	call      *call
	agent     string
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
		pop, name, err := f.cfg.Popper.Pop(ctx, c.number)
		f.do(func() {
			if err != nil {
				c.log.Warn("nothing is known of the caller", "error", err)
			}
			c.pop, c.popped = pop, err == nil
			if c.name = name; name != "" {
				c.note(journal.CallerKnown, journal.Details{Name: name})
			}
			if !c.over() {
				f.latePop(c)
			}
		})
	})
}

// latePop shows the pop to who is already rung, or talking, without one.
func (f *Floor) latePop(c *call) {
	for _, o := range f.offers {
		if o.call == c && o.withdrawn == "" {
			f.publish(o.popEvent())
		}
	}
	if c.talk != nil {
		f.publish(c.talk.offer.popEvent())
	}
	if c.waiting != "" {
		f.publishQueue(c.waiting)
	}
}

func (o *offer) popEvent() Event {
	return Event{Type: "pop", Agents: []string{o.agent}, Data: PopNews{
		Call: o.call.id, Offer: o.id, Queue: o.queue, Number: o.call.number, Partial: !o.call.popped, Pop: o.call.pop,
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
	o.side = s
	if err != nil {
		c.log.Warn("an agent's phone cannot be rung", "agent", o.agent, "error", err)
		o.end(brain.Unreachable, 0)
	}
}

// dial calls the agent's device; more are headers of the INVITE. The side that is returned with an error may have a port.
func (o *offer) dial(more map[string]string) (*side, error) {
	f, c, s := o.floor, o.call, &side{}
	port, err := f.cfg.Media.NewPort(ears{f, nil, func(held bool) { o.holds(s, held) }, func() { o.fellSilent(s) }})
	if err != nil {
		return s, fmt.Errorf("an audio port for agent %s: %w", o.agent, err)
	}
	s.port = port
	port.Carry(f.phones.Carriage(o.agent))
	port.Prefer(c.caller.port.Codec())
	headers := map[string]string{"X-Threering-Call": c.id}
	maps.Copy(headers, more)
	s.leg, err = f.phones.Dial(o.agent, sip.Dial{
		From: c.number, FromName: c.name, Media: port, Crossed: true, Headers: headers,
		Notify: func(e sip.Event) { f.do(func() { o.hears(s, e) }) },
	})
	if err != nil {
		return s, err
	}
	s.leg.Label(c.id)
	return s, nil
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

// heard follows the agent's leg.
func (o *offer) heard(e sip.Event) {
	f := o.floor
	switch e := e.(type) {
	case sip.Ringing:
		if !o.rang {
			o.rang = true
			o.call.note(journal.OfferRinging, journal.Details{Offer: o.id, Agent: o.agent})
			f.apply(brain.OfferRinging{Offer: o.id})
		}
	case sip.Answered:
		f.apply(brain.OfferAnswered{Offer: o.id})
	case sip.Digit:
		if o.taken {
			o.call.caller.port.SendDigit(e.Key)
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
	if o.side.port != nil {
		o.side.port.Close()
	}
	delete(f.offers, o.id)
	told := why
	if o.withdrawn != "" {
		told = o.withdrawn
	}
	o.call.note(journal.OfferEnded, journal.Details{Offer: o.id, Agent: o.agent, Why: string(told), Code: code})
	f.cfg.Metrics.offerEnded(string(told))
	f.later(brain.OfferEnded{Offer: o.id, Why: why})
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

// fellSilent ends the talk of an agent whose phone sends nothing any more, without waiting for an answer to the goodbye.
// One that rings is left to its time.
func (o *offer) fellSilent(s *side) {
	if c := o.call; s == o.side && o.taken && !c.over() && c.talk != nil && c.talk.offer == o {
		c.note(journal.LegSilent, journal.Details{By: "agent", Agent: o.agent})
		c.agentLeft(o, sip.Ended{Local: true})
	}
}
