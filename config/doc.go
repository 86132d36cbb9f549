// Package config reads the settings: the file, the environment variables
// THREERING_… over it and the command's flags over those, each value checked
// before anything starts. It also owns the one strict way to read a YAML
// document that a person wrote ([DecodeYAML]) and the one style in which its
// errors are told ([Problem]), which the center's document and the flows use
// too. It knows nothing of what the settings are for.
package config
