package ivr

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/floor"
)

const wished = `numbers:
  - {number: "400", flow: main}
flows:
  main:
    start: sales
    steps:
      sales:
        queue: sales
        priority: 2
        needs: [{skill: english, level: 3, relax: [{after: 20s, level: 1}]}]
        sticky: {agent: last, for: 40s}
        next: bye
        otherwise: named
      named: {queue: sales, sticky: {agent: "1001"}, next: bye, otherwise: bye}
      bye: {hangup: normal}
`

func wishEnv(t *testing.T) Env {
	env := demoEnv(t)
	env.Skills, env.Agents = []string{"english"}, []string{"1001", "1002"}
	return env
}

func TestWhatAQueueStepWishes(t *testing.T) {
	p, lines := decode(t, wished)
	require.Empty(t, Check(p, wishEnv(t), lines, ""))
	i := New(p, nil)
	s, _ := i.Start("400", "")
	s, step := i.Next(s, floor.Begun{})
	require.Equal(t, floor.Enqueue{
		Name: "sales", Priority: 2, Sticky: &floor.Sticky{For: 40 * time.Second},
		Needs: []brain.Need{{Skill: "english", Level: 3, Relax: []brain.Step{{After: 20 * time.Second, Level: 1}}}},
	}, step)
	_, step = i.Next(s, floor.GaveUp{Why: "nobody"})
	require.Equal(t, floor.Enqueue{Name: "sales", Sticky: &floor.Sticky{Agent: "1001", For: 30 * time.Second}}, step)
}

func TestAStepThatHasCallersCalledBack(t *testing.T) {
	p, lines := decode(t, strings.Replace(wished, `named: {queue: sales, sticky: {agent: "1001"}, next: bye, otherwise: bye}`,
		"named: {callback: support, priority: 4, needs: [{skill: english, level: 2}], otherwise: bye}", 1))
	require.Empty(t, Check(p, wishEnv(t), lines, ""))
	require.Equal(t, []Booking{{Path: "flows.main.steps.named.callback", Queue: "support"}}, p.Bookings())
	i := New(p, nil)
	s, _ := i.Start("400", "")
	s, _ = i.Next(s, floor.Begun{})
	s, step := i.Next(s, floor.GaveUp{Why: "timeout"})
	require.Equal(t, floor.Book{Queue: "support", Priority: 4, Needs: []brain.Need{{Skill: "english", Level: 2}}}, step)
	_, step = i.Next(s, floor.Unbooked{})
	require.Equal(t, floor.Hangup{Reason: "normal"}, step)
	_, step = i.Next(s, floor.Talked{})
	require.Equal(t, floor.Hangup{Reason: "served"}, step, "who was called back is not told that no number was confirmed")
}

func TestWishesThatMakeNoSenseAreRefused(t *testing.T) {
	for _, wrong := range []struct{ old, new, says string }{
		{"skill: english", "skill: klingon", `flows.yaml:10: flows.main.steps.sales.needs.0.skill: found "klingon"; allowed: english`},
		{"level: 3", "level: 30", `flows.yaml:10: flows.main.steps.sales.needs.0.level: found "30"; allowed: 1 to 10`},
		{"level: 1}", "level: 5}", `flows.yaml:10: flows.main.steps.sales.needs.0.relax.0.level: found "5"; allowed: less than before`},
		{"priority: 2", "priority: -2", `flows.yaml:9: flows.main.steps.sales.priority: out of range`},
		{"agent: last", "agent: eve", `flows.yaml:11: flows.main.steps.sales.sticky.agent: found "eve"; allowed: last, 1001, 1002`},
		{"for: 40s", "for: 40h", `flows.yaml:11: flows.main.steps.sales.sticky.for: out of range`},
		{"bye: {hangup: normal}", "bye: {hangup: normal, priority: 3}", `flows.yaml:15: flows.main.steps.bye.priority: a key that does not go with hangup`},
	} {
		p, lines := decode(t, strings.Replace(wished, wrong.old, wrong.new, 1))
		problems := Check(p, wishEnv(t), lines, "")
		require.NotEmpty(t, problems, wrong.new)
		require.Contains(t, problems[0].String(), wrong.says)
	}
}
