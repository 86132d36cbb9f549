package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong in what a person wrote.
type Problem struct {
	File    string // name of the file; empty for a flag or environment variable
	Line    int    // counted from 1; 0 where there is none to name
	Key     string // path of the key ("rtp.ports"), the variable or the flag
	Fault   string // what is wrong where it is not the value, such as "unknown key"; else empty
	Found   string // the value that stands there, in quotes if it is a text
	Allowed string // what may stand there
}

// String is the problem in one line, such as
//
//	settings.yaml:12: sip.listn: unknown key; allowed: listen, realm
//	settings.yaml:3: rtp.ports: found 12; allowed: a range such as 16000-19999
func (p Problem) String() string {
	var b strings.Builder
	switch {
	case p.File != "" && p.Line > 0:
		fmt.Fprintf(&b, "%s:%d: ", p.File, p.Line)
	case p.File != "":
		b.WriteString(p.File + ": ")
	}
	if p.Key != "" {
		b.WriteString(p.Key + ": ")
	}
	b.WriteString(p.Fault)
	if p.Found != "" {
		if p.Fault != "" {
			b.WriteString(": ")
		}
		b.WriteString("found " + p.Found)
	}
	if p.Allowed != "" {
		b.WriteString("; allowed: " + p.Allowed)
	}
	return b.String()
}

// Problems is everything wrong that was found in one reading. As an error it
// is never empty: functions return it through [Problems.Err].
type Problems []Problem

// Error is one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Err is the problems in the order of their lines, or nil if there are none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	sorted := slices.Clone(ps)
	slices.SortStableFunc(sorted, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return sorted
}

// OneOf says in words that one of the values is allowed.
func OneOf(values ...string) string {
	if len(values) == 0 {
		return "nothing, there is none yet"
	}
	return strings.Join(values, ", ")
}
