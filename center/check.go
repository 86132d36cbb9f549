package center

import (
	"fmt"
	"maps"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the zones, for machines that have none installed

	"threering/config"
	"threering/crm"
	"threering/ivr"
	"threering/sip/trunk"
)

// Check reads a document and says everything that is wrong with it, as
// config.Problems with the lines of the file. What it returns without an error
// may be applied.
func Check(file string, data []byte) (Document, error) {
	doc := Document{Center: defaultInfo()}
	lines, err := config.DecodeYAML(file, data, &doc)
	if err != nil {
		return Document{}, err
	}
	prompts, err := promptNames()
	if err != nil {
		return Document{}, err
	}
	if err := doc.check(lines, prompts); err != nil {
		return Document{}, err
	}
	return doc.Normal(), nil
}

// check looks at a document whose keys and types are right already.
func (d Document) check(lines *config.Lines, prompts []string) error {
	d.CRM.Country, d.IVR.Country = d.Center.Country, d.Center.Country
	c := checker{lines: lines}
	c.center(d.Center, prompts)
	c.trusted(d.Trusted, len(d.Lines.Trunks) > 0)
	c.people(d.People)
	c.queues(d.Queues, d.People, prompts)
	c.callbacks(d)
	c.problems = append(c.problems, ivr.Check(d.IVR, d.env(prompts), lines, "")...)
	c.problems = append(c.problems, trunk.Check(d.Lines, trunk.Env{People: callers(d.People), Read: NumberReader(d.Center.Country)}, lines, "")...)
	c.problems = append(c.problems, crm.Check(d.CRM, lines, "")...)
	return c.problems.Err()
}

// env is what the flows may speak of.
func (d Document) env(prompts []string) ivr.Env {
	takers, skills := staff(d.People)
	return ivr.Env{Queues: names(d.Queues), Prompts: prompts, Skills: skills, Agents: takers}
}

// staff is the ids of those who take calls, and the skills that they have.
func staff(people []Person) (takers, skills []string) {
	known := map[string]bool{}
	for _, p := range people {
		if p.Role.takesCalls() {
			takers = append(takers, p.ID)
			for skill := range p.Skills {
				known[skill] = true
			}
		}
	}
	return takers, slices.Sorted(maps.Keys(known))
}

// promptNames is the prompts that a document may speak of.
func promptNames() ([]string, error) {
	prompts, err := ivr.LoadPrompts()
	if err != nil {
		return nil, err
	}
	return prompts.Names(), nil
}

func names(queues []Queue) []string {
	var names []string
	for _, q := range queues {
		names = append(names, q.Name)
	}
	return names
}

// checker gathers what is wrong with the center's own parts.
type checker struct {
	lines    *config.Lines
	problems config.Problems
}

func (c *checker) wrong(path, found, allowed string) {
	if found != "" {
		found = strconv.Quote(found)
	}
	c.problems = append(c.problems, c.lines.Problem(path, found, allowed))
}

func (c *checker) oneOf(path, found string, allowed []string) {
	if !slices.Contains(allowed, found) {
		c.wrong(path, found, config.OneOf(allowed...))
	}
}

func (c *checker) center(info Info, prompts []string) {
	if _, err := time.LoadLocation(info.TimeZone); err != nil || info.TimeZone == "" || info.TimeZone == "Local" {
		c.wrong("center.time_zone", info.TimeZone, "an IANA time zone such as Asia/Shanghai")
	}
	c.oneOf("center.language", info.Language, []string{"zh", "en"})
	c.oneOf("center.ring_cadence", string(info.RingCadence), cadences())
	c.oneOf("center.music", info.Music, prompts)
	if !crm.IsCountry(info.Country) {
		c.wrong("center.country", info.Country, "a country's two letters such as CN")
	}
	c.reasons(info.Reasons)
}

func (c *checker) trusted(networks []string, trunks bool) {
	if trunks && len(networks) > 0 {
		c.wrong("trusted", strings.Join(networks, ", "), "nothing where there are trunks: their servers and addresses say who may call in")
	}
	seen := map[netip.Prefix]bool{}
	for i, text := range networks {
		network, err := parseNetwork(text)
		if err != nil || seen[network] {
			c.wrong(fmt.Sprintf("trusted.%d", i), text, "a network such as 10.1.0.0/16, or one address, each once")
		}
		seen[network] = true
	}
}

