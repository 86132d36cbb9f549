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
	Rank       int           `json:"rank"`       // of the call among those that wait for this queue, from 1
	Slack      time.Duration `json:"slack"`      // until the call's deadline; negative when it has passed
	Candidates int           `json:"candidates"` // agents who could have been rung
	Best       []Candidate   `json:"best"`       // the best five of them, the chosen one first
}

// Candidate is an agent who could be rung, with what the strategy looked at.
type Candidate struct {
	Agent string        `json:"agent"`
	Idle  time.Duration `json:"idle"`
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

// GiveUp ends the waiting of a call that nobody will take.
type GiveUp struct {
	Call string
	Why  string // Nobody or Timeout
}

// Why a call is given up.
const (
	Nobody  = "nobody"  // no agent of the queue is signed on
	Timeout = "timeout" // it waited as long as the queue allows
)

// Removed is the reason why an agent is offline who is no longer configured, and is forgotten.
const Removed = "removed"

// AgentChanged tells an agent's new state.
type AgentChanged struct {
	Agent  string
	State  State
	Reason string
	Call   string // of an offer or a talk
}

func (Offer) order()        {}
func (Withdraw) order()     {}
func (Connect) order()      {}
func (Release) order()      {}
func (GiveUp) order()       {}
func (AgentChanged) order() {}
