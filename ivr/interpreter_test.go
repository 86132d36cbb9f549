package ivr

import (
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/floor"
)

// The demo flow's steps as the floor gets them.
var (
	greeting = floor.Play{Prompts: []string{"zh/welcome", "zh/recorded", "en/welcome", "en/recorded"}, Notice: "recorded-1"}
	menu     = floor.Ask{Prompts: []string{"zh/menu", "en/menu"}, Keys: 1, Timeout: 5 * time.Second}
	wrong    = floor.Ask{Prompts: []string{"zh/wrong", "en/wrong", "zh/menu", "en/menu"}, Keys: 1, Timeout: 5 * time.Second}
	silent   = floor.Ask{Prompts: []string{"zh/silent", "en/silent", "zh/menu", "en/menu"}, Keys: 1, Timeout: 5 * time.Second}
	sorry    = floor.Play{Prompts: []string{"zh/sorry", "en/sorry"}}
	goodbye  = floor.Play{Prompts: []string{"zh/goodbye", "en/goodbye"}}
	normal   = floor.Hangup{Reason: "normal"}
)

func queue(name string) floor.Enqueue { return floor.Enqueue{Name: name} }

// move is a result, and the step that must follow it.
type move struct {
	result floor.Result
	want   floor.Step
}

func TestDemoFlow(t *testing.T) {
	press := func(key string) floor.Result { return floor.Pressed{Keys: key} }
	begin := []move{{floor.Begun{}, greeting}, {floor.Played{}, menu}}
	leave := []move{{floor.Played{}, normal}}
	tests := map[string][]move{
		"1 is sales":                    {{press("1"), queue("sales")}},
		"2 is support":                  {{press("2"), queue("support")}},
		"3 is complaint":                {{press("3"), queue("complaint")}},
		"0 is the operator":             {{press("0"), queue("operator")}},
		"wrong key, asked again":        {{press("9"), wrong}, {press("1"), queue("sales")}},
		"three wrong keys":              {{press("9"), wrong}, {press("#"), wrong}, {press("*"), queue("operator")}},
		"silence":                       {{floor.Silent{}, silent}, {floor.Silent{}, silent}, {floor.Silent{}, queue("operator")}},
		"silence and wrong keys in all": {{floor.Silent{}, silent}, {press("7"), wrong}, {floor.Silent{}, queue("operator")}},
		"talked":                        append([]move{{press("2"), queue("support")}, {floor.Talked{}, goodbye}}, leave...),
		"nobody": append([]move{{press("1"), queue("sales")}, {floor.GaveUp{Why: "nobody"}, sorry},
			{floor.Played{}, goodbye}}, leave...),
		"timeout":                   {{press("0"), queue("operator")}, {floor.GaveUp{Why: "timeout"}, sorry}},
		"hung up is hung up":        append([]move{{press("2"), queue("support")}, {floor.Talked{}, goodbye}}, append(leave, leave...)...),
		"keys, but not one of them": {{press(""), wrong}, {press("11"), wrong}},
	}
	for name, moves := range tests {
		t.Run(name, func(t *testing.T) {
			i := New(demo(t), nil)
			s, ok := i.Start("400", "13812345678")
			require.True(t, ok)
			var step floor.Step
			for n, m := range append(begin, moves...) {
				s, step = i.Next(s, m.result)
				require.Equal(t, m.want, step, "move %d", n)
			}
		})
	}
}

func TestStartOfANumberThatNobodyAnswers(t *testing.T) {
	_, ok := New(demo(t), nil).Start("401", "13812345678")
	require.False(t, ok)
	_, ok = New(Part{Numbers: []Number{{Number: "400", Flow: "gone"}}}, nil).Start("400", "")
	require.False(t, ok)
}

