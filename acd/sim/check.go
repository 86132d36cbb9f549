package sim

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"threering/config"
)

const (
	mostAgents   = 20_000
	mostCalls    = 20_000_000
	longest      = 10 * 365 * day
	mostPerHour  = 10_000_000
	longestQueue = 24 * time.Hour
)

// checker gathers what is wrong with a scenario whose keys and types are right already.
type checker struct {
	lines    *config.Lines
	folder   string // of the traces
	problems config.Problems
}

func (c *checker) wrong(path, found, allowed string) {
	c.problems = append(c.problems, c.lines.Problem(path, found, allowed))
}

func (c *checker) scenario(s *Scenario) {
	if s.Duration <= 0 || s.Duration > longest {
		c.wrong("duration", s.Duration.String(), "a time above 0, up to 87600h")
	}
	groups := c.agents(s.Agents)
	queues := c.queues(s, groups)
	c.calls(s, queues)
	c.settings(s.Settings)
}

func (c *checker) agents(groups []Group) (ids []string) {
	if len(groups) == 0 {
		c.wrong("agents", "", "a list of agents")
	}
	total := 0
	for i, g := range groups {
		path := fmt.Sprintf("agents.%d", i)
		c.name(path+".id", g.ID, ids)
		ids = append(ids, g.ID)
		if total += g.size(); g.Count < 0 || total > mostAgents {
			c.wrong(path+".count", strconv.Itoa(g.Count), fmt.Sprintf("0 or more, %d agents in all", mostAgents))
		}
		for skill, level := range g.Skills {
			if level < 1 || level > 10 {
				c.wrong(path+".skills."+skill, strconv.Itoa(level), "a level from 1 to 10")
			}
		}
		c.share(path+".misses", g.Misses)
		c.share(path+".away.share", g.Away.Share)
		if g.Away.Share > 0 && g.Away.Spell.Mean() < time.Second {
			c.wrong(path+".away.spell", "", "how long a spell lasts, 1s or more in the mean")
		}
	}
	return ids
}

func (c *checker) name(path, name string, used []string) {
	if name == "" || slices.Contains(used, name) {
		c.wrong(path, quoted(name), "a name that is not used yet")
	}
}

func (c *checker) share(path string, share float64) {
	if !(share >= 0 && share <= .9) {
		c.wrong(path, number(share), "a share from 0 to 0.9")
	}
}

func (c *checker) queues(s *Scenario, groups []string) (names []string) {
	if len(s.Queues) == 0 {
		c.wrong("queues", "", "a list of queues")
	}
	for i, q := range s.Queues {
		path := fmt.Sprintf("queues.%d", i)
		c.name(path+".name", q.Name, names)
		names = append(names, q.Name)
		for j, id := range q.Agents {
			if !slices.Contains(groups, id) || slices.Contains(q.Agents[:j], id) {
				c.wrong(fmt.Sprintf("%s.agents.%d", path, j), quoted(id), "each once of "+config.OneOf(groups...))
			}
		}
		switch serves := slices.ContainsFunc(s.Agents, q.servedBy); {
		case q.Skill != "" && len(q.Agents) > 0:
			c.wrong(path+".skill", quoted(q.Skill), "agents or a skill, not both")
		case q.Skill != "" && !serves:
			c.wrong(path+".skill", quoted(q.Skill), "a skill that an agent has")
		case !serves:
			c.wrong(path+".agents", "", config.OneOf(groups...))
		}
		c.queueValues(path, q)
	}
	return names
}

func (c *checker) queueValues(path string, q Queue) {
	if !slices.Contains(strategies(), q.Strategy) {
		c.wrong(path+".strategy", quoted(q.Strategy), config.OneOf(strategies()[1:]...))
	}
	c.between(path+".target", q.Target, time.Second, longestQueue)
	c.between(path+".offer_timeout", q.OfferTimeout, time.Second, 2*time.Minute)
	c.between(path+".max_wait", *q.MaxWait, 0, longestQueue)
	c.between(path+".wrap_up", *q.WrapUp, 0, longestQueue)
	c.between(path+".breather", *q.Breather, 0, time.Minute)
	if q.Misses < 0 || q.Misses > 10 {
		c.wrong(path+".misses", strconv.Itoa(q.Misses), "1 to 10")
	}
}

