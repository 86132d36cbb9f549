package journal

import (
	"encoding/json"
	"time"

	"threering/acd/brain"
	"threering/media"
)

// Kind names what happened. The list is closed: this is the one place where kinds are made.
type Kind string

// The kinds.
const (
	CallArrived      Kind = "call.arrived"
	CallPlaced       Kind = "call.placed"   // by somebody of the house, in the place of call.arrived
	CallAnswered     Kind = "call.answered" // by us: the caller hears the flow; of a call that was placed, by who was called
	CallEnded        Kind = "call.ended"
	CallerKnown      Kind = "caller.known"  // the lookup found a customer
	NoticePlayed     Kind = "notice.played" // the caller was told that calls are recorded
	FlowStep         Kind = "flow.step"
	KeysPressed      Kind = "keys.pressed"
	QueueEntered     Kind = "queue.entered" // the caller asks for a person
	QueueLeft        Kind = "queue.left"
	WaitTold         Kind = "wait.told"        // the caller was told their place, or how long it takes at most
	CallbackBooked   Kind = "callback.booked"  // the caller hangs up and keeps the place: a call of its own stands for them
	CallbackTried    Kind = "callback.tried"   // the customer is called
	CallbackFailed   Kind = "callback.failed"  // … and not reached
	CallMoved        Kind = "call.moved"       // into another queue, by someone
	CallPrioritised  Kind = "call.prioritised" // by someone
	CallTaken        Kind = "call.taken"       // given to an agent by someone
	OfferMade        Kind = "offer.made"
	OfferRinging     Kind = "offer.ringing"
	OfferEnded       Kind = "offer.ended" // without a talk
	OfferAnswered    Kind = "offer.answered"
	CallerHears      Kind = "caller.hears" // the announcement, or the talk's first audio
	TalkStarted      Kind = "talk.started"
	TalkHeld         Kind = "talk.held"
	TalkResumed      Kind = "talk.resumed"
	TalkEnded        Kind = "talk.ended"
	TransferAsked    Kind = "transfer.asked"  // the caller is to go on with somebody else
	TransferDone     Kind = "transfer.done"   // … and does
	TransferFailed   Kind = "transfer.failed" // … and does not: the caller comes back to who asked for it
	ConsultStarted   Kind = "consult.started" // the agent speaks with somebody else meanwhile, in a call of its own
	ConsultEnded     Kind = "consult.ended"   // … and is back with the caller
	CallMerged       Kind = "call.merged"     // a consultation was joined with the call that it was about; in both timelines
	GuestJoined      Kind = "guest.joined"    // a third takes part: a conference
	GuestLeft        Kind = "guest.left"
	WatcherJoined    Kind = "watcher.joined"  // a supervisor listens, whispers or takes part
	WatcherChanged   Kind = "watcher.changed" // … in another way
	WatcherLeft      Kind = "watcher.left"
	HelpAsked        Kind = "help.asked"   // by the agent, of the supervisors
	HelpOver         Kind = "help.over"    // … is not needed any more, or there: a supervisor takes part
	LegSilent        Kind = "leg.silent"   // nothing has come from that side for so long that it was hung up on
	LegLost          Kind = "leg.lost"     // the browser of that side is gone: an agent's in the midst of a talk, a caller's at any time
	LegBack          Kind = "leg.back"     // … and back: the call goes on
	LegMeasured      Kind = "leg.measured" // how good the audio of that side was, at its end
	RecordingStarted Kind = "recording.started"
	RecordingEnded   Kind = "recording.ended"
	RecordingFailed  Kind = "recording.failed"
	WrapUpStarted    Kind = "wrapup.started"
	WrapUpEnded      Kind = "wrapup.ended"
	AgentReserved    Kind = "agent.reserved" // what the agent will be when nothing is under way any more
	Disposed         Kind = "disposition.written"
	AgentState       Kind = "agent.state"   // belongs to no call's timeline, nor do those below
	AgentSet         Kind = "agent.set"     // somebody else has said what the agent is to be
	AgentSeated      Kind = "agent.seated"  // somebody has brought the agent into a queue, or out of it
	AgentSkilled     Kind = "agent.skilled" // somebody has changed what the agent can do
	QueueSet         Kind = "queue.set"     // somebody has opened or closed the queue
	TrunkState       Kind = "trunk.state"   // a trunk is up or down
	OutRefused       Kind = "out.refused"   // a call was not let out
	OutCut           Kind = "out.cut"       // a call that went out was ended: it lasted too long, or the day's money was spent
)

