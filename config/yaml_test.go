package config

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"
)

func reflectOf(s *Settings) reflect.Value { return reflect.ValueOf(s).Elem() }

type document struct {
	Name   string            `yaml:"name"`
	Wait   time.Duration     `yaml:"wait"`
	Steps  map[string]step   `yaml:"steps"`
	Labels map[string]string `yaml:"labels"`
	Raw    any               `yaml:"raw"`
	Own    colour            `yaml:"own"`
	Common `yaml:",inline"`
}

type Common struct {
	Tries *int `yaml:"tries"`
}

type step struct {
	Play []string `yaml:"play"`
}

type colour string

func (c *colour) UnmarshalYAML(n *yaml.Node) error {
	*c = colour("is " + n.Value)
	if n.Value != "red" {
		return &yaml.TypeError{Errors: []string{"no"}}
	}
	return nil
}

func (colour) Allowed() string { return "red" }

const good = `name: 010
wait: 1m30s
steps:
  menu:
    play:
      - hello
      - bye
labels: {a: 1}
raw:
  x: [1, {y: 2}]
own: red
tries: 3
`

func TestDecodeYAMLReadsByTags(t *testing.T) {
	var d document
	lines, err := DecodeYAML("d.yaml", []byte(good), &d)
	require.NoError(t, err)
	require.Equal(t, "010", d.Name, "a number is taken as the text it is")
	require.Equal(t, 90*time.Second, d.Wait)
	require.Equal(t, []string{"hello", "bye"}, d.Steps["menu"].Play)
	require.Equal(t, colour("is red"), d.Own)
	require.Equal(t, 3, *d.Tries)

	for path, line := range map[string]int{
		"name": 1, "steps.menu": 4, "steps.menu.play": 5, "steps.menu.play.1": 7,
		"steps.menu.play.7": 5, "steps.menu.nothing.at.all": 4, "raw.x.1.y": 10, "nowhere": 1,
	} {
		require.Equal(t, line, lines.Line(path), path)
	}
	require.Equal(t, `d.yaml:7: steps.menu.play.1: found "bye"; allowed: hello`,
		lines.Problem("steps.menu.play.1", `"bye"`, "hello").String())
}

func TestDecodeYAMLRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"wait: 5":                       "d.yaml:1: wait: found 5; allowed: a time such as 11s or 1m30s",
		"wait: soon":                    `d.yaml:1: wait: found "soon"; allowed: a time such as 11s or 1m30s`,
		"tries: many":                   `d.yaml:1: tries: found "many"; allowed: a whole number`,
		"own: blue":                     `d.yaml:1: own: found "blue"; allowed: red`,
		"steps: [a]":                    "d.yaml:1: steps: found a list; allowed: a mapping",
		"raw:\n  a: 1\n  a: 2":          "d.yaml:3: raw.a: the key stands here again; allowed: each key once",
		"steps:\n  menu:\n    plya: []": "d.yaml:3: steps.menu.plya: unknown key; allowed: play",
		"steps:\n  menu:\n    play:\n      - {a: 1}\nname: []": "d.yaml:4: steps.menu.play.0: found a mapping; allowed: a text\nd.yaml:5: name: found a list; allowed: a text",
		"[1, 2]": "d.yaml:1: found a list; allowed: name, wait, steps, labels, raw, own, tries",
		"{}: {}": "d.yaml:1: unreadable: did not find expected ',' or '}'",
	} {
		d := document{Name: "before"}
		_, err := DecodeYAML("d.yaml", []byte(text), &d)
		if strings.HasPrefix(text, "{}") {
			require.Error(t, err)
			continue
		}
		require.EqualError(t, err, want, text)
		require.Equal(t, document{Name: "before"}, d, "a refused document changes nothing")
	}
}

func TestDecodeYAMLNeverPanics(t *testing.T) {
	piece := rapid.SampledFrom([]string{"name", "steps", "wait", "own", "raw", ": ", "\n", "  ", "- ", "[", "]", "{", "}", "1", "x", "&a ", "*a", "? ", "---\n", "~", "<<", "!!binary ", "\"", "\t", "\x00"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(piece).Draw(t, "pieces"), "")
		var d document
		lines, err := DecodeYAML("d.yaml", []byte(text), &d)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		lines.Line("steps.a.b")
	})
}

func TestEmptyDocumentIsNothing(t *testing.T) {
	for _, text := range []string{"", "# only words\n", "~", "---\n"} {
		d := document{Name: "before"}
		lines, err := DecodeYAML("d.yaml", []byte(text), &d)
		require.NoError(t, err, text)
		require.Equal(t, document{Name: "before"}, d)
		require.Zero(t, lines.Line("name"))
	}
}

func TestNilLinesKnowNothing(t *testing.T) {
	var lines *Lines
	require.Equal(t, "a.b: found nothing; allowed: c", lines.Problem("a.b", "", "c").String())
}

func TestProblemsErrIsNilWhenEmpty(t *testing.T) {
	require.NoError(t, Problems(nil).Err())
}
