package center

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"threering/acd/brain"
	"threering/acd/floor"
)

// drawRouting draws all that may be said beside the overflow, which has its own test.
func drawRouting(t *rapid.T, agents []string) Routing {
	if rapid.Bool().Draw(t, "plain") {
		return Routing{}
	}
	return Routing{
		Tiers:    rapid.MapOf(rapid.SampledFrom(agents), rapid.IntRange(1, 10)).Draw(t, "tiers"),
		TierWait: rapid.SampledFrom([]time.Duration{0, 10 * time.Second}).Draw(t, "tier wait"),
		Off:      rapid.SliceOfDistinct(rapid.SampledFrom(rules), rapid.ID[string]).Draw(t, "off"),
		Hedge:    Hedge{First: 5 * time.Second, Budget: rapid.IntRange(0, 5).Draw(t, "budget")},
		Limits:   Limits{Length: rapid.IntRange(0, 5).Draw(t, "length"), OnBreak: rapid.Bool().Draw(t, "on break")},
		UntilEnd: rapid.Bool().Draw(t, "until"),
		Telling: Telling{
			Tell:      Tell{Position: rapid.Bool().Draw(t, "position"), Wait: true, After: rapid.SampledFrom([]time.Duration{0, 30 * time.Second}).Draw(t, "after")},
			Languages: rapid.SliceOfDistinct(rapid.SampledFrom(floor.Languages()), rapid.ID[string]).Draw(t, "languages"),
			Whisper:   Whisper{Wait: rapid.Bool().Draw(t, "whisper")},
		},
	}
}

const routed = `
queues:
  - name: sales
    agents: [ann, bob]
    strategy: fewest-calls
    tiers: {bob: 2}
    tier_wait: 20s
    needs:
      - skill: english
        level: 4
        relax: [{after: 10s, level: 2}, {after: 30s, level: 0}]
    off: [hedge]
    hedge: {first: 6s, phones: 2}
    limits: {length: 20, wait: 10m, on_break: true}
    overflow: rest
    tell: {position: true, wait: true, after: 30s, every: 1m}
    languages: [en]
    whisper: {prompts: [en/sales], wait: true}
    callback: {over: 3m, first: customer, tries: 2, pause: 10m, hours: "09:00-21:00", days: [mon, wed]}
    vip: 4
  - {name: rest, agents: [bob]}
trunks:
  - name: carrier
    servers: ["sip:sbc.example.net"]
    numbers: ["010-66557700"]
    out: {callbacks: true, calls: 10, destinations: [{prefix: "+86", price: 0.12}], spend: 100}
people:
  - {id: ann, name: Ann, role: agent, skills: {english: 5}}
  - {id: bob, name: Bob, role: agent, skills: {french: 9}}
  - {id: law, name: Law, role: qa, skills: {law: 9}}
`

func TestRoutingGoesToTheBrainAndBack(t *testing.T) {
	c := applied(t)
	_, err := c.Apply(t.Context(), checked(t, routed))
	require.NoError(t, err)
	plan, err := c.Plan(t.Context())
	require.NoError(t, err)
	q := plan.Queues[0].Queue
	require.Equal(t, brain.FewestCalls, q.Strategy)
	require.Equal(t, map[string]int{"bob": 2}, q.Tiers)
	require.Equal(t, 20*time.Second, q.TierWait)
	require.Equal(t, []brain.Need{{Skill: "english", Level: 4, Relax: []brain.Step{{After: 10 * time.Second, Level: 2}, {After: 30 * time.Second}}}}, q.Needs)
	require.Equal(t, []brain.Rule{brain.Hedged}, q.Off)
	require.Equal(t, brain.Hedging{First: 6 * time.Second, Phones: 2}, q.Hedge)
	require.Equal(t, brain.Limits{Length: 20, Wait: 10 * time.Minute, OnBreak: true}, q.Limits)
	require.Equal(t, "rest", q.Overflow)
	require.Equal(t, brain.Telling{Position: true, Wait: true, After: 30 * time.Second, Every: time.Minute, Callback: 3 * time.Minute}, q.Telling)
	require.Equal(t, brain.Calling{Tries: 2, Pause: 10 * time.Minute}, q.Calling)
	require.True(t, plan.Queues[0].Callbacks.CustomerFirst)
	require.Equal(t, []time.Duration{9 * time.Hour, 21 * time.Hour}, []time.Duration{plan.Queues[0].Callbacks.Hours.From, plan.Queues[0].Callbacks.Hours.To})
	require.Equal(t, "Asia/Shanghai", plan.Queues[0].Callbacks.Hours.Zone.String())
	require.Equal(t, [7]bool{true, false, true, false, true, true, true}, plan.Queues[0].Callbacks.Hours.Off, "all but Monday and Wednesday")
	require.Equal(t, 4, plan.Queues[0].VIP)
	doc, err := c.Document(t.Context())
	require.NoError(t, err)
	require.True(t, doc.Lines.Trunks[0].Out.Callbacks)
	require.Equal(t, []string{"en"}, plan.Queues[0].Languages)
	require.Equal(t, []string{"zh", "en"}, plan.Queues[1].Languages)
	require.Equal(t, floor.Briefing{Prompts: []string{"en/sales"}, Waited: true}, plan.Queues[0].Briefing)
}