var (
	idForm    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$`)
	nameForm  = regexp.MustCompile(`^[\pL\pN_-]{1,40}$`)
	phoneForm = regexp.MustCompile(`^sip:[A-Za-z0-9._+-]+@(\S+)$`)
)

func (c *checker) people(people []Person) {
	used := map[string]bool{}
	for i, p := range people {
		path := fmt.Sprintf("people.%d", i)
		if !idForm.MatchString(p.ID) || used[p.ID] {
			c.wrong(path+".id", p.ID, "an id of letters, digits, dots and dashes that no other person has")
		}
		used[p.ID] = true
		if strings.TrimSpace(p.Name) == "" {
			c.wrong(path+".name", "", "a name")
		}
		c.oneOf(path+".role", string(p.Role), []string{string(Agent), string(Supervisor), string(QA), string(Admin)})
		for _, skill := range slices.Sorted(maps.Keys(p.Skills)) {
			if level := p.Skills[skill]; level < 1 || level > 10 || !nameForm.MatchString(skill) {
				c.wrong(path+".skills."+skill, fmt.Sprint(level), "a level from 1 to 10 for a skill of letters, digits and dashes")
			}
		}
		if p.Device != "" && !isPhone(p.Device) {
			c.wrong(path+".device", p.Device, "a phone's fixed address such as sip:1001@192.0.2.7:5060")
		}
	}
}

func isPhone(uri string) bool {
	at := phoneForm.FindStringSubmatch(uri)
	if at == nil {
		return false
	}
	if _, err := netip.ParseAddr(strings.Trim(at[1], "[]")); err == nil {
		return true
	}
	host, port, err := net.SplitHostPort(at[1])
	if err != nil {
		return false
	}
	_, noAddress := netip.ParseAddr(host)
	number, noPort := strconv.ParseUint(port, 10, 16)
	return noAddress == nil && noPort == nil && number > 0
}

func (c *checker) queues(queues []Queue, people []Person, prompts []string) {
	takers, skills := staff(people)
	used := map[string]bool{}
	for i, q := range queues {
		path := fmt.Sprintf("queues.%d", i)
		if !nameForm.MatchString(q.Name) || used[q.Name] {
			c.wrong(path+".name", q.Name, "a name of letters, digits and dashes that no other queue has")
		}
		used[q.Name] = true
		c.agents(path, q, takers)
		if q.Skill != "" {
			c.oneOf(path+".skill", q.Skill, skills)
		}
		if len(q.Agents) == 0 && q.Skill == "" {
			c.wrong(path+".agents", "", "agents who serve the queue, or the skill of those who do")
		}
		c.queueTimes(path, q)
		c.routing(path, q, people, skills)
		c.telling(path, q.Telling, prompts)
	}
	c.overflows(queues)
}

func (c *checker) agents(path string, q Queue, takers []string) {
	if q.Skill != "" && len(q.Agents) > 0 {
		c.wrong(path+".skill", q.Skill, "agents or a skill, not both")
	}
	for i, agent := range q.Agents {
		at := fmt.Sprintf("%s.agents.%d", path, i)
		if slices.Contains(q.Agents[:i], agent) {
			c.wrong(at, agent, "each agent once")
			continue
		}
		c.oneOf(at, agent, takers)
	}
}

func (c *checker) queueTimes(path string, q Queue) {
	if q.Strategy != "" && q.Strategy != longestIdle {
		c.oneOf(path+".strategy", q.Strategy, strategies)
	}
	if q.OfferTimeout != 0 {
		c.between(path+".offer_timeout", q.OfferTimeout, 3*time.Second, 2*time.Minute)
	}
	c.between(path+".max_wait", or(q.MaxWait, 0), 0, 24*time.Hour)
	c.between(path+".wrap_up", or(q.WrapUp, 0), 0, time.Hour)
	c.between(path+".breather", or(q.Breather, 0), 0, time.Minute)
	if q.Misses < 0 || q.Misses > 10 {
		c.wrong(path+".misses", fmt.Sprint(q.Misses), "1 to 10")
	}
}

func (c *checker) between(path string, d, low, high time.Duration) {
	if d < low || d > high || d%time.Millisecond != 0 {
		c.wrong(path, d.String(), fmt.Sprintf("%s to %s", low, high))
	}
}
