package config

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"
	"go.yaml.in/yaml/v3"
)

// Load reads the settings: the defaults, over them the file (none if its name
// is empty), the environment variables THREERING_…, and the flags that were
// given (nil for none; [AddFlags] declares them). Everything wrong in any of
// them comes back at once, as [Problems]; a file that cannot be read as the
// error that says why.
func Load(file string, flags *pflag.FlagSet) (Settings, error) {
	l := loader{settings: Default(), over: viper.New(), flags: flags}
	if err := l.readFile(file); err != nil {
		return Settings{}, err
	}
	if err := l.readOver(); err != nil {
		return Settings{}, err
	}
	check(l.settings, l.wrong)
	if err := l.problems.Err(); err != nil {
		return Settings{}, err
	}
	return l.settings, nil
}

// AddFlags declares a flag for every setting but the passwords, for [Load].
func AddFlags(flags *pflag.FlagSet) {
	usage := describe()
	for _, s := range settingsOf(reflect.ValueOf(new(Default())).Elem(), "") {
		switch {
		case s.key == "demo_password":
		case s.field.Kind() == reflect.Bool:
			flags.Bool(flagName(s.key), s.field.Bool(), usage[s.key])
		default:
			// The default is told in the example file; a flag not given has none.
			flags.String(flagName(s.key), "", usage[s.key])
		}
	}
}

// loader gathers settings and what is wrong with them.
type loader struct {
	settings Settings
	lines    *Lines       // of the file
	over     *viper.Viper // what goes over the file: variables, and flags over those
	flags    *pflag.FlagSet
	problems Problems
}

// readFile lets the file's own problems wait for those of the other sources,
// so that a person sees all of them in one go.
func (l *loader) readFile(file string) error {
	if file == "" {
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read settings: %w", err)
	}
	l.lines, err = DecodeYAML(file, data, &l.settings)
	var problems Problems
	if errors.As(err, &problems) {
		l.problems = problems
		return nil
	}
	return err
}

// readOver sets what variables and flags say.
func (l *loader) readOver() error {
	for _, s := range settingsOf(reflect.ValueOf(&l.settings).Elem(), "") {
		if err := l.bind(s.key); err != nil {
			return fmt.Errorf("read settings: %s: %w", s.key, err)
		}
		if !l.over.IsSet(s.key) {
			continue
		}
		node := nodeOf(l.over.GetString(s.key), s.field.Type())
		c := checker{lines: &Lines{at: map[string]int{}}}
		c.value(s.key, node, s.field.Type())
		if len(c.problems) > 0 {
			l.wrong(s.key, c.problems[0].Found, c.problems[0].Allowed)
			continue
		}
		if err := node.Decode(s.field.Addr().Interface()); err != nil {
			return fmt.Errorf("read settings: %s: %w", s.key, err)
		}
	}
	return nil
}

// bind lets viper know where a setting may come from.
func (l *loader) bind(key string) error {
	if flag := l.flag(key); flag != nil {
		if err := l.over.BindPFlag(key, flag); err != nil {
			return err
		}
	}
	return l.over.BindEnv(key, variable(key))
}

// nodeOf is the text of a variable or flag as the YAML of a field's type, so
// that it is read and refused in the same words as the file.
func nodeOf(text string, t reflect.Type) *yaml.Node {
	switch t.Kind() {
	case reflect.Bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: text}
	case reflect.Slice:
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for part := range strings.SplitSeq(text, ",") {
			list.Content = append(list.Content, nodeOf(strings.TrimSpace(part), t.Elem()))
		}
		return list
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}

// wrong names the source the value came from: the one that went over the others.
func (l *loader) wrong(key, found, allowed string) {
	setting := key
	for _, s := range settingsOf(reflect.ValueOf(&l.settings).Elem(), "") {
		if strings.HasPrefix(key+".", s.key+".") { // an item of a list
			setting = s.key
		}
	}
	p := l.lines.Problem(key, found, allowed)
	_, inVariable := os.LookupEnv(variable(setting))
	switch flag := l.flag(setting); {
	case flag != nil && flag.Changed:
		p.File, p.Line, p.Key = "", 0, "--"+flag.Name
	case inVariable && l.over.IsSet(setting):
		p.File, p.Line, p.Key = "", 0, variable(setting)
	}
	l.problems = append(l.problems, p)
}

func (l *loader) flag(key string) *pflag.Flag {
	if l.flags == nil {
		return nil
	}
	return l.flags.Lookup(flagName(key))
}

func variable(key string) string {
	return "THREERING_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

func flagName(key string) string { return strings.NewReplacer(".", "-", "_", "-").Replace(key) }
