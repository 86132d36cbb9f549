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
	Agents []Agent
}

// Restored brings agents back to what is remembered of them, after a restart. What is not configured is passed over.
type Restored struct{ Agents []Memory }

// Memory is what is remembered of an agent.
type Memory struct {
	Agent  string
	State  State // Available, Break, Offline or Missed; anything else has not survived and is Available
	Reason string
	Idle   time.Duration // since the last talk
	Talked time.Duration // in all, as least-talk-time counts
	Calls  int           // in all, as fewest-calls counts
}

// CallEntered says that a caller asks for a person. A call that is known already is passed over.
type CallEntered struct {
	Call     string
	Queue    string
	Priority int           // each step is worth PriorityStep of waiting
	MaxWait  time.Duration // zero: as the queue says
	From     string        // the agent whose own phone calls, who is not rung for it; empty: nobody's
	Needs    []Need        // of this call, beside those of the queue; for the same skill they stand in its place
	Sticky   *Sticky       // whom it waits for alone at first
	Waited   time.Duration // how long it has waited already: a place that was kept
	Resumes  string        // the callback that this caller stands in the place of; it is over
	Callback *Callback     // nobody is on the line: the caller wants to be called
}

// Sticky has a call wait for one agent alone, for a while: the last they spoke with, or one they asked for. It ends at once
// where the agent is not signed on, or lets the call pass.
type Sticky struct {
	Agent string
	For   time.Duration
}

// Callback says how a caller who has hung up is to be called when their turn comes.
type Callback struct {
	CustomerFirst bool          // the caller is called before an agent is rung, not after the agent has picked up
	Tries         int           // that were made already
	After         time.Duration // before which it is not tried
}

// CallbackReached says that the caller of a callback has picked up, before an agent was rung: now they wait like any other.
type CallbackReached struct{ Call string }

// CallbackFailed says that the caller of a callback was not reached. It is tried again after a pause, and given up after
// some tries, as its queue has it.
type CallbackFailed struct {
	Call    string
	Untried bool          // the caller was not called, or the agent has gone before they could pick up: it is no try
	After   time.Duration // of an untried one, before which it is no agent's turn
	Final   bool          // it can never be made: it is given up
}

// CallLeft says that a call is no longer waiting, and that its caller has gone.
type CallLeft struct {
	Call  string
	Keeps bool // the place, by another call that stands there for them: the queue is no shorter
}

// CallMoved brings a waiting call into another queue, where it has the place of the time it has waited.
type CallMoved struct {
	Call  string
	Queue string
}

// CallPrioritised gives a waiting call another priority.
type CallPrioritised struct {
	Call     string
	Priority int
}

// CallTaken has a waiting call offered to one agent now, whatever the order of the queue and whoever serves it. Phones that
// ring for it are stopped. The agent may be on a break, but not offline, offered or talking: then a Rejected answers.
type CallTaken struct {
	Call  string
	Agent string
}

// QueueSet opens or closes a queue. Who is in a closed queue is served; nobody enters it, and no callback is started.
type QueueSet struct {
	Queue string
	Open  bool
}

// CallbacksSet says whether those who want to be called back may be called now, at this time of the day. At first they may.
type CallbacksSet struct {
	Queue string
	Open  bool
}

// AgentSet says what an agent, or someone for them, wants to be: Available, Break or Offline. A talk is finished first: the
// state is reserved for what comes after it, and after the wrap-up. An offer is withdrawn where the agent goes; wrap-up and
// a missed-call state end at once.
type AgentSet struct {
	Agent  string
	State  State
	Reason string
}

// AgentSkilled changes an agent's skills until the next Configured.
type AgentSkilled struct {
	Agent  string
	Skills map[string]int
}

// AgentSeated brings an agent into a queue, or out of it, until the next Configured.
type AgentSeated struct {
	Agent string
	Queue string
	Tier  int // zero: leaves the queue
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

func (Configured) event()      {}
func (Restored) event()        {}
func (CallEntered) event()     {}
func (CallbackReached) event() {}
func (CallbackFailed) event()  {}
func (CallLeft) event()        {}
func (CallMoved) event()       {}
func (CallPrioritised) event() {}
func (CallTaken) event()       {}
func (QueueSet) event()        {}
func (CallbacksSet) event()    {}
func (AgentSet) event()        {}
func (AgentSkilled) event()    {}
func (AgentSeated) event()     {}
func (DeviceChanged) event()   {}
func (OfferRinging) event()    {}
func (OfferAnswered) event()   {}
func (OfferEnded) event()      {}
func (TalkEnded) event()       {}
func (WrapUpDone) event()      {}
func (Passed) event()          {}

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
	Needed      End = "needed"    // a further phone, taken back for a call that has nobody
	Moved       End = "moved"     // the call went to another queue, or to an agent of someone's choice
	Withdrawn   End = "withdrawn" // what a phone reports when it was told to stop
)
