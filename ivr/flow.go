package ivr

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"go.yaml.in/yaml/v3"
)

// Part is the room's part of the center's document: which numbers are answered, and by which flow.
type Part struct {
	Country string          `yaml:"-"` // of numbers written without one; empty: China
	Numbers []Number        `yaml:"numbers,omitempty"`
	Flows   map[string]Flow `yaml:"flows,omitempty"`
}

// Number says which flow answers a number, or all numbers of a range: digits, or + and digits. One number goes before a range
// that it lies in.
type Number struct {
	Number  string `yaml:"number"`
	Through string `yaml:"through,omitempty"` // the last of the range; empty: one number
	Flow    string `yaml:"flow"`
}

// Flow is a script of named steps. A run begins at Start and goes from step to step until one hangs up.
type Flow struct {
	Start    string          `yaml:"start"`
	Announce *Announce       `yaml:"announce,omitempty"` // nil: in Chinese, see defaultAnnounce
	Steps    map[string]Step `yaml:"steps"`
}

// Announce says how the caller is told the agent's number before the talk: the prompts Before, a prompt for each digit
// of the number out of the folder Digits ("zh": zh/1 zh/0 …), the prompts After. An empty one says nothing.
type Announce struct {
	Before []string `yaml:"before,omitempty"`
	Digits string   `yaml:"digits,omitempty"`
	After  []string `yaml:"after,omitempty"`
}

// Step does one thing, its verb: Play, Ask, Queue, Callback or Hangup. A Play may end with a Hangup in the place of a Next.
type Step struct {
	Play     []string `yaml:"play,omitempty"`     // prompts to be heard to their end, then Next or Hangup
	Ask      []string `yaml:"ask,omitempty"`      // prompts that ask for one key
	Queue    string   `yaml:"queue,omitempty"`    // queue to wait in
	Callback string   `yaml:"callback,omitempty"` // queue in whose turn the caller is called back; they confirm or enter a number, and that ends the call
	Hangup   string   `yaml:"hangup,omitempty"`   // reason kept with the call that is ended

	Notice string `yaml:"notice,omitempty"` // Play: id of the recording notice that the prompts give

	Keys    map[string]string `yaml:"keys,omitempty"`    // Ask: key (0-9 * #) → step
	Timeout time.Duration     `yaml:"timeout,omitempty"` // Ask: how long to wait for the key after the prompts, default 5 s
	Wrong   []string          `yaml:"wrong,omitempty"`   // Ask: said before asking again after a key that is not in Keys
	Silent  []string          `yaml:"silent,omitempty"`  // Ask: said before asking again after no key
	Tries   int               `yaml:"tries,omitempty"`   // Ask: how often it is asked at most, default 3

	MaxWait time.Duration `yaml:"max_wait,omitempty"` // Queue: how long to wait at most, default as the queue says

	Priority int     `yaml:"priority,omitempty"` // Queue, Callback: each step is worth 30 s of waiting
	Needs    []Need  `yaml:"needs,omitempty"`    // Queue, Callback: what agents must be able to do, beside what the queue asks for
	Sticky   *Sticky `yaml:"sticky,omitempty"`   // Queue: who is waited for alone at first

	Next      string `yaml:"next,omitempty"`      // Play: when it was heard. Queue: when the talk has ended
	Otherwise string `yaml:"otherwise,omitempty"` // Ask: when the tries are used up. Queue: when nobody came. Callback: when no number was confirmed
}

// The verbs of a step, as written in the document.
const (
	verbPlay     = "play"
	verbAsk      = "ask"
	verbQueue    = "queue"
	verbCallback = "callback"
	verbHangup   = "hangup"
)

// verb is what the step does, "" for nothing.
func (s Step) verb() string {
	switch {
	case s.Play != nil:
		return verbPlay
	case s.Ask != nil:
		return verbAsk
	case s.Queue != "":
		return verbQueue
	case s.Callback != "":
		return verbCallback
	case s.Hangup != "":
		return verbHangup
	}
	return ""
}

const (
	defaultTries   = 3
	defaultTimeout = 5 * time.Second
)

// defaultAnnounce is used by a flow that says nothing about it. It is short, since the caller waits for it.
var defaultAnnounce = Announce{Before: []string{"zh/agent"}, Digits: "zh", After: []string{"zh/serves"}}

// tries is how often the step asks.
func (s Step) tries() int {
	if s.Tries > 0 {
		return s.Tries
	}
	return defaultTries
}

// timeout is how long the step waits for a key.
func (s Step) timeout() time.Duration {
	if s.Timeout > 0 {
		return s.Timeout
	}
	return defaultTimeout
}

// announce is how the flow announces an agent.
func (f Flow) announce() Announce {
	if f.Announce != nil {
		return *f.Announce
	}
	return defaultAnnounce
}

// text is the flow as YAML, the same for the same flow: keys are sorted.
func (f Flow) text() []byte {
	text, _ := yaml.Marshal(f) // strings, numbers, lists and maps of them: it cannot fail
	return text
}

// Version is a short name of the flow's text; two flows that differ in anything have different ones.
func (f Flow) Version() string {
	sum := sha256.Sum256(f.text())
	return hex.EncodeToString(sum[:6])
}
