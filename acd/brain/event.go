package brain

import "time"

// Instant is a moment in microseconds. It never runs back; where it starts is the floor's business.
type Instant int64

// Add gives the moment d after i.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d.Microseconds()) }

// Sub gives the time from j to i.
func (i Instant) Sub(j Instant) time.Duration { return time.Duration(i-j) * time.Microsecond }

// Event is something that happened. Events are plain values; a recorded run of them can be applied again.
type Event interface{ event() }

// Configured brings the queues and agents as they are from now on. Agents that are new are offline; those that have gone
// go offline and are forgotten as soon as they hold no offer and no talk.
type Configured struct {
	Queues []Queue
	Agents []string
}

// CallEntered says that a caller asks for a person.
type CallEntered struct {
	Call     string
	Queue    string
	Priority int           // each step is worth PriorityStep of waiting
	MaxWait  time.Duration // zero: as the queue says
	From     string        // the agent whose own phone calls, who is not rung for it; empty: nobody's
}

// CallLeft says that a call is no longer waiting, and that its caller has gone.
type CallLeft struct{ Call string }

// AgentSet says what an agent, or someone for them, wants to be: Available, Break or Offline. A talk is finished first; an
// offer is withdrawn where the agent goes; wrap-up and a missed-call state end at once.
type AgentSet struct {
	Agent  string
	State  State
	Reason string
}

// DeviceChanged says that an agent's phone can or cannot be rung.
type DeviceChanged struct {
	Agent     string
	Reachable bool
}

// OfferRinging says that the agent's phone rings (a first 18x).
type OfferRinging struct{ Offer string }

// OfferAnswered says that the agent has picked up.
type OfferAnswered struct{ Offer string }

// OfferEnded says that an offer is over without a talk; only now is its agent free of it.
type OfferEnded struct {
	Offer string
	Why   End
}

// TalkEnded says that the talk of a call with its agent is over.
type TalkEnded struct{ Call string }

// WrapUpDone says that the agent has written what there was to write.
type WrapUpDone struct{ Agent string }

// Passed says that time has passed and nothing else.
type Passed struct{}

func (Configured) event()    {}
func (CallEntered) event()   {}
func (CallLeft) event()      {}
func (AgentSet) event()      {}
func (DeviceChanged) event() {}
func (OfferRinging) event()  {}
func (OfferAnswered) event() {}
func (OfferEnded) event()    {}
func (TalkEnded) event()     {}
func (WrapUpDone) event()    {}
func (Passed) event()        {}

// End says why an offer ended, or why it is withdrawn.
type End string

// Why offers end.
const (
	Refused     End = "refused"
	Busy        End = "busy"
	Unreachable End = "unreachable" // no provisional answer in time, no contact, or a network fault
	Unanswered  End = "unanswered"  // RONA: it rang for the whole offer timeout
	CallerGone  End = "caller_gone"
	Elsewhere   End = "answered_elsewhere"
	Withdrawn   End = "withdrawn" // what a phone reports when it was told to stop
)
