package ivr

import (
	"maps"
	"slices"
	"strings"
)

// unreached tells the steps that no way leads to from the start.
func (c *checker) unreached(path string, f Flow) {
	if _, known := f.Steps[f.Start]; !known {
		return // told already, and then it would be all of them
	}
	reached := map[string]bool{f.Start: true}
	for ahead := []string{f.Start}; len(ahead) > 0; ahead = ahead[1:] {
		for _, name := range f.Steps[ahead[0]].targets() {
			if !reached[name] {
				reached[name] = true
				ahead = append(ahead, name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Steps)) {
		if !reached[name] {
			c.fault(join(path, "steps", name), "a step that nothing leads to", "steps on a way from the start")
		}
	}
}

// circles tells where a caller who presses nothing, and whom no agent takes, would go round for ever. Each step has one
// way on for that caller, so following it from anywhere ends at a hangup or comes round. Round a queue, with prompts
// between, is fair: the caller waits for an agent. Without a queue nobody will ever come; with queues and callbacks
// alone no time would pass where nobody is signed on and nobody can be called.
func (c *checker) circles(path string, f Flow) {
	done := make(map[string]bool)
	for _, start := range slices.Sorted(maps.Keys(f.Steps)) {
		var way []string
		name := start
		for _, known := f.Steps[name]; known && !done[name]; _, known = f.Steps[name] {
			done[name] = true
			way = append(way, name)
			name = f.Steps[name].onward()
		}
		if first := slices.Index(way, name); first >= 0 {
			c.circle(path, f, way[first:])
		}
	}
}

// circle judges one circle of steps.
func (c *checker) circle(path string, f Flow, circle []string) {
	waits, speaks := false, false
	for _, name := range circle {
		switch f.Steps[name].verb() {
		case verbQueue:
			waits = true
		case verbPlay, verbAsk:
			speaks = true
		}
	}
	if waits && speaks {
		return
	}
	first := circle[0]
	key := "otherwise"
	if f.Steps[first].verb() == verbPlay {
		key = "next"
	}
	c.fault(join(path, "steps", first, key),
		"goes round for ever: "+strings.Join(append(circle, first), " → "),
		"a way that comes to a hangup, or to a queue with a play or an ask between its rounds")
}

// targets are the steps that the step may lead to.
func (s Step) targets() []string {
	targets := []string{s.Next, s.Otherwise}
	for _, key := range slices.Sorted(maps.Keys(s.Keys)) {
		targets = append(targets, s.Keys[key])
	}
	return targets
}

// onward is the step that follows where no key is pressed and no agent comes, "" for the end.
func (s Step) onward() string {
	switch {
	case s.verb() != verbPlay:
		return s.Otherwise
	case s.Hangup == "":
		return s.Next
	}
	return ""
}
