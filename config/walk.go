package config

import (
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// setting is one value of [Settings] and the path of its key.
type setting struct {
	key   string
	field reflect.Value
}

// settingsOf is every setting in the struct v, in the order of its fields.
func settingsOf(v reflect.Value, path string) []setting {
	var all []setting
	for _, k := range keysOf(v.Type()) {
		key, field := join(path, k.name), v.FieldByIndex(k.index)
		if field.Kind() == reflect.Struct && !field.Addr().Type().Implements(textReader) {
			all = append(all, settingsOf(field, key)...)
			continue
		}
		all = append(all, setting{key, field})
	}
	return all
}

// describe is the first line of the comment that the example file gives each
// key, so that a setting is described in one place.
func describe() map[string]string {
	words := map[string]string{}
	var document yaml.Node
	if err := yaml.Unmarshal(example, &document); err != nil {
		panic(err) // embedded, and tested
	}
	describeMapping(document.Content[0], "", words)
	return words
}

func describeMapping(n *yaml.Node, path string, words map[string]string) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		comment := key.HeadComment
		if at := strings.LastIndex(comment, "\n\n"); at >= 0 {
			comment = comment[at+2:] // the file's own head stands above the first key
		}
		first, _, _ := strings.Cut(comment, "\n")
		words[join(path, key.Value)] = strings.TrimPrefix(first, "# ")
		if value.Kind == yaml.MappingNode {
			describeMapping(value, join(path, key.Value), words)
		}
	}
}
