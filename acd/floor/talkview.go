package floor

import (
	"reflect"
	"time"

	"threering/acd/journal"
)

// TalkView is what goes on in an agent's talk, as the agent and the supervisors see it.
type TalkView struct {
	Direction journal.Direction `json:"direction,omitempty" doc:"Who called whom; empty for a caller's call."`
	Joined    bool              `json:"joined" doc:"The announcement is over: caller and agent have heard each other."`
	Held      bool              `json:"held" doc:"The caller hears music."`
	Consult   *ConsultView      `json:"consult,omitempty" doc:"Whom the agent speaks with meanwhile."`
	Moving    *Party            `json:"moving,omitempty" doc:"Whose phone rings to take the caller over."`
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

// viewTalk is the talk that an agent has in the call; nil where they have none, or are a guest in another's.
func (f *Floor) viewTalk(a *agent) *TalkView {
	c := f.calls[a.call]
	if c == nil || c.talk == nil || c.talk.agent != a.ID {
		return nil
	}
	v := &TalkView{
		Direction: c.direction, Joined: c.talk.joined, Held: c.talk.offer.side.held || c.consult != nil && c.consult.lent,
		Guests: []Party{}, Watchers: []WatcherView{}, Help: c.talk.help,
	}
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
		if c.talk == nil {
			return
		}
		if a := f.agents[c.talk.agent]; a != nil && a.call == c.id && !reflect.DeepEqual(a.shown, f.viewTalk(a)) {
			f.publishAgent(a)
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
