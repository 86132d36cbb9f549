package floor

import (
	"context"
	"strings"
	"time"

	"threering/acd/journal"
)

// Publisher carries live events to people. Publish returns when every stream that the event is for has it on the wire, or
// when ctx ends, whichever is sooner.
type Publisher interface {
	Publish(ctx context.Context, e Event)
}

// Event is news for those who watch. Agents get what names them or a queue of theirs; the other roles get all.
type Event struct {
	Type   string // pop, agent.state, call.…, queue.changed, queue.counted
	Agents []string
	Queue  string // whose agents are to know, if any
	Data   any    // JSON
}

// CallNews is the data of a call.… event: an entry of its timeline.
type CallNews struct {
	Call string `json:"call"`
	journal.Entry
	Seq *int `json:"seq,omitempty"` // nil, in the place of the entry's: the journal numbers entries as it writes them
}

// Popper knows who is calling.
type Popper interface {
	// Pop gives what is known of a number, as JSON for the agent's screen, and who that is.
	Pop(ctx context.Context, number string) (pop any, who Customer, err error)
}

// Customer is what the floor has to know of somebody. The zero value is a stranger.
type Customer struct {
	Name  string // to show on the phone
	VIP   bool
	Agent string // with whom they spoke last
}

// PopNews is the data of a pop event.
type PopNews struct {
	Call    string `json:"call"`
	Offer   string `json:"offer"`
	Queue   string `json:"queue"`
	Number  string `json:"number"`
	Partial bool   `json:"partial"` // the lookup is late; another pop follows when it comes
	Pop     any    `json:"pop,omitempty"`

	Callback bool `json:"callback,omitempty"` // the caller wants to be called: their phone rings once the agent has picked up, or they were called already
}

// note writes an entry of a call's timeline and tells those who watch.
func (f *Floor) note(call string, kind journal.Kind, d journal.Details) {
	e := journal.Entry{Call: call, At: time.Now().UTC(), Kind: kind, Details: d}
	f.cfg.Journal.Append(e)
	agents := []string{}
	if d.Agent != "" {
		agents = append(agents, d.Agent)
	} else if c := f.calls[call]; c != nil && c.talk != nil {
		agents = append(agents, c.talk.agent)
	}
	if c := f.calls[call]; c != nil {
		c.stir()
	}
	f.publish(Event{Type: "call." + strings.TrimPrefix(string(kind), "call."), Agents: agents, Data: CallNews{Call: call, Entry: e}})
}

// publish hands an event over without waiting for anyone.
func (f *Floor) publish(e Event) {
	f.cfg.Publisher.Publish(gone, e)
}

// gone is a context that has ended: what is published with it is queued for the streams and not waited for.
var gone = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

func (f *Floor) publishAgent(a *agent) {
	v := f.viewAgent(a)
	a.shown = v.Talk
	f.publish(Event{Type: "agent.state", Agents: []string{a.ID}, Data: v})
	for _, q := range f.queuesOf(a.ID) {
		f.publishQueue(q)
	}
}
