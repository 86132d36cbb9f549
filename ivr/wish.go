package ivr

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"threering/acd/brain"
	"threering/acd/floor"
)

// Need is a skill that agents must have, and how that is relaxed as a caller waits.
type Need struct {
	Skill string  `yaml:"skill" json:"skill"`
	Level int     `yaml:"level" json:"level"`
	Relax []Relax `yaml:"relax,omitempty" json:"relax,omitempty"`
}

// Relax lowers the level of a need after some waiting; 0 drops it.
type Relax struct {
	After time.Duration `yaml:"after" json:"after"`
	Level int           `yaml:"level" json:"level"`
}

// Sticky has a caller wait for one agent alone at first: the id of one, or the last that they spoke with.
type Sticky struct {
	Agent string        `yaml:"agent"`
	For   time.Duration `yaml:"for,omitempty"` // 0: 30 s
}

const (
	lastAgent     = "last"
	defaultSticky = 30 * time.Second
	stickyMost    = 30 * time.Minute
	priorityMost  = 100
)

// Plan is the need as the brain has it.
func (n Need) Plan() brain.Need {
	need := brain.Need{Skill: n.Skill, Level: n.Level}
	for _, s := range n.Relax {
		need.Relax = append(need.Relax, brain.Step(s))
	}
	return need
}

// Check tells wrong of what makes no sense in the need, which stands at path, beside a skill that nobody has.
func (n Need) Check(path string, wrong func(path, found, allowed string)) {
	if n.Level < 1 || n.Level > 10 {
		wrong(path+".level", fmt.Sprint(n.Level), "1 to 10")
	}
	after, level := time.Duration(0), n.Level
	for i, s := range n.Relax {
		at := fmt.Sprintf("%s.relax.%d", path, i)
		if s.After <= after {
			wrong(at+".after", s.After.String(), "more than the step before")
		}
		if s.Level < 0 || s.Level >= level {
			wrong(at+".level", fmt.Sprint(s.Level), "less than before, 0 to need it no more")
		}
		after, level = s.After, s.Level
	}
}

// needs are those of the step as the brain has them.
func (s Step) needs() (needs []brain.Need) {
	for _, n := range s.Needs {
		needs = append(needs, n.Plan())
	}
	return needs
}

// enqueue is the step as the floor does it.
func (s Step) enqueue() floor.Enqueue {
	e := floor.Enqueue{Name: s.Queue, MaxWait: s.MaxWait, Priority: s.Priority, Needs: s.needs()}
	if s.Sticky != nil {
		e.Sticky = &floor.Sticky{Agent: s.Sticky.Agent, For: cmp.Or(s.Sticky.For, defaultSticky)}
		if s.Sticky.Agent == lastAgent {
			e.Sticky.Agent = ""
		}
	}
	return e
}

// book is the step as the floor does it.
func (s Step) book() floor.Book {
	return floor.Book{Queue: s.Callback, Priority: s.Priority, Needs: s.needs()}
}

// Booking is a step that has callers be called back.
type Booking struct {
	Path  string // of its queue, in the part
	Queue string
}

// Bookings lists them.
func (p Part) Bookings() (list []Booking) {
	for _, flow := range slices.Sorted(maps.Keys(p.Flows)) {
		steps := p.Flows[flow].Steps
		for _, name := range slices.Sorted(maps.Keys(steps)) {
			if s := steps[name]; s.verb() == verbCallback {
				list = append(list, Booking{join("flows", flow, "steps", name, verbCallback), s.Callback})
			}
		}
	}
	return list
}

// wishes checks what a step asks for beside its queue.
func (c stepChecker) wishes() {
	if c.step.Priority < 0 || c.step.Priority > priorityMost {
		c.fault(join(c.path, "priority"), "out of range", fmt.Sprintf("0 to %d, each step worth 30s of waiting", priorityMost))
	}
	for i, n := range c.step.Needs {
		at := join(c.path, "needs", fmt.Sprint(i))
		c.oneOf(join(at, "skill"), n.Skill, c.env.Skills)
		n.Check(at, c.wrong)
	}
	if s := c.step.Sticky; s != nil {
		c.oneOf(join(c.path, "sticky", "agent"), s.Agent, append([]string{lastAgent}, c.env.Agents...))
		if s.For < 0 || s.For > stickyMost {
			c.fault(join(c.path, "sticky", "for"), "out of range", "a time up to 30m")
		}
	}
}
