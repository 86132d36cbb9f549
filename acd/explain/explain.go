package explain

import (
	"cmp"
	"time"

	"threering/acd/journal"
)

// Line is a sentence about one entry of a call's timeline.
type Line struct {
	Seq  int       `json:"seq" doc:"Of the entry that it speaks of."`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// Names says what agents and queues are called, by their ids. What is in no map is called by its id.
type Names struct{ Agents, Queues map[string]string }

func (n Names) agent(id string) string {
	if name := n.Agents[id]; name != "" && name != id {
		return name + " (" + id + ")"
	}
	return id
}

func (n Names) queue(id string) string { return cmp.Or(n.Queues[id], id) }

// Call explains a call by its timeline, in the order of its entries. The error is ErrLanguage.
func Call(timeline []journal.Entry, language string, names Names) ([]Line, error) {
	words, err := in(language)
	if err != nil {
		return nil, err
	}
	t := teller{words: words, names: names, rung: map[string]time.Time{}}
	lines := []Line{}
	for _, e := range timeline {
		if text := t.tell(e); text != "" {
			lines = append(lines, Line{Seq: e.Seq, At: e.At, Text: text})
		}
	}
	return lines, nil
}

// teller goes through a timeline.
type teller struct {
	words words
	names Names

	asked   time.Time            // for a person, first
	promise time.Duration        // within which they shall hear one: the target of that queue
	waiting time.Time            // since the call is in the queue
	target  time.Duration        // of the queue the call is in
	heard   bool                 // a person
	rung    map[string]time.Time // when each offer was made
}

// tell is the sentence about an entry; empty where the routing had no part in it.
func (t *teller) tell(e journal.Entry) string {
	switch e.Kind {
	case journal.QueueEntered:
		return t.entered(e)
	case journal.WaitTold:
		return t.told(e)
	case journal.CallbackBooked, journal.CallbackTried, journal.CallbackFailed:
		return t.calledBack(e)
	case journal.OfferMade:
		return t.offered(e)
	case journal.OfferAnswered:
		return t.words.say("answered", t.rang(e))
	case journal.OfferEnded:
		return t.words.sayOr("ended."+e.Why, "ended", t.rang(e))
	case journal.CallerHears:
		return t.hears(e)
	case journal.QueueLeft:
		return t.left(e)
	case journal.AgentReserved:
		return t.words.sayOr("reserved."+e.State, "reserved.available", values{"agent": t.names.agent(e.Agent), "why": e.Why})
	default:
		return ""
	}
}

func (t *teller) entered(e journal.Entry) string {
	t.waiting, t.target = e.At, time.Duration(e.TargetMs)*time.Millisecond
	if t.asked.IsZero() {
		t.asked, t.promise = e.At, t.target
	}
	values := values{"queue": t.names.queue(e.Queue), "target": t.words.length(t.target)}
	if e.Why == journal.CalledBack {
		return t.words.say("asked.callback", values)
	}
	if t.target == 0 {
		return t.words.say("asked", values)
	}
	return t.words.say("asked.target", values)
}

// rang is what is to be said of an offer that is over.
func (t *teller) rang(e journal.Entry) values {
	return values{"agent": t.names.agent(e.Agent), "after": t.words.length(e.At.Sub(t.rung[e.Offer])), "why": e.Why}
}

func (t *teller) hears(e journal.Entry) string {
	if t.heard || t.asked.IsZero() {
		return ""
	}
	t.heard = true
	after := e.At.Sub(t.asked)
	values := values{"after": t.words.length(after), "late": t.words.length(after - t.promise)}
	switch {
	case t.promise == 0:
		return t.words.say("heard", values)
	case after <= t.promise:
		return t.words.say("heard.in_time", values)
	default:
		return t.words.say("heard.late", values)
	}
}

func (t *teller) left(e journal.Entry) string {
	if e.Why == journal.Connected {
		return "" // the offer's answer has said it
	}
	return t.words.say("left", values{
		"queue": t.names.queue(e.Queue), "after": t.words.length(e.At.Sub(t.waiting)),
		"why": t.words.sayOr("left."+e.Why, "left.other", values{"why": e.Why}),
	})
}