// Entry is one thing that happened. Only the fields that its kind speaks of are set.
type Entry struct {
	Call string    `json:"-"` // empty for AgentState
	Seq  int       `json:"seq"`
	At   time.Time `json:"at"`
	Kind Kind      `json:"kind"`
	Details
}

// Details is what an entry tells beside its kind.
type Details struct {
	Number      string        `json:"number,omitempty"` // the caller's, E.164 where it has such a form
	Name        string        `json:"name,omitempty"`   // of the customer
	Dialled     string        `json:"dialled,omitempty"`
	Flow        string        `json:"flow,omitempty"`
	Step        string        `json:"step,omitempty"`
	Notice      string        `json:"notice,omitempty"` // id of the recording notice
	Keys        string        `json:"keys,omitempty"`
	Queue       string        `json:"queue,omitempty"`
	TargetMs    int64         `json:"target_ms,omitempty"` // of the queue: by then the caller shall hear a person
	Agent       string        `json:"agent,omitempty"`
	State       string        `json:"state,omitempty"` // of the agent, the queue, or the trunk
	Priority    int           `json:"priority,omitempty"`
	Offer       string        `json:"offer,omitempty"`
	Talk        int           `json:"talk,omitempty"` // the how-manieth of the call, from 1
	Recording   string        `json:"recording,omitempty"`
	By          string        `json:"by,omitempty"`  // who did it: caller, agent, system, or the id of a person
	Why         string        `json:"why,omitempty"` // a word of the field: abandoned, unanswered, busy …
	Code        int           `json:"code,omitempty"`
	Outcome     Outcome       `json:"outcome,omitempty"`
	Disposition *Disposition  `json:"disposition,omitempty"`
	Choice      *brain.Choice `json:"choice,omitempty" doc:"Why this agent was rung, and why then. Durations in nanoseconds."`

	Trunk    string   `json:"trunk,omitempty" doc:"That the call came by, or that a measured leg went by."`
	Diverted []string `json:"diverted,omitempty" doc:"Numbers that were called before, the first first."`
	Withheld string   `json:"withheld,omitempty" doc:"The number of an anonymous caller, where the carrier names it. Agents do not see it."`

	Position int          `json:"position,omitempty" doc:"In the queue, as the caller was told."`
	UnderMs  int64        `json:"under_ms,omitempty" doc:"Within which the caller was told to be answered."`
	Offered  bool         `json:"offered,omitempty" doc:"The caller was offered to be called back."`
	Try      int          `json:"try,omitempty" doc:"The how-manieth of a callback."`
	Needs    []brain.Need `json:"needs,omitempty" doc:"What the agents for this call have to be able to do, beside what the queue asks for."`
	WaitedMs int64        `json:"waited_ms,omitempty" doc:"Of a callback, how long the caller had waited on the line; of who enters a queue, since they first asked for a person."`

	Direction Direction `json:"direction,omitempty"`
	Target    *Target   `json:"target,omitempty" doc:"Who is, or was, to be reached."`
	Other     string    `json:"other,omitempty" doc:"Id of the other call: of a consultation, or what it is about; of a call that is tried again."`
	Person    string    `json:"person,omitempty" doc:"Who watches, or who had it done in the agent's place."`
	Mode      string    `json:"mode,omitempty" doc:"How: listen, whisper or barge."`

	Tier     int            `json:"tier,omitempty" doc:"That the agent has in the queue, from 1; absent: they serve it no more."`
	Skills   map[string]int `json:"skills,omitempty" doc:"Levels, from 1."`
	Revision int64          `json:"revision,omitempty" doc:"Of the center's document that was in force."`

	Device  string         `json:"device,omitempty" doc:"An agent's device, or the address that a caller's leg came from."`
	Quality *media.Quality `json:"quality,omitempty"`
	Speech  *Speech        `json:"speech,omitempty"`
}

// Speech tells who spoke how long in a talk, by the loudness of both sides. What each spoke, less what both did at once, and
// the silence make up the talk.
type Speech struct {
	CallerMs         int64 `json:"caller_ms"`
	AgentMs          int64 `json:"agent_ms"`
	BothMs           int64 `json:"both_ms" doc:"How long they talked at once."`
	SilenceMs        int64 `json:"silence_ms"`
	LongestSilenceMs int64 `json:"longest_silence_ms"`
}