func TestRoutingThatMakesNoSenseIsRefused(t *testing.T) {
	for _, wrong := range []struct{ old, new, says string }{
		{"agents: [bob]", "title: none", "queues.1.agents: found nothing; allowed: agents who serve the queue, or the skill of those who do"},
		{"{name: rest, agents: [bob]}", "{name: rest, agents: [bob], overflow: sales}", `queues.1.overflow: found "sales"; allowed: a queue that does not lead back here, as rest → sales → rest does`},
		{"overflow: rest", "overflow: sales", `queues.0.overflow: found "sales"; allowed: a queue that does not lead back here, as sales → sales does`},
		{"overflow: rest", "overflow: moon", `queues.0.overflow: found "moon"; allowed: sales, rest`},
		{"skill: english", "skill: klingon", `queues.0.needs.0.skill: found "klingon"; allowed: english, french`},
		{"level: 4", "level: 11", `queues.0.needs.0.level: found "11"; allowed: 1 to 10`},
		{"after: 30s", "after: 5s", `queues.0.needs.0.relax.1.after: found "5s"; allowed: more than the step before`},
		{"level: 0", "level: 3", `queues.0.needs.0.relax.1.level: found "3"; allowed: less than before, 0 to need it no more`},
		{"{after: 30s, level: 0}]", "{after: 30s, level: 1}]\n      - {skill: french, level: 9}", `queues.0.needs: found nothing; allowed: what somebody who serves the queue can do, at the latest when all is relaxed`},
		{"relax: [{after: 10s, level: 2}, {after: 30s, level: 0}]", "relax: []\n      - {skill: english, level: 1}", `queues.0.needs.1.skill: found "english"; allowed: each skill once`},
		{"off: [hedge]", "off: [hedge, hedge]", `queues.0.off.1: found "hedge"; allowed: each rule once`},
		{"off: [hedge]", "wrap_up_until_done: true", `queues.0.wrap_up_until_done: found "true"; allowed: false, or wrap_up: 0s beside it`},
		{"{name: rest, agents: [bob]}", "{name: rest, skill: law}", `queues.1.skill: found "law"; allowed: english, french`},
		{"{name: rest, agents: [bob]}", "{name: rest, agents: [bob, eve]}", `queues.1.agents.1: found "eve"; allowed: ann, bob`},
		{"{name: rest, agents: [bob]}", "{name: rest, agents: [bob, bob]}", `queues.1.agents.1: found "bob"; allowed: each agent once`},
		{"agents: [ann, bob]", "agents: [ann, bob]\n    skill: english", `queues.0.skill: found "english"; allowed: agents or a skill, not both`},
		{"tiers: {bob: 2}", "tiers: {eve: 2}", `queues.0.tiers.eve: found "eve"; allowed: an agent of this queue`},
		{"tiers: {bob: 2}", "tiers: {bob: 0}", `queues.0.tiers.bob: found "0"; allowed: 1 to 10`},
		{"off: [hedge]", "off: [sleep]", `queues.0.off.0: found "sleep"; allowed: first-come, least-slack, aging, hedge, learned`},
		{"phones: 2", "phones: 50", `queues.0.hedge.phones: found "50"; allowed: 0 to 10`},
		{"length: 20", "length: -1", `queues.0.limits.length: found "-1"; allowed: 0 to 1000000`},
		{"after: 30s, every", "after: 5s, every", `queues.0.tell.after: found "5s"; allowed: 20s to 1h0m0s`},
		{"position: true, wait: true, ", "", `queues.0.tell: found "neither"; allowed: position, wait, or both`},
		{"over: 3m", "over: 1s", `queues.0.callback.over: found "1s"; allowed: 1m0s to 24h0m0s`},
		{"over: 3m, ", "", `queues.0.callback.over: found "0s"; allowed: 1m0s to 24h0m0s`},
		{"first: customer", "first: nobody", `queues.0.callback.first: found "nobody"; allowed: agent, customer`},
		{"tries: 2", "tries: 99", `queues.0.callback.tries: found "99"; allowed: 0 to 10`},
		{"09:00-21:00", "21:00-09:00", `queues.0.callback.hours: found "21:00-09:00"; allowed: a part of the day such as 09:00-21:00`},
		{"days: [mon, wed]", "days: [mon, wday]", `queues.0.callback.days.1: found "wday"; allowed: mon, tue, wed, thu, fri, sat, sun`},
		{"days: [mon, wed]", "days: [mon, mon]", `queues.0.callback.days.1: found "mon"; allowed: each day once`},
		{"days: [mon, wed]", "days: []", `queues.0.callback.days: found nothing; allowed: days such as [mon, fri], or no list for each day`},
		{"callbacks: true", "everybody: true", `queues.0.callback: nobody could be called back; allowed: a trunk with out: {callbacks: true`},
		{"vip: 4", "vip: -1", `queues.0.vip: found "-1"; allowed: 0 to 100`},
		{"languages: [en]", "languages: [fr]", `queues.0.languages.0: found "fr"; allowed: zh, en`},
		{"languages: [en]", "languages: [en, en]", `queues.0.languages.1: found "en"; allowed: each language once`},
		{"en/sales", "en/none", `queues.0.whisper.prompts.0: found "en/none"`},
	} {
		_, err := Check("center.yaml", []byte(strings.Replace(routed, wrong.old, wrong.new, 1)))
		require.ErrorContains(t, err, wrong.says)
		require.ErrorContains(t, err, "center.yaml:")
	}
}

