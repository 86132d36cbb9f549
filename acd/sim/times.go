package sim

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"go.yaml.in/yaml/v3"
)

// Times is a random length of time. In a document it is one of
//
//	{median: 4s, sigma: 0.6}   lognormal, sigma of the logarithm
//	{mean: 180s, sigma: 0.6}   lognormal with this mean
//	{mean: 240s}               exponential
//	{fixed: 15s}               always the same
//
// The zero value is always zero.
type Times struct {
	form   form
	length time.Duration // median, mean or the fixed one
	sigma  float64
}

// form is the kind of a distribution.
type form string

const (
	fixed       form = ""
	exponential form = "exponential"
	lognormal   form = "lognormal"
)

// Exponential is a random length of time with a mean, of which what is left does not depend on what has passed.
func Exponential(mean time.Duration) Times { return Times{form: exponential, length: mean} }

// Allowed says what a document may have in the place of Times.
func (Times) Allowed() string {
	return "one of {median: 4s, sigma: 0.6}, {mean: 180s, sigma: 0.6}, {mean: 240s}, {fixed: 15s}; times up to 24h, sigma above 0 up to 3"
}

// UnmarshalYAML reads one of the four shapes.
func (t *Times) UnmarshalYAML(n *yaml.Node) error {
	var doc struct {
		Median, Mean, Fixed *time.Duration
		Sigma               *float64
	}
	if err := n.Decode(&doc); err != nil || !onlyTimes(n) {
		return fmt.Errorf("not a random time")
	}
	length, given := doc.Fixed, 0
	for _, d := range []*time.Duration{doc.Median, doc.Mean, doc.Fixed} {
		if d != nil {
			length = d
			given++
		}
	}
	switch {
	case given != 1 || *length < 0 || *length > 24*time.Hour:
		return fmt.Errorf("not one length up to 24h")
	case doc.Sigma != nil && (*doc.Sigma <= 0 || *doc.Sigma > 3 || doc.Fixed != nil):
		return fmt.Errorf("not a sigma of a lognormal time")
	case doc.Median != nil && doc.Sigma == nil:
		return fmt.Errorf("a median without a sigma")
	}
	*t = Times{length: *length}
	switch {
	case doc.Sigma == nil && doc.Mean != nil:
		t.form = exponential
	case doc.Sigma != nil:
		t.form, t.sigma = lognormal, *doc.Sigma
		if doc.Mean != nil { // the mean of a lognormal is its median times exp(sigma²/2)
			t.length = time.Duration(float64(*doc.Mean) / math.Exp(t.sigma*t.sigma/2))
		}
	}
	return nil
}

// onlyTimes says that a mapping has no key that Times doesn't know, and no bare number for a length: the decoder would
// pass over the one and take the other for nanoseconds.
func onlyTimes(n *yaml.Node) bool {
	if n.Kind != yaml.MappingNode {
		return false
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		switch n.Content[i].Value {
		case "median", "mean", "fixed":
			if n.Content[i+1].ShortTag() != "!!str" {
				return false
			}
		case "sigma":
		default:
			return false
		}
	}
	return true
}

// Mean is the mean length.
func (t Times) Mean() time.Duration {
	if t.form == lognormal {
		return time.Duration(float64(t.length) * math.Exp(t.sigma*t.sigma/2))
	}
	return t.length
}

// draw takes the next length from a stream, in whole microseconds, a day at most.
func (t Times) draw(from *rand.PCG) time.Duration {
	d := float64(t.length)
	switch t.form {
	case exponential:
		d *= rand.New(from).ExpFloat64()
	case lognormal:
		d *= math.Exp(t.sigma * rand.New(from).NormFloat64())
	}
	return time.Duration(min(d, float64(24*time.Hour))).Truncate(time.Microsecond)
}
