package floor

import (
	"reflect"
	"time"

	"threering/acd/journal"
)

// TalkView is what goes on in an agent's talk, as the agent and the supervisors see it.
type TalkView struct {
	Direction journal.Direction `json:"direction,omitempty" doc:"Who called whom; empty for a caller's call."`
	Placed    bool              `json:"placed" doc:"The agent has called."`
	Joined    bool              `json:"joined" doc:"The two have heard each other."`
	Held      bool              `json:"held" doc:"The caller hears music."`
	Consult   *ConsultView      `json:"consult,omitempty" doc:"Whom the agent speaks with meanwhile."`
	Moving    *Party            `json:"moving,omitempty" doc:"Whose phone rings to take the caller over."`
	Failed    *FailedView       `json:"failed,omitempty" doc:"Who was asked for last, in vain; until somebody else is."`
	Guests    []Party           `json:"guests" nullable:"false" doc:"Who else takes part, besides caller and agent."`
	Watchers  []WatcherView     `json:"watchers" nullable:"false" doc:"Supervisors who take part."`
	Help      *HelpView         `json:"help,omitempty" doc:"The agent asks for help."`
}

// Party is somebody who is spoken with, or is to be.
type Party struct {
	Target
	Name string `json:"name,omitempty" doc:"Of an agent or a queue."`
}

// ConsultView is a consultation beside a talk.
type ConsultView struct {
	Party
	Call  string `json:"call" doc:"Its id: it is a call of its own."`
	State string `json:"state" enum:"ringing,waiting,talking" doc:"waiting: in a queue."`
}

// FailedView is somebody who was asked for in vain.
type FailedView struct {
	Party
	Why string `json:"why" enum:"busy,unanswered,not_allowed,not_reached"`
}

// WatcherView is a supervisor in a talk.
type WatcherView struct {
	Person string `json:"person"`
	Mode   Mode   `json:"mode" enum:"listen,whisper,barge"`
}

// HelpView is that an agent has asked for help.
type HelpView struct {
	Text  string    `json:"text,omitempty"`
	Since time.Time `json:"since"`
}

// viewTalk is the talk that an agent has, or has called for; nil where they have none, or are a guest in another's.
func (f *Floor) viewTalk(a *agent) *TalkView {
	c := f.calls[a.call]
	if c == nil {
		return nil
	}
	v := &TalkView{
		Direction: c.direction, Placed: c.placer == a.ID, Joined: c.talk != nil && c.talk.joined, Guests: []Party{}, Watchers: []WatcherView{},
	}
	if c.talk == nil || c.talk.agent != a.ID {
		if v.Placed {
			return v
		}
		return nil
	}
	v.Held, v.Help, v.Failed = c.talk.offer.side.held || c.consult != nil && c.consult.lent, c.talk.help, c.talk.failed
	if d := c.consult; d != nil && d.about == c {
		v.Consult = f.viewConsult(d)
	}
	if c.moving != nil && c.moving.offer != nil {
		v.Moving = f.party(c.moving.offer.target())
	}
	for _, o := range c.guests {
		v.Guests = append(v.Guests, *f.party(o.target()))
	}
	for _, w := range c.watchers {
		v.Watchers = append(v.Watchers, WatcherView{w.person, w.mode})
	}
	return v
}

func (f *Floor) viewConsult(d *call) *ConsultView {
	v := &ConsultView{Call: d.id, State: "ringing"}
	t := &d.wanted
	switch {
	case d.talk != nil && d.talk.agent != d.about.talk.agent:
		v.State, t = "talking", d.talk.offer.target()
	case d.talk != nil: // the agent has called out
		v.State = "talking"
	case d.waiting != "":
		v.State = "waiting"
	}
	v.Party = *f.party(t)
	return v
}

// party gives a target its name.
func (f *Floor) party(t *Target) *Party {
	p := &Party{Target: *t}
	switch t.Kind {
	case journal.ToAgent:
		p.Name = f.nameOf(t.ID)
	case journal.ToQueue:
		p.Name = f.queue(t.ID).Title
	}
	return p
}

// inVain keeps that whom the agent has asked for was not reached, and by what status.
func (c *call) inVain(o *offer, code int) {
	if c.talk == nil {
		return
	}
	why := "not_reached"
	switch code {
	case 403:
		why = "not_allowed"
	case 408:
		why = "unanswered"
	case 486:
		why = "busy"
	}
	c.talk.failed = &FailedView{Party: *c.floor.party(o.target()), Why: why}
}

// stir tells those who watch once what is under way is done, where an agent's talk has come to be another then.
func (c *call) stir() {
	f := c.floor
	if c.about != nil {
		c.about.stir()
	}
	if c.stirred {
		return
	}
	c.stirred = true
	f.do(func() {
		c.stirred = false
		people := []string{c.placer}
		if c.talk != nil && c.talk.agent != c.placer {
			people = append(people, c.talk.agent)
		}
		for _, id := range people {
			if a := f.agents[id]; a != nil && a.call == c.id && !reflect.DeepEqual(a.shown, f.viewTalk(a)) {
				f.publishAgent(a)
			}
		}
	})
}

// with is the number by which somebody in a call has the other side.
func (c *call) with(agent string) string {
	switch {
	case c.from != agent || c.number != agent:
		return c.number
	case c.talk != nil:
		return c.talk.offer.person()
	}
	return c.wanted.ID
}