func TestNextIsPure(t *testing.T) {
	i := New(demo(t), nil)
	s, _ := i.Start("400", "")
	s, _ = i.Next(s, floor.Begun{})
	s, _ = i.Next(s, floor.Played{})
	before := s
	s1, step1 := i.Next(s, floor.Silent{})
	step1.(floor.Ask).Prompts[0] = "scribbled over"
	_, played := i.Next(s, floor.Begun{})
	played.(floor.Play).Prompts[0] = "scribbled over"
	_, played = i.Next(s, floor.Begun{})
	require.Equal(t, greeting, played)
	s2, step2 := i.Next(s, floor.Silent{})
	require.Equal(t, before, s)
	require.Equal(t, s1, s2)
	require.Equal(t, silent, step2)
}

// A step that asks anew asks as often as its tries say, however often the one before it was asked.
func TestTriesAreCountedForEachAsk(t *testing.T) {
	asking := Step{Ask: []string{"zh/menu"}, Keys: map[string]string{"1": "a", "2": "b"}, Tries: 2, Otherwise: "end"}
	i := New(Part{
		Numbers: []Number{{Number: "400", Flow: "main"}},
		Flows:   map[string]Flow{"main": {Start: "a", Steps: map[string]Step{"a": asking, "b": asking, "end": {Hangup: "normal"}}}},
	}, nil)
	s, _ := i.Start("400", "")
	s, _ = i.Next(s, floor.Begun{})
	var step floor.Step
	for _, key := range []string{"2", "1", "1"} {
		s, step = i.Next(s, floor.Silent{})
		require.IsType(t, floor.Ask{}, step)
		require.Equal(t, 2, s.Tries)
		s, step = i.Next(s, floor.Pressed{Keys: key})
		require.IsType(t, floor.Ask{}, step)
		require.Equal(t, 1, s.Tries)
	}
	s, _ = i.Next(s, floor.Silent{})
	_, step = i.Next(s, floor.Silent{})
	require.Equal(t, normal, step)
}

func TestAnswersShareNoMemory(t *testing.T) {
	roomy := func(name string) []string { return append(make([]string, 0, 16), name) }
	i := New(Part{
		Numbers: []Number{{Number: "400", Flow: "main"}},
		Flows: map[string]Flow{"main": {
			Start:    "a",
			Announce: &Announce{Before: roomy("zh/agent"), Digits: "zh"},
			Steps:    map[string]Step{"a": {Ask: []string{"zh/menu"}, Silent: roomy("zh/silent"), Keys: map[string]string{"1": "a"}}},
		}},
	}, nil)
	s, _ := i.Start("400", "")
	first := i.Announce(s, "1")
	_ = i.Announce(s, "2")
	require.Equal(t, []string{"zh/agent", "zh/1"}, first)

	s, _ = i.Next(s, floor.Begun{})
	_, one := i.Next(s, floor.Silent{})
	_, two := i.Next(s, floor.Silent{})
	one.(floor.Ask).Prompts[1] = "scribbled over"
	require.Equal(t, []string{"zh/silent", "zh/menu"}, two.(floor.Ask).Prompts)
}

// retitled is the demo flow without the menu: the greeting leads to the operator.
func retitled(t *testing.T) Part {
	p := demo(t)
	flow := p.Flows["main"]
	flow.Steps = maps.Clone(flow.Steps)
	delete(flow.Steps, "menu")
	step := flow.Steps["greeting"]
	step.Next = "operator"
	flow.Steps["greeting"] = step
	p.Flows = map[string]Flow{"main": flow}
	return p
}

func TestRunsKeepTheTextThatTheyBeganWith(t *testing.T) {
	i := New(demo(t), nil)
	old, _ := i.Start("400", "")
	old, _ = i.Next(old, floor.Begun{})
	i.Replace(retitled(t))
	young, _ := i.Start("400", "")
	young, _ = i.Next(young, floor.Begun{})
	require.NotEqual(t, old.Version, young.Version)

	_, step := i.Next(old, floor.Played{})
	require.Equal(t, menu, step)
	_, step = i.Next(young, floor.Played{})
	require.Equal(t, queue("operator"), step)

	i.Replace(Part{})
	_, step = i.Next(old, floor.Played{})
	require.Equal(t, menu, step, "a flow that is gone goes on for its runs")
	_, ok := i.Start("400", "")
	require.False(t, ok)
}

