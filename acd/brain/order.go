package brain

import "time"

// Order is something to be done. Orders of one Apply are carried out in their order.
type Order interface{ order() }

// Offer rings one agent for one call.
type Offer struct {
	ID     string
	Call   string
	Queue  string
	Agent  string
	Why    Choice
	Serial int // the how-manieth offer of this call, from 1
}

// Choice is the reason kept for an offer.
type Choice struct {
	Reason     Reason        `json:"reason"`   // why the call is offered now
	Strategy   Strategy      `json:"strategy"` // by which the agent was chosen
	Rank       int           `json:"rank"`     // of the call among those that wait for this queue, from 1
	Slack      time.Duration `json:"slack"`    // until the call's deadline; negative when it has passed
	Waited     time.Duration `json:"waited"`   // since the call asked for a person
	Priority   int           `json:"priority,omitempty"`
	Needs      []Need        `json:"needs,omitempty"` // that the agents had to meet, after what was relaxed
	Tier       int           `json:"tier,omitempty"`  // the greatest that was looked at; zero: all
	Phone      int           `json:"phone"`           // the how-manieth that rings for the call at once, from 1
	Candidates int           `json:"candidates"`      // agents who could have been rung
	Best       []Candidate   `json:"best"`            // the best five of them, the chosen one first
}

// Reason says in a word why an offer is made.
type Reason string

// The reasons.
const (
	Turn    Reason = "turn"     // the most pressing call that this agent could take
	Only    Reason = "sticky"   // it waits for this agent alone
	Hedge   Reason = "hedge"    // a further phone, since the others are unlikely to be picked up in time
	All     Reason = "ring_all" // the strategy rings everybody
	ByOrder Reason = "taken"    // someone gave the call to this agent
)

// Candidate is an agent who could be rung, with what the strategy looked at.
type Candidate struct {
	Agent  string        `json:"agent"`
	Tier   int           `json:"tier,omitempty"`
	Idle   time.Duration `json:"idle"`
	Talked time.Duration `json:"talked,omitempty"` // by least-talk-time
	Calls  int           `json:"calls,omitempty"`  // by fewest-calls
	Tried  bool          `json:"tried,omitempty"`  // has let this call pass before, and is asked last
	Doubt  bool          `json:"doubt,omitempty"`  // their phone was silent lately, where that tells that they are away; asked last too
}

// Withdraw stops the ringing of an offer. The offer lives on until its end is reported.
type Withdraw struct {
	Offer string
	Why   End
}

// Connect joins the agent of an answered offer with its call.
type Connect struct {
	Offer string
	Call  string
	Agent string
}

// Release hangs up on an agent who picked up too late: the call has gone or is connected. It is no miss.
type Release struct {
	Offer string
	Why   End
}

// GiveUp ends the waiting of a call that nobody will take: its caller goes on in the flow.
type GiveUp struct {
	Call string
	Why  Why
}

// Overflow says that a call is now in another queue, since the one it was in has reached a limit, or someone moved it.
type Overflow struct {
	Call string
	From string // queue
	To   string // queue
	Why  Why
}

// Why says why a call leaves a queue without an agent.
type Why string

// Why a call is given up, or goes to another queue.
const (
	Nobody    Why = "nobody"    // no agent who could take it is signed on
	Timeout   Why = "timeout"   // it waited as long as the queue allows
	OnBreak   Why = "on_break"  // everybody who could take it is on a break
	Full      Why = "full"      // as many wait as the queue allows
	TooLong   Why = "too_long"  // it would have to wait longer than the queue allows
	Closed    Why = "closed"    // the queue takes nobody
	Unreached Why = "unreached" // a callback was tried as often as it may be
	Command   Why = "command"   // someone moved it
)

// Tell tells a caller who waits where they stand. An offer never waits for it.
type Tell struct {
	Call     string
	Position int           // from 1, never worse than what was told before; zero: not to be told
	Under    time.Duration // whole minutes within which nine of ten are answered; zero: not known, or not to be told
	Callback bool          // offer to call back
}

// StartCallback has the caller of a callback called, before an agent is rung. CallbackReached or CallbackFailed answers.
type StartCallback struct {
	Call string
	Try  int // from 1
}

// Rejected says that a command about a call cannot be carried out.
type Rejected struct {
	Call  string
	Agent string
	Why   string // no_call, no_queue, no_agent, busy
}

// Removed is the reason why an agent is offline who is no longer configured, and is forgotten.
const Removed = "removed"

// MissedOne is the reason why an agent is Available who has just missed a call and is asked again. It ends with the next
// call, or when they say that they are available.
const MissedOne = "missed"

// Why an agent is Missed.
const (
	MissedInARow = "misses"      // as many calls in a row as the queue lets an agent miss
	LikelyAway   = "likely_away" // one call, where those who miss one mostly miss the next too
)

// AgentChanged tells an agent's new state.
type AgentChanged struct {
	Agent  string
	State  State
	Reason string
	Call   string // of an offer or a talk
}

// AgentReserved tells what an agent will be after what is under way: Available, or what was asked for meanwhile.
type AgentReserved struct {
	Agent  string
	State  State
	Reason string
}

func (Offer) order()         {}
func (Withdraw) order()      {}
func (Connect) order()       {}
func (Release) order()       {}
func (GiveUp) order()        {}
func (Overflow) order()      {}
func (Tell) order()          {}
func (StartCallback) order() {}
func (Rejected) order()      {}
func (AgentChanged) order()  {}
func (AgentReserved) order() {}
