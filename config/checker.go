package config

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Allower is a type that says in words which values it takes, for the problem
// that is told when it is given another.
type Allower interface{ Allowed() string }

var (
	yamlReader = reflect.TypeFor[yaml.Unmarshaler]()
	textReader = reflect.TypeFor[encoding.TextUnmarshaler]()
	duration   = reflect.TypeFor[time.Duration]()
	moment     = reflect.TypeFor[time.Time]()
	yamlNode   = reflect.TypeFor[yaml.Node]()
)

// checker holds a document against a type, before anything is decoded.
type checker struct {
	lines    *Lines
	problems Problems
}

func (c *checker) value(path string, n *yaml.Node, t reflect.Type) {
	if _, seen := c.lines.at[path]; !seen { // the key's own line is known already
		c.lines.at[path] = n.Line
	}
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		c.wrong(path, n, "values without anchors and aliases")
		return
	}
	if isNull(n) {
		return
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch pointer := reflect.PointerTo(t); {
	case pointer.Implements(yamlReader), pointer.Implements(textReader),
		t.Kind() == reflect.Interface, t == yamlNode:
		c.ownReader(path, n, t)
	case t.Kind() == reflect.Struct:
		c.mapping(path, n, keysOf(t))
	case t.Kind() == reflect.Map:
		c.mapping(path, n, anyKey{t.Elem()})
	case t.Kind() == reflect.Slice:
		c.list(path, n, t.Elem())
	default:
		c.scalar(path, n, t)
	}
}

// ownReader checks a value whose type reads it itself: everything below gets
// its lines, and then the type is asked.
func (c *checker) ownReader(path string, n *yaml.Node, t reflect.Type) {
	before := len(c.problems)
	switch n.Kind {
	case yaml.MappingNode:
		c.mapping(path, n, anyKey{reflect.TypeFor[any]()})
	case yaml.SequenceNode:
		c.list(path, n, reflect.TypeFor[any]())
	}
	if len(c.problems) > before {
		return
	}
	value := reflect.New(t)
	if err := n.Decode(value.Interface()); err != nil {
		allowed := err.Error()
		if t == moment {
			allowed = "a date or time such as 2026-11-02 or 2026-11-02T09:30:00+08:00"
		}
		if a, ok := value.Interface().(Allower); ok {
			allowed = a.Allowed()
		}
		c.wrong(path, n, allowed)
	}
}

func (c *checker) mapping(path string, n *yaml.Node, keys keys) {
	if n.Kind != yaml.MappingNode {
		c.wrong(path, n, keys.words())
		return
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		below := join(path, key.Value)
		t, known := keys.lookup(key.Value)
		if key.Kind != yaml.ScalarNode {
			below, known = path, false
		}
		switch {
		case !known:
			c.fault(below, key.Line, "unknown key", keys.words())
		case seen[key.Value]:
			c.fault(below, key.Line, "the key stands here again", "each key once")
		default:
			c.lines.at[below] = key.Line
			c.value(below, value, t)
		}
		seen[key.Value] = true
	}
}

func (c *checker) list(path string, n *yaml.Node, of reflect.Type) {
	if n.Kind != yaml.SequenceNode {
		c.wrong(path, n, "a list")
		return
	}
	for i, value := range n.Content {
		c.value(join(path, fmt.Sprint(i)), value, of)
	}
}

func (c *checker) scalar(path string, n *yaml.Node, t reflect.Type) {
	ok := n.Kind == yaml.ScalarNode
	switch {
	case t == duration:
		// A bare number would be taken for nanoseconds.
		ok = ok && n.ShortTag() == "!!str"
	case t.Kind() == reflect.Bool:
		ok = ok && n.ShortTag() == "!!bool"
	}
	if !ok || n.Decode(reflect.New(t).Interface()) != nil {
		c.wrong(path, n, scalarWords(t))
	}
}

func scalarWords(t reflect.Type) string {
	if a, ok := reflect.Zero(t).Interface().(Allower); ok {
		return a.Allowed()
	}
	switch {
	case t == duration:
		return "a time such as 11s or 1m30s"
	case t.Kind() == reflect.Bool:
		return "true or false"
	case t.Kind() == reflect.String:
		return "a text"
	case t.Kind() == reflect.Float32, t.Kind() == reflect.Float64:
		return "a number"
	}
	return "a whole number"
}

func (c *checker) wrong(path string, n *yaml.Node, allowed string) {
	p := c.lines.Problem(path, shown(n), allowed)
	p.Line = n.Line
	c.problems = append(c.problems, p)
}

func (c *checker) fault(path string, line int, fault, allowed string) {
	p := c.lines.Fault(path, fault, allowed)
	p.Line = line
	c.problems = append(c.problems, p)
}

// shown is a value as a problem quotes it.
func shown(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "*" + n.Value
	}
	if n.ShortTag() == "!!str" {
		return fmt.Sprintf("%q", n.Value)
	}
	return n.Value
}

func join(path, key string) string {
	return strings.TrimPrefix(path+"."+key, ".")
}
