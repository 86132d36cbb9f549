package center

import (
	_ "embed"
	"slices"
	"time"

	"threering/config"
)

var (
	//go:embed demo.yaml
	demo []byte
	//go:embed demo_calls.yaml
	demoCalls []byte
)

// Demo is the document of the demo center.
func Demo() []byte { return slices.Clone(demo) }

// DemoCall is a call that a customer of the demo is said to have made.
type DemoCall struct {
	Number      string `yaml:"number"`   // the caller's, as people write it
	DaysAgo     int    `yaml:"days_ago"` // from 1
	Time        string `yaml:"time"`     // of that day in the center's time zone, 15:04
	Queue       string `yaml:"queue"`
	Agent       string `yaml:"agent"`
	Seconds     int    `yaml:"seconds"` // of talk
	Disposition string `yaml:"disposition"`
	Notes       string `yaml:"notes"`
}

// DemoCalls is the earlier calls of the demo, for the journal.
func DemoCalls() []DemoCall {
	var file struct {
		Calls []DemoCall `yaml:"calls"`
	}
	if _, err := config.DecodeYAML("demo_calls.yaml", demoCalls, &file); err != nil {
		panic(err) // embedded, and tested
	}
	return file.Calls
}

// At is when the call came in, seen from now.
func (d DemoCall) At(now time.Time, zone *time.Location) time.Time {
	clock, err := time.Parse("15:04", d.Time)
	if err != nil {
		panic(err) // embedded, and tested
	}
	year, month, day := now.In(zone).AddDate(0, 0, -d.DaysAgo).Date()
	return time.Date(year, month, day, clock.Hour(), clock.Minute(), 0, 0, zone)
}
