package brain

import "time"

// Queue is a line of callers and the agents who serve it, as it is configured.
type Queue struct {
	Name         string
	Agents       []string       // in the order of top-down
	Tiers        map[string]int // of agents; who is not in it is of the first, 1
	TierWait     time.Duration  // each further tier is rung only after so much more waiting; zero: as soon as nobody before is free
	Strategy     Strategy       // empty: LongestIdle
	Needs        []Need         // what agents must be able to do
	Off          []Rule         // rules that do not hold for this queue
	Target       time.Duration  // by when a caller should hear a person: three rings
	OfferTimeout time.Duration  // how long a phone rings, from its first 18x, before it is a miss
	MaxWait      time.Duration  // after which the queue gives up; zero: never
	WrapUp       time.Duration  // how long wrap-up lasts at most; zero: none
	UntilDone    bool           // wrap-up lasts until it is said to be done, if WrapUp is zero
	Breather     time.Duration  // rest after a wrap-up that was said to be done
	MissesToStop int            // after how many misses in a row an agent is set to Missed; zero: one or two, as is learned
	Hedge        Hedging
	Limits       Limits
	Overflow     string // the queue that takes whom this one gives up; empty: the flow goes on
	Telling      Telling
	Calling      Calling
}

// Agent is a person who takes calls, as they are configured.
type Agent struct {
	ID          string
	Skills      map[string]int // levels, 1 and more
	AutoAnswers bool           // the device picks up by itself
}

// Need is a skill that a call asks for.
type Need struct {
	Skill string `json:"skill"`
	Level int    `json:"level"` // at least
	Relax []Step `json:"relax,omitempty"`
}

// Step lowers a need when a call has waited for a while.
type Step struct {
	After time.Duration `json:"after"`
	Level int           `json:"level"` // zero: not needed any more
}

// Strategy says which of the agents who could take a call is rung first.
type Strategy string

// The strategies. Agents of a lower tier always come first.
const (
	LongestIdle   Strategy = "longest-idle"    // whose last talk ended first
	LeastTalkTime Strategy = "least-talk-time" // who has talked least since signing on
	FewestCalls   Strategy = "fewest-calls"    // who has taken fewest calls since signing on
	RoundRobin    Strategy = "round-robin"     // whom this queue has rung longest ago
	TopDown       Strategy = "top-down"        // the first of the queue's list
	RingAll       Strategy = "ring-all"        // everybody at once
)

// Rule is one of the rules that stand above every strategy.
type Rule string

// The rules.
const (
	FirstCome  Rule = "first-come"  // who came first is served first. Off: who can still be answered in time goes before who cannot
	LeastSlack Rule = "least-slack" // between queues, whose deadline is nearest. Off: as if the target were that of all, DefaultTarget
	Aging      Rule = "aging"       // priorities are worth some waiting. Off: a higher one always goes first, and a low one may starve
	Hedged     Rule = "hedge"       // a further phone rings when the first is unlikely to be picked up in time
	Learned    Rule = "learned"     // … as learned from the agent's pick-ups. Off: at fixed times
)

// Hedging says when further phones ring for a call, where agents are to spare. Zero values are the defaults.
type Hedging struct {
	First  time.Duration // after which a second phone rings, until pick-ups have been learned; 7 s
	Every  time.Duration // after which the next; 4 s
	Phones int           // at most at once; 3
	Budget int           // rings for nothing that an agent may have in an hour; 12
	Share  int           // rings for nothing that a hundred calls may have, as nearly as can be known; 25
}

// Limits say who does not enter a queue, or stays in it. Zero values are no limits. That nobody is signed on is always one.
type Limits struct {
	Length  int           // as many may wait
	Wait    time.Duration // who is expected to wait longer does not enter
	OnBreak bool          // nobody waits while everybody who is signed on is on a break
}

// Telling says what waiting callers are told. The zero value tells nothing.
type Telling struct {
	Position bool
	Wait     bool
	After    time.Duration // the first time; never before 20 s
	Every    time.Duration // then; zero: once
	Callback time.Duration // from which expected wait on a callback is offered; zero: never
}

// Calling says how often those who want to be called back are called. Zero values are the defaults.
type Calling struct {
	Tries int           // CallbackTries
	Pause time.Duration // after a try that failed; CallbackPause
}

const (
	// DefaultTarget is the target of every queue for the comparison with others where least slack does not hold.
	DefaultTarget = 15 * time.Second
	// CallbackTries is how often a callback is tried, where its queue does not say.
	CallbackTries = 3
	// CallbackPause is how long after a try that failed the next one is made.
	CallbackPause = 15 * time.Minute
)