const booking = `numbers:
  - {number: "400", flow: main}
flows:
  main:
    start: wait
    steps:
      wait: {queue: sales, next: bye, otherwise: back}
      back: {callback: rest, priority: 2, otherwise: bye}
      bye: {hangup: normal}
queues:
`

// A step may have callers be called back in a queue that offers it to nobody who waits.
func TestAFlowThatLeadsToACallback(t *testing.T) {
	text := strings.Replace(routed, "queues:\n", booking, 1)
	text = strings.Replace(text, "agents: [bob]}", "agents: [bob], callback: {tries: 2}}", 1)
	c := applied(t)
	doc := checked(t, text)
	_, err := c.Apply(t.Context(), doc)
	require.NoError(t, err)
	kept, err := c.Document(t.Context())
	require.NoError(t, err)
	require.Equal(t, "rest", kept.IVR.Flows["main"].Steps["back"].Callback)
	plan, err := c.Plan(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, plan.Queues[1].Calling.Tries)

	for _, wrong := range []struct{ old, new, says string }{
		{"callbacks: true", "everybody: true", `flows.main.steps.back.callback: nobody could be called back; allowed: a trunk with out: {callbacks: true`},
		{"callback: rest", "callback: sales", `queues.1.callback.over: found "0s"; allowed: 1m0s to 24h0m0s`},
		{"callback: rest", "callback: moon", `flows.main.steps.back.callback: found "moon"; allowed: sales, rest`},
	} {
		_, err := Check("center.yaml", []byte(strings.Replace(text, wrong.old, wrong.new, 1)))
		require.ErrorContains(t, err, wrong.says)
	}
}