func (c *checker) between(path string, d, low, high time.Duration) {
	if d < low || d > high || d%time.Millisecond != 0 {
		c.wrong(path, d.String(), fmt.Sprintf("%s to %s", low, high))
	}
}

func (c *checker) calls(s *Scenario, queues []string) {
	if len(s.Calls) == 0 {
		c.wrong("calls", "", "a list of streams of callers")
	}
	expected := 0.
	for i := range s.Calls {
		calls, path := &s.Calls[i], fmt.Sprintf("calls.%d", i)
		if !slices.Contains(queues, calls.Queue) {
			c.wrong(path+".queue", quoted(calls.Queue), config.OneOf(queues...))
		}
		c.arrivals(path, calls)
		if calls.Talk.Mean() == 0 && calls.Trace == "" {
			c.wrong(path+".talk", "", calls.Talk.Allowed())
		}
		if calls.Priority < -10 || calls.Priority > 10 {
			c.wrong(path+".priority", strconv.Itoa(calls.Priority), "-10 to 10")
		}
		if expected += calls.expected(s.Duration); expected > mostCalls {
			c.wrong(path, fmt.Sprintf("%.0f calls in all", expected), fmt.Sprintf("%d calls in all", mostCalls))
			return
		}
	}
}

func (c *checker) arrivals(path string, calls *Calls) {
	given := 0
	for _, is := range []bool{calls.PerHour != 0, len(calls.HalfHours) > 0, calls.Trace != ""} {
		if is {
			given++
		}
	}
	if given != 1 {
		c.wrong(path, fmt.Sprintf("%d of per_hour, half_hours and trace", given), "one of them")
	}
	if !(calls.PerHour >= 0 && calls.PerHour <= mostPerHour) {
		c.wrong(path+".per_hour", number(calls.PerHour), fmt.Sprintf("a number from 0 to %d", mostPerHour))
	}
	for i, n := range calls.HalfHours {
		if !(n >= 0 && n <= mostPerHour/2) {
			c.wrong(fmt.Sprintf("%s.half_hours.%d", path, i), number(n), fmt.Sprintf("a number from 0 to %d", mostPerHour/2))
		}
	}
	if calls.Trace != "" {
		c.trace(path+".trace", calls)
	}
}

func (c *checker) settings(settings []Setting) {
	var names []string
	for i, s := range settings {
		path := fmt.Sprintf("settings.%d", i)
		c.name(path+".name", s.Name, names)
		names = append(names, s.Name)
		if !slices.Contains(Dispatchers(), s.Dispatcher) {
			c.wrong(path+".dispatcher", quoted(s.Dispatcher), config.OneOf(Dispatchers()...))
			continue
		}
		for _, own := range []struct {
			key  string
			d    time.Duration
			most time.Duration
		}{{"ring", s.Ring, 2 * time.Minute}, {"retry", s.Retry, 10 * time.Minute}, {"add_every", s.AddEvery, 10 * time.Minute}} {
			switch {
			case own.d != 0 && !s.isModel():
				c.wrong(path+"."+own.key, own.d.String(), "nothing: only the models of other products have it")
			case own.d != 0:
				c.between(path+"."+own.key, own.d, 100*time.Millisecond, own.most)
			}
		}
		if s.SetAside && !s.isModel() {
			c.wrong(path+".set_aside", "true", "nothing: only the models of other products have it")
		}
	}
}

func quoted(text string) string {
	if text == "" {
		return ""
	}
	return strconv.Quote(text)
}

// number is a number as a problem quotes it.
func number(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return fmt.Sprint(x)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}
