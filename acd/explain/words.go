package explain

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrLanguage says that there are no words in a language.
var ErrLanguage = errors.New("no such language")

// Languages are those that there are words in.
func Languages() []string { return []string{"en", "zh"} }

// in is the words of a language.
func in(language string) (words, error) {
	switch language {
	case "en":
		return english(), nil
	case "zh":
		return chinese(), nil
	default:
		return words{}, fmt.Errorf("%q: %w", language, ErrLanguage)
	}
}

// words is a language: its sentences by their keys, with places for values in braces, and what stands between them.
type words struct {
	sentences              map[string]string
	between, comma         string // between two sentences, between two things of a list
	hours, minutes, second string // units, with what stands before them
}

// values fill the places of a sentence.
type values map[string]string

func (w words) say(key string, v values) string {
	var pairs []string
	for place, value := range v {
		pairs = append(pairs, "{"+place+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(w.sentences[key])
}

// sayOr says other where there is no sentence for a key.
func (w words) sayOr(key, other string, v values) string {
	if _, ok := w.sentences[key]; !ok {
		key = other
	}
	return w.say(key, v)
}

// length is a duration as people say it: tenths of a second below a minute, two units at most.
func (w words) length(d time.Duration) string {
	if tenths := d.Round(100 * time.Millisecond); tenths < time.Minute {
		return strings.TrimSuffix(fmt.Sprintf("%.1f", tenths.Seconds()), ".0") + w.second
	}
	whole := int(d.Round(time.Second) / time.Second)
	hours, minutes, seconds := whole/3600, whole/60%60, whole%60
	var parts []string
	add := func(count int, unit string) {
		if count > 0 && len(parts) < 2 {
			parts = append(parts, fmt.Sprint(count, unit))
		}
	}
	add(hours, w.hours)
	add(minutes, w.minutes)
	add(seconds, w.second)
	return strings.Join(parts, " ")
}
