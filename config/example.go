package config

import (
	_ "embed"
	"slices"
)

//go:embed example.yaml
var example []byte

// Example is a settings file with every key, its meaning and its default.
func Example() []byte { return slices.Clone(example) }
