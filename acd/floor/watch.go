package floor

import (
	"context"
	"fmt"
	"slices"
	"time"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/sip"
)

// Mode is how a supervisor takes part in a talk.
type Mode string

// The modes.
const (
	Listen  Mode = "listen"  // hears all, is heard by nobody
	Whisper Mode = "whisper" // is heard by the agent alone
	Barge   Mode = "barge"   // is heard by all
)

// ErrBadMode says that there is no such way to take part.
var ErrBadMode = fmt.Errorf("the mode is %s, %s or %s", Listen, Whisper, Barge)

// watcher is a supervisor in a talk, by their own telephone.
type watcher struct {
	call   *call
	person string
	mode   Mode
	side   *side
	up     bool
	late   *time.Timer // ends the ringing
}

// Watch has a supervisor take part in a talk: their own telephone is rung. If they do already, only the mode changes.
func (f *Floor) Watch(ctx context.Context, id, person string, mode Mode) error {
	if mode != Listen && mode != Whisper && mode != Barge {
		return fmt.Errorf("%w, not %q", ErrBadMode, mode)
	}
	return f.command(ctx, id, Asker{Person: person, Any: true}, func(c *call) error {
		for _, w := range f.watching[id] {
			if w.person == person {
				w.switchTo(mode)
				return nil
			}
		}
		if c.talk.agent == person {
			return ErrSelf
		}
		if a := f.agents[person]; a != nil && !a.free() {
			return ErrNotNow
		}
		return f.watch(c, person, mode)
	})
}

// watch rings the telephone of a supervisor.
func (f *Floor) watch(c *call, person string, mode Mode) error {
	w := &watcher{call: c, person: person, mode: mode}
	var err error
	if w.side, err = f.side(w); err != nil {
		return err
	}
	w.side.port.Carry(f.phones.Carriage(person))
	w.side.port.Prefer(c.caller.port.Codec())
	w.side.leg, err = f.phones.Dial(person, sip.Dial{
		From: c.talk.agent, FromName: f.nameOf(c.talk.agent), Media: w.side.port, Crossed: true, Notify: w.side.told,
		Headers: map[string]string{"X-Threering-Call": c.id, "X-Threering-Watch": string(mode)},
	})
	if err != nil {
		w.side.close()
		return fmt.Errorf("%w: %s: %w", ErrNoPhone, person, err)
	}
	w.side.leg.Label(c.id)
	f.watching[c.id] = append(f.watching[c.id], w)
	f.apply(brain.AgentEngaged{Agent: person, Call: c.id, Rings: true})
	w.late = time.AfterFunc(ringAgent, func() {
		f.do(func() {
			if !w.up {
				c.unwatch(w)
			}
		})
	})
	return nil
}

func (f *Floor) nameOf(agent string) string {
	if a := f.agents[agent]; a != nil {
		return a.Name
	}
	return ""
}

// switchTo has a supervisor take part in another way from now on.
func (w *watcher) switchTo(mode Mode) {
	if w.mode == mode {
		return
	}
	if w.up {
		w.call.present(w.person, string(w.mode), false)
	}
	w.mode = mode
	if w.up {
		w.call.note(journal.WatcherChanged, journal.Details{Person: w.person, Mode: string(mode), Agent: w.agent()})
		w.call.present(w.person, string(mode), true)
		w.call.rearrange()
	}
}

func (w *watcher) agent() string {
	if t := w.call.talk; t != nil {
		return t.agent
	}
	return ""
}

// hears follows the supervisor's telephone.
func (w *watcher) hears(_ *side, e sip.Event) {
	c := w.call
	switch e.(type) {
	case sip.Answered:
		if !slices.Contains(c.floor.watching[c.id], w) || c.talk == nil { // the talk is over
			w.side.leg.Hangup(sip.Reason{})
			return
		}
		w.up = true
		w.late.Stop()
		c.floor.apply(brain.AgentEngaged{Agent: w.person, Call: c.id})
		c.watchers = append(c.watchers, w)
		c.note(journal.WatcherJoined, journal.Details{Person: w.person, Mode: string(w.mode), Agent: c.talk.agent})
		c.present(w.person, string(w.mode), true)
		c.helped(journal.Details{Person: w.person})
		c.rearrange()
	case sip.Ended:
		c.unwatch(w)
	}
}

func (w *watcher) pressed(*side, rune) {}
func (w *watcher) holds(*side, bool)   {}
func (w *watcher) fellSilent(*side)    { w.call.unwatch(w) }

// unwatch is that a supervisor takes part no more.
func (c *call) unwatch(w *watcher) {
	f := c.floor
	if !slices.Contains(f.watching[c.id], w) {
		return
	}
	w.late.Stop()
	gone := func(x *watcher) bool { return x == w }
	if f.watching[c.id] = slices.DeleteFunc(f.watching[c.id], gone); len(f.watching[c.id]) == 0 {
		delete(f.watching, c.id)
	}
	if w.up {
		c.watchers = slices.DeleteFunc(c.watchers, gone)
		c.note(journal.WatcherLeft, journal.Details{Person: w.person, Mode: string(w.mode), Agent: w.agent()})
		c.present(w.person, string(w.mode), false)
		c.rearrange()
	}
	w.side.close()
	w.side.leg.Hangup(sip.Reason{})
	f.later(brain.AgentReleased{Agent: w.person, Call: c.id})
}

// endWatch sends the supervisors away: the talk that they were in is over.
func (c *call) endWatch() {
	for _, w := range slices.Clone(c.floor.watching[c.id]) {
		c.unwatch(w)
	}
}

// Unwatch ends a supervisor's part in a talk.
func (f *Floor) Unwatch(ctx context.Context, id, person string) error {
	var err error
	askErr := f.ask(ctx, func() {
		err = ErrNoCall
		for _, w := range slices.Clone(f.watching[id]) {
			if w.person == person {
				w.call.unwatch(w)
				err = nil
			}
		}
	})
	if askErr != nil {
		return askErr
	}
	return err
}

// HelpNews is the data of an agent.help event.
type HelpNews struct {
	Call   string `json:"call"`
	Agent  string `json:"agent"`
	Number string `json:"number"`
	Text   string `json:"text,omitempty"`
}

// HelpDone says that the agent needs no help any more.
func (f *Floor) HelpDone(ctx context.Context, id string, by Asker) error {
	return f.command(ctx, id, by, func(c *call) error {
		c.helped(journal.Details{By: "agent", Person: by.instead(c)})
		return nil
	})
}

// helped notes that no help is asked for any more.
func (c *call) helped(d journal.Details) {
	if c.talk.help != nil {
		c.talk.help, d.Agent = nil, c.talk.agent
		c.note(journal.HelpOver, d)
	}
}

// Help has an agent ask the supervisors for help in a talk, until one of them takes part, or the agent needs none any more.
func (f *Floor) Help(ctx context.Context, id, agent, text string) error {
	return f.command(ctx, id, Asker{Person: agent}, func(c *call) error {
		c.talk.help = &HelpView{Text: text, Since: time.Now().UTC()}
		c.note(journal.HelpAsked, journal.Details{Agent: c.talk.agent, Why: text})
		f.publish(Event{Type: "agent.help", Agents: []string{c.talk.agent}, Data: HelpNews{Call: c.id, Agent: c.talk.agent, Number: c.number, Text: text}})
		return nil
	})
}
