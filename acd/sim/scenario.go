package sim

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"threering/acd/brain"
	"threering/config"
)

// Scenario is a center for a while: who calls, who works, and the settings that are compared.
type Scenario struct {
	Seed     uint64        `yaml:"seed"`     // of all random numbers
	Start    Clock         `yaml:"start"`    // time of day at which it begins
	Duration time.Duration `yaml:"duration"` // how long callers arrive; those who are there then are still served
	Queues   []Queue       `yaml:"queues"`
	Agents   []Group       `yaml:"agents"`
	Calls    []Calls       `yaml:"calls"`
	Settings []Setting     `yaml:"settings"` // none: the brain with the queues as they are
}

// Queue is a line of callers and who serves it, under the names that the center's document has for it. What is not given is
// the default of the center's document with rings as in China.
type Queue struct {
	Name         string         `yaml:"name"`
	Agents       []string       `yaml:"agents,flow"` // ids of groups, or …
	Skill        string         `yaml:"skill"`       // … everybody who has the skill
	Tiers        map[string]int `yaml:"tiers"`       // of groups
	TierWait     time.Duration  `yaml:"tier_wait"`
	Needs        []Need         `yaml:"needs"`
	Target       time.Duration  `yaml:"target"` // by when a caller should hear a person
	OfferTimeout time.Duration  `yaml:"offer_timeout"`
	MaxWait      *time.Duration `yaml:"max_wait"` // 0: never
	WrapUp       *time.Duration `yaml:"wrap_up"`  // at most
	Breather     *time.Duration `yaml:"breather"`
	Overflow     string         `yaml:"overflow"`
	Tell         Tell           `yaml:"tell"`
	Routing      `yaml:",inline"`
}

// Tell says whether who waits is told a bound of their wait, by the brain.
type Tell struct {
	Wait  bool          `yaml:"wait"`
	After time.Duration `yaml:"after"` // of the wait, not before 20 s
	Every time.Duration `yaml:"every"` // 20 s or more; 0: once
}

// Routing is what a queue has of the brain's ways, and a setting may change for all queues.
type Routing struct {
	Strategy brain.Strategy `yaml:"strategy"`
	Off      []brain.Rule   `yaml:"off,flow"`
	Hedge    Hedging        `yaml:"hedge"`
	Misses   int            `yaml:"misses"` // in a row, after which an agent is set aside; 0: as the brain learns
}

// Hedging says when further phones ring. Zero values are the brain's defaults.
type Hedging struct {
	First  time.Duration `yaml:"first"`
	Every  time.Duration `yaml:"every"`
	Phones int           `yaml:"phones"`
	Budget int           `yaml:"budget"` // rings for nothing that an agent may have in an hour
	Share  int           `yaml:"share"`  // … and that a hundred calls may have
}

// Need is a skill that calls ask for, and how it is relaxed while they wait.
type Need struct {
	Skill string `yaml:"skill"`
	Level int    `yaml:"level"`
	Relax []Step `yaml:"relax"`
}

// Step lowers a need after some waiting; level 0 is no need.
type Step struct {
	After time.Duration `yaml:"after"`
	Level int           `yaml:"level"`
}

// Group is agents who are alike.
type Group struct {
	ID      string         `yaml:"id"`
	Count   int            `yaml:"count"` // 0: one, who has the group's id; else ID-1, ID-2 and so on
	Skills  map[string]int `yaml:"skills"`
	Shifts  []Shift        `yaml:"shifts"`  // every day; none: always
	PickUp  Times          `yaml:"pick_up"` // from the first ring to picking up
	Misses  float64        `yaml:"misses"`  // share of the offers that are let ring out, one by one
	Away    Away           `yaml:"away"`
	Notices Times          `yaml:"notices"` // who was set aside for a miss comes back after this, at the desk
}

// Away is spells away from a desk that still says available: no offer is taken in them.
type Away struct {
	Share float64 `yaml:"share"` // of all time
	Spell Times   `yaml:"spell"` // how long one lasts
}

// Calls is a stream of callers. Exactly one of PerHour, HalfHours and Trace says when they come.
type Calls struct {
	Queue     string    `yaml:"queue"`
	PerHour   float64   `yaml:"per_hour"`   // Poisson
	HalfHours []float64 `yaml:"half_hours"` // Poisson: how many are expected in each half hour from the start on
	Trace     string    `yaml:"trace"`      // a CSV file, beside the scenario
	Patience  Times     `yaml:"patience"`   // after this a caller who has not heard anyone hangs up
	Talk      Times     `yaml:"talk"`
	WrapUp    Times     `yaml:"wrap_up"`
	Priority  int       `yaml:"priority"`
	Needs     []Need    `yaml:"needs"`

	rows []row // of the trace
}

// Setting is one way to route, to be compared with others on the same callers and agents.
type Setting struct {
	Name       string           `yaml:"name"`
	Dispatcher string           `yaml:"dispatcher"` // one of Dispatchers
	Ring       time.Duration    `yaml:"ring"`       // of a model: how long a phone rings
	Retry      time.Duration    `yaml:"retry"`      // of a model: rest after a miss
	AddEvery   time.Duration    `yaml:"add_every"`  // of a model: one more phone each time
	SetAside   bool             `yaml:"set_aside"`  // of a model: who misses is not rung until they say so
	Routing    `yaml:",inline"` // of the brain: in the place of what the queues say
}

const (
	halfHour        = 30 * time.Minute
	defaultTarget   = 15 * time.Second // three rings of 5 s
	defaultOffer    = 11 * time.Second // to the end of the third one's sound
	defaultMaxWait  = 2 * time.Minute
	defaultWrapUp   = 30 * time.Second
	defaultBreather = 2 * time.Second
)

// Load reads a scenario and says everything that is wrong with it, as config.Problems with the lines of the file.
func Load(file string) (*Scenario, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the scenario: %w", err)
	}
	return Read(file, data)
}

// Read is Load of a file's text; the file's name is for problems, and for the folder of its traces.
func Read(file string, data []byte) (*Scenario, error) {
	s := &Scenario{Seed: 1}
	lines, err := config.DecodeYAML(file, data, s)
	if err != nil {
		return nil, err
	}
	s.fill()
	c := checker{lines: lines, folder: filepath.Dir(file)}
	c.scenario(s)
	if err := c.problems.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

// fill puts the defaults where nothing is said.
func (s *Scenario) fill() {
	for i := range s.Queues {
		q := &s.Queues[i]
		q.Target = or(q.Target, defaultTarget)
		q.OfferTimeout = or(q.OfferTimeout, defaultOffer)
		q.MaxWait = orNew(q.MaxWait, defaultMaxWait)
		q.WrapUp = orNew(q.WrapUp, defaultWrapUp)
		q.Breather = orNew(q.Breather, defaultBreather)
	}
	if len(s.Settings) == 0 {
		s.Settings = []Setting{{Dispatcher: Threering}}
	}
	for i := range s.Settings {
		if s.Settings[i].Name == "" {
			s.Settings[i].Name = s.Settings[i].Dispatcher
		}
	}
}

func or(d, byDefault time.Duration) time.Duration {
	if d == 0 {
		return byDefault
	}
	return d
}

func orNew(d *time.Duration, byDefault time.Duration) *time.Duration {
	if d == nil {
		return &byDefault
	}
	return d
}
