package e2e

import (
	"flag"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var scenariosTo = flag.String("scenarios", "", "a folder that TestScenarios puts the SIPp scenarios into, for use by hand")

const scenarios = "../../../testdata/sipp"

// A part of a scenario, its attributes, and a line whose word has no value.
var (
	partOf    = regexp.MustCompile(`(?m)^ *<part name="(\w+)"((?: \w+="[^"]*")*)/>\n`)
	attribute = regexp.MustCompile(`(\w+)="([^"]*)"`)
	emptyLine = regexp.MustCompile(`(?m)^ *\[(headers)\]\n`)
)

// usual are the words of a part where it says nothing else.
var usual = map[string]string{
	"n": "1", "retrans": "500", "status": "200 OK", "to": "[peer_tag_param]",
	"body": "nothing", "version": "2353687637", "at": "[media_ip]", "formats": "8 0 96", "way": "sendrecv",
}

// file is the scenario with its parts and words filled in, since SIPp takes no variables in pauses and timeouts.
func (sc scenario) file(t *testing.T) string {
	t.Helper()
	text, err := sc.text()
	require.NoError(t, err)
	return write(t, sc.name+".xml", []byte(text))
}

func (sc scenario) text() (string, error) {
	data, err := os.ReadFile(filepath.Join(scenarios, sc.name+".xml"))
	if err != nil {
		return "", err
	}
	text, err := joinParts(string(data))
	for word, value := range sc.keys {
		text = strings.ReplaceAll(text, "["+word+"]", value)
	}
	return text, err
}

// joinParts puts the parts of a text in their places.
func joinParts(text string) (string, error) {
	var failed error
	text = partOf.ReplaceAllStringFunc(text, func(element string) string {
		found := partOf.FindStringSubmatch(element)
		part, err := fill(found[1], found[2])
		if err != nil {
			failed = err
		}
		return part
	})
	return text, failed
}

// fill is a part with the values of its attributes.
func fill(name, attributes string) (string, error) {
	values := map[string]string{}
	for word, value := range usual {
		values[word] = value
	}
	if name == "call" {
		values["body"] = "sdp"
	}
	for _, a := range attribute.FindAllStringSubmatch(attributes, -1) {
		values[a[1]] = html.UnescapeString(a[2])
	}
	data, err := os.ReadFile(filepath.Join(scenarios, "parts", name+".xml"))
	if err != nil {
		return "", fmt.Errorf("part %s: %w", name, err)
	}
	text := string(data)
	if strings.Contains(text, "[body]") {
		body, err := os.ReadFile(filepath.Join(scenarios, "parts", values["body"]+".xml"))
		if err != nil {
			return "", fmt.Errorf("part %s: %w", name, err)
		}
		text = strings.ReplaceAll(text, "      [body]\n", string(body))
	}
	values["headers"] = strings.ReplaceAll(values["headers"], " | ", "\n      ")
	for word, value := range values {
		if value != "" || word == "to" {
			text = strings.ReplaceAll(text, "["+word+"]", value)
		}
	}
	return joinParts(emptyLine.ReplaceAllString(text, ""))
}

// Every scenario can be put together of its parts.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(scenarios, "*.xml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		name := filepath.Base(file)
		text, err := scenario{name: strings.TrimSuffix(name, ".xml")}.text()
		require.NoError(t, err, name)
		require.NotContains(t, text, "<part", name)
		if *scenariosTo != "" {
			require.NoError(t, os.MkdirAll(*scenariosTo, 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(*scenariosTo, name), []byte(text), 0o644))
		}
	}
}