func TestRunsOfForgottenTexts(t *testing.T) {
	i := New(demo(t), nil)
	atGreeting, _ := i.Start("400", "")
	atGreeting, _ = i.Next(atGreeting, floor.Begun{})
	atMenu, _ := i.Next(atGreeting, floor.Played{})

	for n := range versionsKept {
		p := retitled(t)
		step := p.Flows["main"].Steps["sorry"]
		step.Notice = string(rune('a' + n))
		p.Flows["main"].Steps["sorry"] = step
		i.Replace(p)
	}
	_, step := i.Next(atGreeting, floor.Played{})
	require.Equal(t, queue("operator"), step, "goes on in the present text")
	s, step := i.Next(atMenu, floor.Pressed{Keys: "1"})
	require.Equal(t, floor.Hangup{Reason: "flow changed"}, step, "which has no menu")
	require.Equal(t, atMenu, s)
	_, step = i.Next(floor.State{Flow: "never"}, floor.Begun{})
	require.Equal(t, floor.Hangup{Reason: "flow changed"}, step)
}

func TestReplaceWithTheSameTextForgetsNothing(t *testing.T) {
	i := New(demo(t), nil)
	old, _ := i.Start("400", "")
	i.Replace(retitled(t))
	for range 2 * versionsKept {
		i.Replace(retitled(t))
	}
	i.Replace(demo(t))
	again, _ := i.Start("400", "")
	require.Equal(t, old, again)
	require.Len(t, i.library.Load().texts["main"], 2)
}

func TestAnnounce(t *testing.T) {
	zh := []string{"zh/agent", "zh/1", "zh/0", "zh/0", "zh/1", "zh/serves"}
	tests := []struct {
		name     string
		announce *Announce
		agent    string
		want     []string
	}{
		{"as a flow has it that says nothing", nil, "1001", zh},
		{"digits alone are said", nil, "A10-01", zh},
		{"in English", &Announce{Before: []string{"en/agent"}, Digits: "en", After: []string{"en/serves"}}, "27",
			[]string{"en/agent", "en/2", "en/7", "en/serves"}},
		{"without the number", &Announce{Before: []string{"zh/serves"}}, "1001", []string{"zh/serves"}},
		{"not at all", &Announce{}, "1001", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := demo(t)
			flow := p.Flows["main"]
			flow.Announce = test.announce
			p.Flows["main"] = flow
			i := New(p, nil)
			s, _ := i.Start("400", "")
			require.Equal(t, test.want, i.Announce(s, test.agent))
			require.Equal(t, test.want, i.Announce(s, test.agent), "the first answer must not spoil the second")
		})
	}
	require.Equal(t, zh, New(Part{}, nil).Announce(floor.State{}, "1001"))
}

func TestPromptsAreThoseGiven(t *testing.T) {
	prompts, err := LoadPrompts()
	require.NoError(t, err)
	i := New(demo(t), prompts)
	require.Same(t, prompts.Sound("zh/menu"), i.Prompt("zh/menu"))
	require.Nil(t, i.Prompt("zh/none"))
}

func TestReplaceDuringCalls(t *testing.T) {
	i := New(demo(t), nil)
	parts := []Part{demo(t), retitled(t)}
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			for range 50 {
				i.Replace(parts[n%2])
				s, ok := i.Start("400", "")
				if !ok {
					t.Error("the number is not answered")
					return
				}
				s, _ = i.Next(s, floor.Begun{})
				if _, step := i.Next(s, floor.Played{}); step == floor.Step(changed) {
					t.Error("the run lost its text")
				}
			}
		})
	}
	wg.Wait()
	require.Equal(t, []string{"main"}, slices.Collect(maps.Keys(i.library.Load().texts)))
}
