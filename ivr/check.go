package ivr

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"threering/config"
)

// Env is what a part may refer to and does not hold itself.
type Env struct {
	Queues  []string // names of the center's queues
	Prompts []string // names of the prompts, see Prompts.Names
	Skills  []string // that anybody has
	Agents  []string // ids of those who take calls
}

// Check tells everything that is wrong in the part: what refers to nothing, steps that do nothing or two things, that
// nothing leads to, or that go round for ever. The part was read with DecodeYAML, which gave lines (nil: not from a
// file), and stands in the document below the key prefix ("" for the top). An empty list means that it may be applied.
func Check(p Part, env Env, lines *config.Lines, prefix string) config.Problems {
	c := &checker{env: env, lines: lines}
	names := slices.Sorted(maps.Keys(p.Flows))
	seen := make(map[string]bool)
	for i, n := range p.Numbers {
		path := join(prefix, "numbers", strconv.Itoa(i))
		if !numberForm.MatchString(n.Number) {
			c.wrong(join(path, "number"), n.Number, "digits, + before them")
		} else if seen[n.Number] {
			c.fault(join(path, "number"), fmt.Sprintf("%s stands here again", n.Number), "each number once")
		}
		if n.Through != "" && (!numberForm.MatchString(n.Through) || !numbersOf(p).isRange(n.Number, n.Through)) {
			c.wrong(join(path, "through"), n.Through, "the last number of a range: as long as the first, and not before it")
		}
		seen[n.Number] = true
		c.oneOf(join(path, "flow"), n.Flow, names)
	}
	for _, name := range names {
		path := join(prefix, "flows", name)
		c.name(path, name)
		c.flow(path, p.Flows[name])
	}
	return c.problems
}

var (
	numberForm = regexp.MustCompile(`^\+?[0-9]{1,20}$`)
	nameForm   = regexp.MustCompile(`^[\pL\pN_-]+$`)
)

// checker gathers problems.
type checker struct {
	env      Env
	lines    *config.Lines
	problems config.Problems
}

// flow checks one flow.
func (c *checker) flow(path string, f Flow) {
	if f.Announce != nil {
		c.announce(join(path, "announce"), *f.Announce)
	}
	names := slices.Sorted(maps.Keys(f.Steps))
	if len(names) == 0 {
		c.fault(join(path, "steps"), "a flow without steps", "one step at least")
		return
	}
	c.oneOf(join(path, "start"), f.Start, names)
	for _, name := range names {
		at := join(path, "steps", name)
		c.name(at, name)
		stepChecker{c, at, f.Steps[name], names}.check()
	}
	c.unreached(path, f)
	c.circles(path, f)
}

func (c *checker) announce(path string, a Announce) {
	c.prompts(join(path, "before"), a.Before)
	c.prompts(join(path, "after"), a.After)
	if a.Digits == "" {
		return
	}
	for digit := range 10 {
		if !slices.Contains(c.env.Prompts, fmt.Sprintf("%s/%d", a.Digits, digit)) {
			c.wrong(join(path, "digits"), a.Digits, "a folder with the prompts 0 to 9, such as zh or en")
			return
		}
	}
}

// prompts checks that each of the prompts is there. For one that is not, those of its folder are named.
func (c *checker) prompts(path string, names []string) {
	for i, name := range names {
		if slices.Contains(c.env.Prompts, name) {
			continue
		}
		folder, _, _ := strings.Cut(name, "/")
		near := slices.DeleteFunc(slices.Clone(c.env.Prompts), func(n string) bool { return !strings.HasPrefix(n, folder+"/") })
		if len(near) == 0 {
			near = c.env.Prompts
		}
		c.wrong(join(path, strconv.Itoa(i)), name, config.OneOf(near...))
	}
}

// name checks the name of a flow or step.
func (c *checker) name(path, name string) {
	if !nameForm.MatchString(name) {
		c.wrong(path, name, "a name of letters, digits, - and _")
	}
}

// oneOf checks that the value at path is one of those allowed.
func (c *checker) oneOf(path, value string, allowed []string) {
	if !slices.Contains(allowed, value) {
		c.wrong(path, value, config.OneOf(allowed...))
	}
}

// wrong tells that the value at path is not allowed.
func (c *checker) wrong(path, value, allowed string) {
	if value != "" {
		value = strconv.Quote(value)
	}
	c.problems = append(c.problems, c.lines.Problem(path, value, allowed))
}

// fault tells what is wrong at path where it is not the value.
func (c *checker) fault(path, fault, allowed string) {
	c.problems = append(c.problems, c.lines.Fault(path, fault, allowed))
}

// join makes the path of a key.
func join(parts ...string) string {
	return strings.TrimPrefix(strings.Join(parts, "."), ".")
}