// Plus adds up two parts of a talk, either of which may be nil.
func (s *Speech) Plus(more *Speech) *Speech {
	if s == nil {
		return more
	}
	if more == nil {
		return s
	}
	return &Speech{
		CallerMs: s.CallerMs + more.CallerMs, AgentMs: s.AgentMs + more.AgentMs, BothMs: s.BothMs + more.BothMs,
		SilenceMs: s.SilenceMs + more.SilenceMs, LongestSilenceMs: max(s.LongestSilenceMs, more.LongestSilenceMs),
	}
}

// Direction is who calls whom. A call that came in has none, or In.
type Direction string

// The directions.
const (
	In       Direction = "in"
	Out      Direction = "out"          // by an agent, to somebody outside
	Internal Direction = "internal"     // by somebody of the house, to another
	Consult  Direction = "consultation" // internal or out, in the midst of another call
	Callback Direction = "callback"     // by the center, to somebody who had waited and wanted to be called
)

// Target is somebody who can be called, or a call be put through to.
type Target struct {
	Kind TargetKind `json:"kind" enum:"agent,queue,flow,number"`
	ID   string     `json:"id" minLength:"1" maxLength:"100" doc:"Of an agent their id, of a queue or a flow its name, else the number, as people write it."`
}

// TargetKind is what a target is.
type TargetKind string

// The kinds of targets.
const (
	ToAgent  TargetKind = "agent"
	ToQueue  TargetKind = "queue"
	ToFlow   TargetKind = "flow"
	ToNumber TargetKind = "number" // outside of the house
)

// Transferred is why a queue was entered by a caller who had spoken to somebody. They are not counted among its callers
// again.
const Transferred = "transferred"

// Colleague is why a queue was entered by somebody of the house. They are no caller, and not counted.
const Colleague = "colleague"

// CalledBack is why a queue was left by a caller who is to be called back, and entered by the call that stands for them. It is
// not counted among the callers, so it is never answered in time.
const CalledBack = "callback"

// AgentGone is why a callback failed whose agent hung up before the customer was there. It was no try.
const AgentGone = "agent_gone"

// AgentGoneAgain is the same for the second time in a row, which is a try: nobody's phone shall ring without end.
const AgentGoneAgain = "agent_gone_again"

// NoLine is why a callback failed that no trunk could make at that moment. It was no try.
const NoLine = "no_line"

// MergedAway is why a consultation is merged: it goes on as another call. Of that other call the entry has no why.
const MergedAway = "joined"

// Connected is why a queue was left by a caller whom an agent has answered.
const Connected = "connected"

// Disposition is what was written about a call. Each writing takes the place of the one before and has a version of its own.
type Disposition struct {
	Reason   string     `json:"reason"`
	Notes    string     `json:"notes,omitempty"`
	FollowUp string     `json:"follow_up,omitempty"` // a day, 2006-01-02
	Version  int        `json:"version" doc:"1 for the first that was written about the call, 2 for the next …"`
	By       string     `json:"by,omitempty" doc:"Id of the person who wrote it."`
	At       *time.Time `json:"at,omitempty"`
}

// UnmarshalJSON reads a disposition; those kept before there were versions are the first.
func (d *Disposition) UnmarshalJSON(text []byte) error {
	type plain Disposition
	kept := plain{Version: 1}
	if err := json.Unmarshal(text, &kept); err != nil {
		return err
	}
	*d = Disposition(kept)
	return nil
}

// Outcome is what became of a call, in one word.
type Outcome string

// The outcomes.
const (
	UnderWay    Outcome = "open"
	Answered    Outcome = "answered"
	Abandoned   Outcome = "abandoned"   // the caller hung up while waiting
	GaveUp      Outcome = "gave_up"     // nobody came; the flow said goodbye
	Menu        Outcome = "menu"        // over before a person was asked for
	Failed      Outcome = "failed"      // never answered by us: no common codec, no port, cancelled
	Interrupted Outcome = "interrupted" // the server stopped in its midst
	NotReached  Outcome = "not_reached" // of a call that was placed: nobody picked up
	ToCallBack  Outcome = "callback"    // the caller hung up to be called back: a call of its own
	Merged      Outcome = "merged"      // a consultation that was joined with the call that it was about
)
