package sim

import (
	"fmt"
	"strings"
	"time"

	"threering/acd/brain"
)

// Clock is a time of day, written 08:30 or 24:00.
type Clock time.Duration

// Allowed says what a document may have in the place of a Clock.
func (Clock) Allowed() string { return `a time of day such as "08:30"` }

// UnmarshalText reads 08:30.
func (c *Clock) UnmarshalText(text []byte) error {
	if string(text) == "24:00" {
		*c = Clock(day)
		return nil
	}
	t, err := time.Parse("15:04", string(text))
	if err != nil {
		return err
	}
	*c = Clock(t.Sub(t.Truncate(day)))
	return nil
}

// String is the clock as it is written.
func (c Clock) String() string {
	return fmt.Sprintf("%02d:%02d", c/Clock(time.Hour), c%Clock(time.Hour)/Clock(time.Minute))
}

// Shift is a part of the day, written 08:30-17:00; over midnight is allowed.
type Shift struct{ From, To Clock }

// Allowed says what a document may have in the place of a Shift.
func (Shift) Allowed() string { return `a part of the day such as "08:30-17:00"` }

// UnmarshalText reads 08:30-17:00.
func (s *Shift) UnmarshalText(text []byte) error {
	from, to, _ := strings.Cut(string(text), "-")
	if err := s.From.UnmarshalText([]byte(from)); err != nil {
		return err
	}
	if err := s.To.UnmarshalText([]byte(to)); err != nil {
		return err
	}
	if s.From == s.To {
		return fmt.Errorf("%s is no time at all", text)
	}
	return nil
}

const day = 24 * time.Hour

// dawn is the midnight before a scenario's start. It is not 0, which the brain and the models take for never.
const dawn = brain.Instant(day / time.Microsecond)

// begin is the moment at which a scenario starts.
func (s *Scenario) begin() brain.Instant { return dawn.Add(time.Duration(s.Start)) }

// end is when the last callers come.
func (s *Scenario) end() brain.Instant { return s.begin().Add(s.Duration) }

// clockOf is the time of day of a moment.
func clockOf(at brain.Instant) Clock { return Clock(at.Sub(dawn) % day) }
