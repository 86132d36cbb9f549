package center

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"threering/acd/brain"
	"threering/acd/floor"
)

// Telling is the part of a queue that says what its callers are told while they wait, and its agents when they pick up.
type Telling struct {
	Tell      Tell     `yaml:"tell,omitempty,flow" json:"tell,omitzero"`
	Languages []string `yaml:"languages,omitempty,flow" json:"languages,omitempty"` // spoken one after the other; empty: both, the center's first
	Whisper   Whisper  `yaml:"whisper,omitempty,flow" json:"whisper,omitzero"`
}

// Tell says what waiting callers are told, and when: nothing before 20 s, and once where there is no every.
type Tell struct {
	Position bool          `yaml:"position,omitempty" json:"position,omitempty"`
	Wait     bool          `yaml:"wait,omitempty" json:"wait,omitempty"` // within how many minutes they are answered
	After    time.Duration `yaml:"after,omitempty" json:"after,omitempty"`
	Every    time.Duration `yaml:"every,omitempty" json:"every,omitempty"`
}

// Whisper is what the agent hears at pick-up, before the caller is there.
type Whisper struct {
	Prompts []string `yaml:"prompts,omitempty,flow" json:"prompts,omitempty"`
	Wait    bool     `yaml:"wait,omitempty" json:"wait,omitempty"` // for how many minutes the caller has waited
}

const (
	tellSoonest = 20 * time.Second // nothing is told before, nor more often
	whisperMost = 4                // prompts: the caller waits meanwhile
)

// plan gives a floor's queue what is to be told.
func (t Telling) plan(q *floor.Queue, language string) {
	q.Telling = brain.Telling{Position: t.Tell.Position, Wait: t.Tell.Wait, After: t.Tell.After, Every: t.Tell.Every}
	q.Languages, q.Briefing = t.languages(language), floor.Briefing{Prompts: t.Whisper.Prompts, Waited: t.Whisper.Wait}
}

// languages are those of the queue; the center's, then the others, where it says nothing.
func (t Telling) languages(first string) []string {
	if len(t.Languages) > 0 {
		return t.Languages
	}
	list := floor.Languages()
	slices.SortStableFunc(list, func(x, y string) int {
		return cmp.Compare(order(x == first), order(y == first))
	})
	return list
}

// order puts what is first before what is not.
func order(first bool) int {
	if first {
		return 0
	}
	return 1
}

// telling checks what a queue says of what is told.
func (c *checker) telling(path string, t Telling, prompts []string) {
	tell := path + ".tell"
	if !t.Tell.Position && !t.Tell.Wait && (t.Tell.After != 0 || t.Tell.Every != 0) {
		c.wrong(tell, "neither", "position, wait, or both")
	}
	if t.Tell.After != 0 {
		c.between(tell+".after", t.Tell.After, tellSoonest, time.Hour)
	}
	if t.Tell.Every != 0 {
		c.between(tell+".every", t.Tell.Every, tellSoonest, time.Hour)
	}
	for i, l := range t.Languages {
		at := fmt.Sprintf("%s.languages.%d", path, i)
		if slices.Contains(t.Languages[:i], l) {
			c.wrong(at, l, "each language once")
			continue
		}
		c.oneOf(at, l, floor.Languages())
	}
	if len(t.Whisper.Prompts) > whisperMost {
		c.wrong(path+".whisper.prompts", fmt.Sprint(len(t.Whisper.Prompts)), fmt.Sprintf("%d at most: the caller waits meanwhile", whisperMost))
	}
	for i, p := range t.Whisper.Prompts {
		c.oneOf(fmt.Sprintf("%s.whisper.prompts.%d", path, i), p, prompts)
	}
}
