package explain

import (
	"strconv"
	"strings"

	"threering/acd/brain"
	"threering/acd/journal"
)

// offered says why the call was offered now, why to this agent, and what the agent had to meet.
func (t *teller) offered(e journal.Entry) string {
	t.rung[e.Offer] = e.At
	if e.Choice == nil {
		return ""
	}
	c := *e.Choice
	var said []string
	for _, sentence := range []string{t.why(e, c), t.whom(c), t.conditions(c)} {
		if sentence != "" {
			said = append(said, sentence)
		}
	}
	return strings.Join(said, t.words.between)
}

func (t *teller) why(e journal.Entry, c brain.Choice) string {
	slack := "slack.left"
	if c.Slack < 0 {
		slack = "slack.late"
	}
	return t.words.sayOr("offer."+string(c.Reason), "offer."+string(brain.Turn), values{
		"agent": t.names.agent(e.Agent), "queue": t.names.queue(e.Queue), "rank": strconv.Itoa(c.Rank), "phone": strconv.Itoa(c.Phone),
		"slack": t.words.say(slack, values{"length": t.words.length(c.Slack.Abs())}),
	})
}

// whom says what the chosen agent has before the others.
func (t *teller) whom(c brain.Choice) string {
	switch {
	case c.Reason == brain.ByOrder || c.Reason == brain.Only || c.Reason == brain.All:
		return ""
	case len(c.Best) < 2:
		return t.words.say("whom.only", nil)
	}
	mine, next := c.Best[0], c.Best[1]
	return t.words.say("whom", values{"candidates": strconv.Itoa(c.Candidates), "merit": t.words.say(merit(c), values{
		"next": t.names.agent(next.Agent), "tier": strconv.Itoa(next.Tier),
		"idle": t.words.length(mine.Idle), "next_idle": t.words.length(next.Idle),
		"talked": t.words.length(mine.Talked), "next_talked": t.words.length(next.Talked),
		"calls": strconv.Itoa(mine.Calls), "next_calls": strconv.Itoa(next.Calls),
	})})
}

// merit names what set the first of the best before the second: what they let pass, a phone that was silent lately, their tier, then the strategy.
func merit(c brain.Choice) string {
	mine, next := c.Best[0], c.Best[1]
	switch {
	case next.Tried && !mine.Tried:
		return "merit.untried"
	case next.Doubt && !mine.Doubt:
		return "merit.undoubted"
	case mine.Tier < next.Tier:
		return "merit.tier"
	case c.Strategy == "":
		return "merit." + string(brain.LongestIdle)
	default:
		return "merit." + string(c.Strategy)
	}
}

func (t *teller) conditions(c brain.Choice) string {
	var list []string
	for _, n := range c.Needs {
		list = append(list, t.words.say("need", values{"skill": n.Skill, "level": strconv.Itoa(n.Level)}))
	}
	if c.Tier > 0 {
		list = append(list, t.words.say("need.tier", values{"tier": strconv.Itoa(c.Tier)}))
	}
	if len(list) == 0 {
		return ""
	}
	return t.words.say("needs", values{"list": strings.Join(list, t.words.comma)})
}
