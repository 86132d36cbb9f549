package ivr

import (
	"slices"

	"threering/acd/floor"
)

// changed ends a run whose step is not in the flow any more.
var changed = floor.Hangup{Reason: "flow changed"}

// served ends a run of which nothing more is said than what the talk was for.
var served = floor.Hangup{Reason: "served"}

// advance is one move of a run: from what came of its step to its next step.
func advance(f Flow, s floor.State, r floor.Result) (floor.State, floor.Step) {
	if _, begun := r.(floor.Begun); begun {
		return enter(f, s, f.Start)
	}
	step, known := f.Steps[s.Step]
	if !known {
		return s, changed
	}
	switch step.verb() {
	case verbAsk:
		return asked(f, s, step, r)
	case verbQueue:
		if _, talked := r.(floor.Talked); talked {
			return enter(f, s, step.Next)
		}
		return enter(f, s, step.Otherwise)
	case verbCallback:
		if _, talked := r.(floor.Talked); talked { // with the customer, who was called back
			return s, served
		}
		return enter(f, s, step.Otherwise)
	case verbPlay:
		if step.Hangup == "" {
			return enter(f, s, step.Next)
		}
	}
	return s, floor.Hangup{Reason: step.Hangup}
}

// enter makes a step the run's present one.
func enter(f Flow, s floor.State, name string) (floor.State, floor.Step) {
	step, known := f.Steps[name]
	if !known {
		return s, changed
	}
	s.Step, s.Tries = name, 0
	switch step.verb() {
	case verbPlay:
		return s, floor.Play{Prompts: slices.Clone(step.Play), Notice: step.Notice}
	case verbAsk:
		return ask(s, step, nil)
	case verbQueue:
		return s, step.enqueue()
	case verbCallback:
		return s, step.book()
	}
	return s, floor.Hangup{Reason: step.Hangup}
}

// asked is the move after an Ask: where the key leads, or once more, or otherwise.
func asked(f Flow, s floor.State, step Step, r floor.Result) (floor.State, floor.Step) {
	before := step.Silent
	if pressed, ok := r.(floor.Pressed); ok {
		if target, ok := step.Keys[pressed.Keys]; ok {
			return enter(f, s, target)
		}
		before = step.Wrong
	}
	if s.Tries >= step.tries() {
		return enter(f, s, step.Otherwise)
	}
	return ask(s, step, before)
}

// ask asks once more, with the prompts that come before the question.
func ask(s floor.State, step Step, before []string) (floor.State, floor.Step) {
	s.Tries++
	return s, floor.Ask{Prompts: slices.Concat(before, step.Ask), Keys: 1, Timeout: step.timeout()}
}

// prompts are the announcement of one agent.
func (a Announce) prompts(agent string) []string {
	names := slices.Clone(a.Before)
	for _, r := range agent {
		if a.Digits != "" && '0' <= r && r <= '9' {
			names = append(names, a.Digits+"/"+string(r))
		}
	}
	return append(names, a.After...)
}
