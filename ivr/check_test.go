package ivr

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDemoFlowIsFine(t *testing.T) {
	require.Empty(t, Check(demo(t), demoEnv(t), nil, ""))
}

// head goes before the steps of the tests below, which begin on line 7.
const head = `numbers:
  - {number: "400", flow: main}
flows:
  main:
    start: a
    steps:
`

func TestCheckFindsFaultsInSteps(t *testing.T) {
	const end = "      z: {hangup: normal}"
	tests := []struct {
		name, steps string
		want        string // the problem, without the file's name
	}{
		{"unknown next", `
      a:
        play: [zh/welcome]
        next: zz`, `9: flows.main.steps.a.next: found "zz"; allowed: a`},
		{"no next", `
      a: {play: [zh/welcome]}`, `7: flows.main.steps.a.next: found nothing; allowed: a`},
		{"next and hangup", `
      a:
        play: [zh/welcome]
        hangup: normal
        next: z
` + end, `10: flows.main.steps.a.next: next and hangup in one step; allowed: one of them`},
		{"unknown prompt", `
      a:
        play:
          - zh/welcome
          - en/welcom
        next: z
` + end, `10: flows.main.steps.a.play.1: found "en/welcom"; allowed: en/0, en/1, `},
		{"unknown prompt folder", `
      a: {play: [fr/welcome], next: z}
` + end, `7: flows.main.steps.a.play.0: found "fr/welcome"; allowed: en/0, `},
		{"no prompts", `
      a: {play: [], next: z}
` + end, `7: flows.main.steps.a.play: a play without prompts; allowed: one prompt at least`},
		{"unknown queue", `
      a:
        queue: slaes
        next: z
        otherwise: z
` + end, `8: flows.main.steps.a.queue: found "slaes"; allowed: sales, support, complaint, operator`},
		{"less than no wait", `
      a: {queue: sales, max_wait: -1s, next: z, otherwise: z}
` + end, `7: flows.main.steps.a.max_wait: out of range; allowed: a time such as 10m`},
		{"callback in an unknown queue", `
      a:
        callback: slaes
        otherwise: z
` + end, `8: flows.main.steps.a.callback: found "slaes"; allowed: sales, support, complaint, operator`},
		{"callback without otherwise", `
      a:
        ask: [zh/menu]
        keys: {"1": b}
        otherwise: z
      b: {callback: sales}
` + end, `11: flows.main.steps.b.otherwise: found nothing; allowed: a, b, z`},
		{"callback that stays", `
      a: {callback: sales, otherwise: z, sticky: {agent: last}}
` + end, `7: flows.main.steps.a.sticky: a key that does not go with callback; allowed: callback, priority, needs, otherwise`},
		{"callback by an unknown skill", `
      a: {callback: sales, otherwise: z, needs: [{skill: singing, level: 1}]}
` + end, `7: flows.main.steps.a.needs.0.skill: found "singing"; allowed: `},
		{"no otherwise", `
      a: {queue: sales, next: z}
` + end, `7: flows.main.steps.a.otherwise: found nothing; allowed: a, z`},
		{"no verb", `
      a: {next: z}
` + end, `7: flows.main.steps.a: a step that does nothing; allowed: play, ask, queue, callback or hangup`},
		{"two verbs", `
      a: {play: [zh/welcome], queue: sales, next: z}
` + end, `7: flows.main.steps.a: play and queue in one step; allowed: one of play, ask, queue, callback, hangup; a play may end with a hangup`},
		{"key of another verb", `
      a:
        queue: sales
        next: z
        otherwise: z
        tries: 2
` + end, `11: flows.main.steps.a.tries: a key that does not go with queue; allowed: queue, max_wait, priority, needs, sticky, next, otherwise`},
		{"key that no phone has", `
      a:
        ask: [zh/menu]
        keys:
          "1": z
          A: z
        otherwise: z
` + end, `11: flows.main.steps.a.keys.A: found "A"; allowed: one key: 0 to 9, * or #`},
		{"key to an unknown step", `
      a:
        ask: [zh/menu]
        keys:
          "1": z
          "*": nowhere
        otherwise: z
` + end, `11: flows.main.steps.a.keys.*: found "nowhere"; allowed: a, z`},
		{"no keys", `
      a: {ask: [zh/menu], otherwise: z}
` + end, `7: flows.main.steps.a.keys: an ask without keys; allowed: keys and their steps`},
		{"too many tries", `
      a:
        ask: [zh/menu]
        keys: {"1": z}
        tries: 11
        otherwise: z
` + end, `10: flows.main.steps.a.tries: out of range; allowed: 1 to 10`},
		{"too long a timeout", `
      a:
        ask: [zh/menu]
        keys: {"1": z}
        otherwise: z
        timeout: 2m
` + end, `11: flows.main.steps.a.timeout: out of range; allowed: a time up to 60s`},
		{"unreachable", `
      a: {hangup: normal}
      b: {play: [zh/welcome], next: a}`, `8: flows.main.steps.b: a step that nothing leads to; allowed: steps on a way from the start`},
		{"name with a dot", `
      a: {play: [zh/welcome], next: b.c}
      b.c: {hangup: normal}`, `8: flows.main.steps.b.c: found "b.c"; allowed: a name of letters, digits, - and _`},
	}
	env := demoEnv(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, lines := decode(t, head+strings.TrimPrefix(test.steps, "\n"))
			problems := Check(p, env, lines, "")
			require.Len(t, problems, 1, "%v", problems)
			require.Contains(t, problems[0].String(), "flows.yaml:"+test.want)
		})
	}
}

