package config

import "strings"

// Lines knows on which line of a YAML document each key stands. A nil *Lines
// knows none, which suits values that were not read from a file.
type Lines struct {
	file string
	at   map[string]int // line by path; for a key of a mapping the key's line
}

// Line is the line of the value at path, such as
// "flows.main.steps.menu.keys.1" or "people.0.role" (places in a list count
// from 0). Where the path stands nowhere, because a key is missing, it is the
// line of the nearest parent; 0 if there is none of those either.
func (l *Lines) Line(path string) int {
	if l == nil {
		return 0
	}
	for {
		if line, ok := l.at[path]; ok {
			return line
		}
		if path == "" {
			return 0
		}
		path = path[:max(0, strings.LastIndexByte(path, '.'))]
	}
}

// Problem says what was found at path and what is allowed there. An empty
// found means that nothing stands there.
func (l *Lines) Problem(path, found, allowed string) Problem {
	p := l.Fault(path, "", allowed)
	if p.Found = found; found == "" {
		p.Found = "nothing"
	}
	return p
}

// Fault says what is wrong at path where it is not the value alone, such as
// "used twice".
func (l *Lines) Fault(path, fault, allowed string) Problem {
	p := Problem{Line: l.Line(path), Key: path, Fault: fault, Allowed: allowed}
	if l != nil {
		p.File = l.file
	}
	return p
}
