package floor

import (
	"time"

	"threering/acd/brain"
	"threering/media"
)

// Script is what a caller's call runs through, from answer to hangup. The flow interpreter implements it. A run is plain
// values: the floor keeps the State, hands it back with what came of the last step, and is told the next step.
type Script interface {
	// Start begins a run for the number that was dialled; false means that nobody answers that number.
	Start(number, caller string) (State, bool)
	// Next answers what came of the last step with the step to be done now. It has no side effects.
	Next(s State, r Result) (State, Step)
	// Announce names the prompts that tell the caller the agent's number before the talk.
	Announce(s State, agent string) []string
	// Speak names the prompts that say a phrase in a language; none where it has no words for it.
	Speak(language string, p Phrase) []string
	// Prompt gives the audio of a prompt, nil where there is none of that name.
	Prompt(name string) *media.Sound
}

// State is where a run stands: plain values, so that it can be written down and taken up again.
type State struct {
	Flow    string            `json:"flow"`
	Version string            `json:"version"` // of the flow's text, so that a change does not disturb calls under way
	Step    string            `json:"step"`
	Tries   int               `json:"tries,omitempty"` // how often the present step was asked
	Vars    map[string]string `json:"vars,omitempty"`
}

// Step is what the call should do now: Play, Ask, Enqueue, Book or Hangup.
type Step interface{ step() }

// Play plays prompts one after the other.
type Play struct {
	Prompts []string
	Notice  string // id of the recording notice that these prompts give, kept with the call
}

// Ask plays prompts and takes keys, during the prompts too; the first key stops them.
type Ask struct {
	Prompts []string
	Keys    int           // how many are wanted
	Timeout time.Duration // how long to wait for each, after the prompts have ended
}

// Enqueue lets the caller wait for an agent. It returns when the talk has ended (Talked) or when nobody came (GaveUp).
type Enqueue struct {
	Name    string
	MaxWait time.Duration // zero: as the queue says

	Priority int          // each step is worth brain.PriorityStep of waiting
	Needs    []brain.Need // beside those of the queue
	Sticky   *Sticky
}

// Sticky has a caller wait for one agent alone at first.
type Sticky struct {
	Agent string // empty: the one that the caller spoke with last
	For   time.Duration
}

// Book has the caller be called back when it is their turn in a queue, at a number that they confirm or enter. It ends the
// call, or returns where no number comes of it (Unbooked). Who came here since nobody came has the place that they had where
// they were last: the time for which they have waited and, in the same queue and where nothing else is said here, the priority and
// the needs.
type Book struct {
	Queue    string
	Priority int
	Needs    []brain.Need
}

// Hangup ends the call.
type Hangup struct{ Reason string }

func (Play) step()    {}
func (Ask) step()     {}
func (Enqueue) step() {}
func (Book) step()    {}
func (Hangup) step()  {}

// Result is what came of a step.
type Result interface{ result() }

// Begun is the result before the first step.
type Begun struct{}

// Played says that the prompts of a Play were heard to their end.
type Played struct{}

// Pressed says which keys an Ask got.
type Pressed struct{ Keys string }

// Silent says that an Ask got no key in time.
type Silent struct{}

// Talked says that an Enqueue led to a talk, which has ended with the caller still there.
type Talked struct{}

// GaveUp says that an Enqueue led to nobody.
type GaveUp struct {
	Why string // "nobody" (no agent is signed on) or "timeout"
}

// Unbooked says that a Book got no number that may be called.
type Unbooked struct{}

func (Begun) result()    {}
func (Played) result()   {}
func (Pressed) result()  {}
func (Silent) result()   {}
func (Talked) result()   {}
func (GaveUp) result()   {}
func (Unbooked) result() {}