func TestCheckFindsCircles(t *testing.T) {
	tests := []struct{ name, steps, want string }{
		{"of plays", `
      a: {play: [zh/welcome], next: b}
      b: {play: [en/welcome], next: a}`, `7: flows.main.steps.a.next: goes round for ever: a → b → a;`},
		{"of one play", `
      a: {play: [zh/welcome], next: b}
      b: {play: [en/welcome], next: b}`, `8: flows.main.steps.b.next: goes round for ever: b → b;`},
		{"of asks that nobody answers", `
      a: {ask: [zh/menu], keys: {"1": z}, otherwise: b}
      b: {play: [zh/sorry], next: a}
      z: {hangup: normal}`, `7: flows.main.steps.a.otherwise: goes round for ever: a → b → a;`},
		{"of queues where no time passes", `
      a: {queue: sales, next: z, otherwise: b}
      b: {queue: support, next: z, otherwise: a}
      z: {hangup: normal}`, `7: flows.main.steps.a.otherwise: goes round for ever: a → b → a;`},
		{"of a queue and a callback where nobody can be called", `
      a: {queue: sales, next: z, otherwise: b}
      b: {callback: sales, otherwise: a}
      z: {hangup: normal}`, `7: flows.main.steps.a.otherwise: goes round for ever: a → b → a;`},
		{"none: a callback is offered between", `
      a: {queue: sales, next: z, otherwise: c}
      b: {callback: sales, otherwise: a}
      c: {ask: [zh/menu], keys: {"1": b}, otherwise: a}
      z: {hangup: normal}`, ""},
		{"none: the caller waits on", `
      a: {queue: sales, next: z, otherwise: b}
      b: {play: [zh/sorry], next: a}
      z: {hangup: normal}`, ""},
		{"none: a key leads back", `
      a: {ask: [zh/menu], keys: {"9": a, "8": b}, otherwise: z}
      b: {play: [zh/sorry], next: a}
      z: {hangup: normal}`, ""},
		{"none: a talk lies between", `
      a: {queue: sales, next: a, otherwise: z}
      z: {hangup: normal}`, ""},
	}
	env := demoEnv(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, lines := decode(t, head+strings.TrimPrefix(test.steps, "\n"))
			problems := Check(p, env, lines, "")
			if test.want == "" {
				require.Empty(t, problems)
				return
			}
			require.Len(t, problems, 1, "%v", problems)
			require.Contains(t, problems[0].String(), "flows.yaml:"+test.want)
		})
	}
}

func TestCheckFindsFaultsAroundSteps(t *testing.T) {
	p, lines := decode(t, `numbers:
  - {number: "400", flow: main}
  - {number: "400", flow: main}
  - {number: "4oo", flow: main}
  - number: "+864001234"
    flow: other
flows:
  main:
    start: b
    announce:
      before: [zh/agent, zh/nobody]
      digits: fr
    steps:
      a: {hangup: normal}
  empty:
    start: a
`)
	var got []string
	for _, problem := range Check(p, demoEnv(t), lines, "") {
		found, _, _ := strings.Cut(problem.String(), "; allowed")
		got = append(got, strings.TrimPrefix(found, "flows.yaml:"))
	}
	require.Equal(t, []string{
		`3: numbers.1.number: 400 stands here again`,
		`4: numbers.2.number: found "4oo"`,
		`6: numbers.3.flow: found "other"`,
		`15: flows.empty.steps: a flow without steps`,
		`11: flows.main.announce.before.1: found "zh/nobody"`,
		`12: flows.main.announce.digits: found "fr"`,
		`9: flows.main.start: found "b"`,
	}, got)
}

func TestCheckNamesKeysBelowThePrefix(t *testing.T) {
	p := Part{Numbers: []Number{{Number: "400", Flow: "main"}}}
	problems := Check(p, Env{}, nil, "center")
	require.Len(t, problems, 1)
	require.Equal(t, `center.numbers.0.flow: found "main"; allowed: nothing, there is none yet`, problems[0].String())
}
