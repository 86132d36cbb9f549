package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// DecodeYAML reads a document into the struct that into points to, by its
// `yaml:"…"` tags, and is strict: unknown and repeated keys, values of the
// wrong type and text that is no YAML come back as [Problems], all at once,
// and then into is left as it was. Keys that are missing leave their fields
// alone. Anchors, aliases and further documents are not allowed.
//
// A type may read itself (yaml.Unmarshaler, encoding.TextUnmarshaler) and say
// in words what it takes ([Allower]).
func DecodeYAML(file string, data []byte, into any) (*Lines, error) {
	root, err := parse(data)
	if err != nil {
		return nil, Problems{syntaxProblem(file, err)}
	}
	c := checker{lines: &Lines{file: file, at: map[string]int{}}}
	if root == nil {
		return c.lines, nil
	}
	c.value("", root, reflect.TypeOf(into).Elem())
	if err := c.problems.Err(); err != nil {
		return nil, err
	}
	if err := root.Decode(into); err != nil {
		return nil, Problems{syntaxProblem(file, err)}
	}
	return c.lines, nil
}

// parse is the root value of the only document in data; nil if it is empty.
func parse(data []byte) (*yaml.Node, error) {
	var document, second yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(data))
	switch err := d.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, err
	}
	if err := d.Decode(&second); !errors.Is(err, io.EOF) {
		if err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("line %d: a second document begins", second.Line)
	}
	root := document.Content[0]
	if isNull(root) {
		return nil, nil
	}
	return root, nil
}

var (
	yamlLine = regexp.MustCompile(`line (\d+): `)
	// oneLow matches the complaints that the reader gives the line before.
	oneLow = regexp.MustCompile(`^did not find expected (key|node content|'-' indicator|',' or)`)
)

// syntaxProblem takes the line out of the YAML reader's message, which names
// none for the first.
func syntaxProblem(file string, err error) Problem {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	p := Problem{File: file, Line: 1}
	if at := yamlLine.FindStringSubmatchIndex(text); at != nil {
		p.Line, _ = strconv.Atoi(text[at[2]:at[3]])
		text = text[:at[0]] + text[at[1]:]
		if oneLow.MatchString(text) {
			p.Line++
		}
	}
	p.Fault = "unreadable: " + strings.TrimSpace(text)
	return p
}

func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}
