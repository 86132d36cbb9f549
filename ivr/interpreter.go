package ivr

import (
	"slices"
	"sync/atomic"

	"threering/acd/floor"
	"threering/media"
)

// versionsKept is how many texts of a flow are known at a time, the present one among them. A call lasts minutes, so
// that a run outlives its text only where a flow is changed many times within one.
const versionsKept = 8

// Interpreter runs the flows. It is a floor.Script, and safe for concurrent use: what it knows is an immutable library,
// which Replace exchanges as a whole.
type Interpreter struct {
	prompts *Prompts
	library atomic.Pointer[library]
}

var _ floor.Script = (*Interpreter)(nil)

// New gives an interpreter of the part's flows. The part has passed Check, and must not be changed afterwards.
func New(p Part, prompts *Prompts) *Interpreter {
	i := &Interpreter{prompts: prompts}
	i.library.Store(new(library).with(p))
	return i
}

// Replace puts a new part in the place of the present one. Runs under way keep the text that they began with, as long as
// it is among the last few of its flow.
func (i *Interpreter) Replace(p Part) {
	for {
		old := i.library.Load()
		if i.library.CompareAndSwap(old, old.with(p)) {
			return
		}
	}
}

// Start begins a run of the flow that answers the number; false means that none does.
func (i *Interpreter) Start(number, _ string) (floor.State, bool) {
	l := i.library.Load()
	name, known := l.numbers.flow(number)
	if !known {
		return floor.State{}, false
	}
	text, known := l.newest(name)
	if !known {
		return floor.State{}, false
	}
	return floor.State{Flow: name, Version: text.version}, true
}

// Next answers what came of the last step with the step to be done now. A run that cannot go on, since the flow no
// longer has its step, is hung up with the reason "flow changed".
func (i *Interpreter) Next(s floor.State, r floor.Result) (floor.State, floor.Step) {
	text, known := i.library.Load().text(s.Flow, s.Version)
	if !known {
		return s, changed
	}
	return advance(text.flow, s, r)
}

// Announce names the prompts that tell the caller the agent's number; what is no digit in it is left out.
func (i *Interpreter) Announce(s floor.State, agent string) []string {
	text, _ := i.library.Load().text(s.Flow, s.Version)
	return text.flow.announce().prompts(agent)
}

// Prompt gives the audio of a prompt, nil where there is none of that name.
func (i *Interpreter) Prompt(name string) *media.Sound { return i.prompts.Sound(name) }

// library is what an interpreter knows at a time. It is never changed once made.
type library struct {
	numbers numbers
	texts   map[string][]text // flow → its texts, the newest first; of flows that are gone, too, for their last runs
}

type text struct {
	version string
	flow    Flow
}

// with gives the library that has the part's numbers and flows, and the older texts for the runs under way.
func (l *library) with(p Part) *library {
	next := &library{numbers: numbersOf(p), texts: make(map[string][]text)}
	for name, texts := range l.texts {
		next.texts[name] = texts
	}
	for name, flow := range p.Flows {
		newest := text{flow.Version(), flow}
		older := slices.DeleteFunc(slices.Clone(l.texts[name]), func(t text) bool { return t.version == newest.version })
		next.texts[name] = append([]text{newest}, older[:min(len(older), versionsKept-1)]...)
	}
	return next
}

// newest gives the present text of a flow.
func (l *library) newest(name string) (text, bool) {
	if texts := l.texts[name]; len(texts) > 0 {
		return texts[0], true
	}
	return text{}, false
}

// text gives the text that a run began with; where that is not known any more, the newest: most changes of a flow leave
// most of its steps in their places, and going on is better than hanging up.
func (l *library) text(name, version string) (text, bool) {
	for _, t := range l.texts[name] {
		if t.version == version {
			return t, true
		}
	}
	return l.newest(name)
}
