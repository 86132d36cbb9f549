package sim

import (
	"context"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"
)

// Staffing is the need of agents in one half hour of one queue.
type Staffing struct {
	Queue     string
	HalfHour  string  // at which it begins
	Calls     float64 // expected
	Load      float64 // in erlangs: calls times talk and wrap-up
	Erlang    int     // agents by Erlang C, which knows no ringing, no misses and no impatience
	Simulated int     // agents with whom the brain reaches the level in simulation; 0: no number of them does
	Level     float64 // that is reached with them, from 0 to 1

	half int
}

const staffCalls = 6000 // simulated for each number of agents that is tried

// Staff works out how many agents each queue needs in each half hour for a share of its callers to hear a person within the
// target, as if they served it alone. Agents are like those of the first group that serves the queue. Each half hour is
// taken to last until things are in balance.
func (s *Scenario) Staff(ctx context.Context, level float64, progress func(done, all int)) ([]Staffing, error) {
	var all []Staffing
	for _, q := range s.Queues {
		for half := range s.halfHours() {
			all = append(all, s.staffing(q, half, level))
		}
	}
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	done := make(chan struct{}, len(all))
	for i := range all {
		work.Go(func() error {
			defer func() { done <- struct{}{} }()
			return s.search(ctx, &all[i], level)
		})
	}
	for n := range all {
		<-done
		if progress != nil {
			progress(n+1, len(all))
		}
	}
	return all, work.Wait()
}

// halfHours is in how many half hours callers come.
func (s *Scenario) halfHours() int { return int((s.Duration + halfHour - 1) / halfHour) }

func (s *Scenario) queue(name string) Queue {
	return s.Queues[slices.IndexFunc(s.Queues, func(q Queue) bool { return q.Name == name })]
}

func (s *Scenario) staffing(q Queue, half int, level float64) Staffing {
	st := Staffing{Queue: q.Name, HalfHour: s.halfHourName(half), half: half}
	var handling time.Duration // of all calls
	for i := range s.Calls {
		if c := &s.Calls[i]; c.Queue == q.Name {
			n := c.expectedIn(half)
			st.Calls += n
			handling += time.Duration(n * float64(c.Talk.Mean()+c.WrapUp.Mean()))
		}
	}
	st.Load = handling.Seconds() / halfHour.Seconds()
	if st.Calls > 0 {
		st.Erlang = erlangAgents(st.Load, q.Target.Seconds()*st.Calls/handling.Seconds(), level)
	}
	return st
}

// expectedIn is how many are expected in a half hour.
func (c *Calls) expectedIn(half int) float64 {
	switch {
	case c.PerHour > 0:
		return c.PerHour / 2
	case half < len(c.HalfHours):
		return c.HalfHours[half]
	}
	n := 0.
	for _, r := range c.rows {
		if int(r.at/halfHour) == half {
			n++
		}
	}
	return n
}

// search tries numbers of agents, up or down from Erlang's, on the same callers each time.
func (s *Scenario) search(ctx context.Context, st *Staffing, level float64) error {
	if st.Calls == 0 {
		return nil
	}
	reached := map[int]float64{}
	enough := func(n int) (bool, error) {
		result, err := s.steady(st, n).Run(ctx, nil)
		if err != nil {
			return false, fmt.Errorf("staff %s at %s: %w", st.Queue, st.HalfHour, err)
		}
		reached[n] = *result[0].Total.ServiceLevel
		return reached[n] >= level, nil
	}
	n := st.Erlang
	ok, err := enough(n)
	for ok && n > 1 && err == nil {
		if ok, err = enough(n - 1); ok {
			n--
		}
	}
	for most := 2*st.Erlang + 5; reached[n] < level && n < most && err == nil; {
		n++
		_, err = enough(n)
	}
	if reached[n] >= level {
		st.Simulated, st.Level = n, reached[n]
	}
	return err
}

// steady is the queue alone, with its calls of a half hour for so long that staffCalls come, and a number of agents.
func (s *Scenario) steady(st *Staffing, agents int) *Scenario {
	q := s.queue(st.Queue)
	group := s.Agents[slices.IndexFunc(s.Agents, q.servedBy)]
	group.Count, group.Shifts = agents, nil
	q.Agents, q.Skill, q.Tiers, q.Overflow = []string{group.ID}, "", nil, ""
	lasts := time.Duration(staffCalls / st.Calls * float64(halfHour))
	only := &Scenario{
		Seed: s.Seed, Start: s.Start, Duration: min(lasts, longest), Queues: []Queue{q}, Agents: []Group{group},
		Settings: []Setting{{Name: Threering, Dispatcher: Threering}},
	}
	for _, c := range s.Calls {
		if rate := c.expectedIn(st.half); c.Queue == st.Queue && rate > 0 {
			c.PerHour, c.HalfHours, c.Trace, c.rows = 2*rate, nil, "", nil
			only.Calls = append(only.Calls, c)
		}
	}
	return only
}

// WriteStaff writes what Staff found for people.
func WriteStaff(to io.Writer, all []Staffing, level float64) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, strings.Join([]string{"queue", "from", "calls", "erlangs", "by Erlang C", "simulated", "then in time", ""}, "\t"))
	for _, st := range all {
		simulated, reached := fmt.Sprint(st.Simulated), fmt.Sprintf("%.1f %%", 100*st.Level)
		switch {
		case st.Calls == 0:
			reached = ""
		case st.Simulated == 0:
			simulated, reached = "none", fmt.Sprintf("never %.1f %%", 100*level)
		}
		fmt.Fprintf(w, "%s\t%s\t%.0f\t%.1f\t%d\t%s\t%s\t\n", st.Queue, st.HalfHour, math.Round(st.Calls), st.Load, st.Erlang, simulated, reached)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the staff: %w", err)
	}
	return nil
}
