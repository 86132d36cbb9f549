package sim

import (
	"fmt"
	"maps"
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
		for _, skill := range slices.Sorted(maps.Keys(g.Skills)) {
			c.within(path+".skills."+skill, g.Skills[skill], 1, 10)
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
		c.queueValues(path, q, groups)
	}
	for i, q := range s.Queues {
		if q.Overflow != "" && (q.Overflow == q.Name || !slices.Contains(names, q.Overflow)) {
			c.wrong(fmt.Sprintf("queues.%d.overflow", i), quoted(q.Overflow), "another queue")
		}
	}
	return names
}

func (c *checker) queueValues(path string, q Queue, groups []string) {
	c.routing(path, q.Routing)
	c.needs(path, q.Needs)
	c.between(path+".tier_wait", q.TierWait, 0, time.Hour)
	for _, id := range slices.Sorted(maps.Keys(q.Tiers)) {
		if tier := q.Tiers[id]; !slices.Contains(groups, id) || tier < 1 || tier > 10 {
			c.wrong(path+".tiers."+id, strconv.Itoa(tier), "1 to 10, for each of "+config.OneOf(groups...))
		}
	}
	c.between(path+".target", q.Target, time.Second, longestQueue)
	c.between(path+".offer_timeout", q.OfferTimeout, time.Second, 2*time.Minute)
	c.between(path+".max_wait", *q.MaxWait, 0, longestQueue)
	c.between(path+".wrap_up", *q.WrapUp, 0, longestQueue)
	c.between(path+".breather", *q.Breather, 0, time.Minute)
	c.between(path+".tell.after", q.Tell.After, 0, time.Hour)
	if q.Tell != (Tell{}) && !q.Tell.Wait {
		c.wrong(path+".tell.wait", "false", "true, where something is told")
	}
	if q.Tell.Every != 0 {
		c.between(path+".tell.every", q.Tell.Every, 20*time.Second, time.Hour)
	}
}

// routing checks what a queue or a setting says of the brain's ways.
func (c *checker) routing(path string, r Routing) {
	if r.Strategy != "" && !slices.Contains(strategies(), r.Strategy) {
		c.wrong(path+".strategy", quoted(string(r.Strategy)), oneOf(strategies()))
	}
	for i, rule := range r.Off {
		if !slices.Contains(rules(), rule) {
			c.wrong(fmt.Sprintf("%s.off.%d", path, i), quoted(string(rule)), oneOf(rules()))
		}
	}
	c.between(path+".hedge.first", r.Hedge.First, 0, time.Minute)
	c.between(path+".hedge.every", r.Hedge.Every, 0, time.Minute)
	c.within(path+".hedge.phones", r.Hedge.Phones, 0, 20)
	c.within(path+".hedge.budget", r.Hedge.Budget, 0, 1000)
	c.within(path+".hedge.share", r.Hedge.Share, 0, 300)
	c.within(path+".misses", r.Misses, 0, 10)
}

func (c *checker) needs(path string, needs []Need) {
	for i, n := range needs {
		path := fmt.Sprintf("%s.needs.%d", path, i)
		if n.Skill == "" {
			c.wrong(path+".skill", "", "a skill")
		}
		c.within(path+".level", n.Level, 1, 10)
		for j, step := range n.Relax {
			c.between(fmt.Sprintf("%s.relax.%d.after", path, j), step.After, 0, longestQueue)
			c.within(fmt.Sprintf("%s.relax.%d.level", path, j), step.Level, 0, 10)
		}
	}
}

func oneOf[T ~string](words []T) string {
	var texts []string
	for _, w := range words {
		texts = append(texts, string(w))
	}
	return config.OneOf(texts...)
}

func (c *checker) within(path string, n, low, high int) {
	if n < low || n > high {
		c.wrong(path, strconv.Itoa(n), fmt.Sprintf("%d to %d", low, high))
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
		c.within(path+".priority", calls.Priority, -10, 10)
		c.needs(path, calls.Needs)
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
		c.routing(path, s.Routing)
		c.ofModel(path, s)
	}
}

// ofModel checks what only the models of other products have, and what only the brain has.
func (c *checker) ofModel(path string, s Setting) {
	const models, brains = "nothing: only the models of other products have it", "nothing: only threering has it"
	for _, own := range []struct {
		key string
		d   time.Duration
	}{{"ring", s.Ring}, {"retry", s.Retry}, {"add_every", s.AddEvery}} {
		switch {
		case own.d != 0 && !s.isModel():
			c.wrong(path+"."+own.key, own.d.String(), models)
		case own.d != 0:
			c.between(path+"."+own.key, own.d, 100*time.Millisecond, 10*time.Minute)
		}
	}
	if s.SetAside && !s.isModel() {
		c.wrong(path+".set_aside", "true", models)
	}
	if s.Strategy != "" && s.isModel() {
		c.wrong(path+".strategy", quoted(string(s.Strategy)), brains)
	}
	if s.Off != nil && s.isModel() {
		c.wrong(path+".off", "a list", brains)
	}
	if s.Hedge != (Hedging{}) && s.isModel() {
		c.wrong(path+".hedge", "a mapping", brains)
	}
	if s.Misses != 0 && s.isModel() {
		c.wrong(path+".misses", strconv.Itoa(s.Misses), brains)
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
