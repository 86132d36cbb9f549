package ivr

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"threering/acd/floor"
)

var (
	anyName   = rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "nowhere", ""})
	anyPrompt = rapid.SliceOfN(rapid.SampledFrom([]string{"zh/welcome", "en/menu", "zh/none"}), 0, 2)
	anyKey    = rapid.SampledFrom([]string{"1", "2", "*", "#", "x", ""})
	anyResult = rapid.OneOf(
		rapid.Just[floor.Result](floor.Begun{}),
		rapid.Just[floor.Result](floor.Played{}),
		rapid.Just[floor.Result](floor.Silent{}),
		rapid.Just[floor.Result](floor.Talked{}),
		rapid.Just[floor.Result](floor.GaveUp{Why: "timeout"}),
		rapid.Just[floor.Result](floor.Unbooked{}),
		rapid.Just[floor.Result](nil),
		rapid.Map(anyKey, func(key string) floor.Result { return floor.Pressed{Keys: key} }),
	)
)

// anyStep is a step, most often of one verb, but with anything in it.
var anyStep = rapid.Custom(func(t *rapid.T) Step {
	var s Step
	switch rapid.IntRange(0, 6).Draw(t, "verb") {
	case 0:
		s.Play, s.Next = anyPrompt.Draw(t, "play"), anyName.Draw(t, "next")
	case 1:
		s.Play, s.Hangup = anyPrompt.Draw(t, "play"), "normal"
	case 2:
		s.Ask = anyPrompt.Draw(t, "ask")
		s.Keys = rapid.MapOfN(anyKey, anyName, 0, 3).Draw(t, "keys")
		s.Wrong, s.Silent = anyPrompt.Draw(t, "wrong"), anyPrompt.Draw(t, "silent")
		s.Tries, s.Otherwise = rapid.IntRange(-1, 4).Draw(t, "tries"), anyName.Draw(t, "otherwise")
	case 3:
		s.Queue, s.Next, s.Otherwise = "sales", anyName.Draw(t, "next"), anyName.Draw(t, "otherwise")
	case 4:
		s.Hangup = "normal"
	case 5:
		s.Callback, s.Otherwise = "sales", anyName.Draw(t, "otherwise")
	}
	return s
})

var anyFlow = rapid.Custom(func(t *rapid.T) Flow {
	return Flow{
		Start: anyName.Draw(t, "start"),
		Steps: rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}), anyStep, 0, 5).Draw(t, "steps"),
	}
})

var anyState = rapid.Custom(func(t *rapid.T) floor.State {
	return floor.State{
		Flow:    rapid.SampledFrom([]string{"main", "other"}).Draw(t, "flow"),
		Version: rapid.SampledFrom([]string{"", "0123456789ab"}).Draw(t, "version"),
		Step:    anyName.Draw(t, "step"),
		Tries:   rapid.IntRange(-3, 9).Draw(t, "tries"),
	}
})

// Whatever the flow is, whatever state comes and whatever happened: there is an answer, twice the same.
func TestNextAlwaysAnswers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		flow := anyFlow.Draw(t, "flow")
		i := New(Part{Flows: map[string]Flow{"main": flow}}, nil)
		s := anyState.Draw(t, "state")
		for _, r := range rapid.SliceOfN(anyResult, 1, 20).Draw(t, "results") {
			again, sameStep := i.Next(s, r)
			next, step := i.Next(s, r)
			require.NotNil(t, step)
			require.Equal(t, again, next)
			require.Equal(t, sameStep, step)
			s = next
		}
	})
}

// idle is what comes of a step when the caller does nothing and no agent comes.
func idle(step floor.Step) floor.Result {
	switch step.(type) {
	case floor.Play:
		return floor.Played{}
	case floor.Ask:
		return floor.Silent{}
	case floor.Book:
		return floor.Unbooked{}
	default:
		return floor.GaveUp{Why: "nobody"}
	}
}

// untilHangup lets a run go on with an idle caller, for n steps at most, and tells how it ended.
func untilHangup(i *Interpreter, s floor.State, step floor.Step, n int) (queued, ended bool) {
	for range n {
		switch step.(type) {
		case floor.Hangup:
			return queued, true
		case floor.Enqueue:
			queued = true
		}
		s, step = i.Next(s, idle(step))
	}
	return queued, false
}

// From wherever a run of the demo flow has come to, an idle caller is let go.
func TestDemoFlowEnds(t *testing.T) {
	i := New(demo(t), nil)
	rapid.Check(t, func(t *rapid.T) {
		s, _ := i.Start("400", "")
		s, step := i.Next(s, floor.Begun{})
		for _, r := range rapid.SliceOfN(anyResult, 0, 30).Draw(t, "results") {
			s, step = i.Next(s, r)
		}
		_, ended := untilHangup(i, s, step, 10)
		require.True(t, ended)
	})
}

// What Check lets pass never loses its place, and does not hold an idle caller for ever but for a queue.
func TestCheckedFlowsEnd(t *testing.T) {
	env := Env{Queues: []string{"sales"}, Prompts: []string{"zh/welcome", "en/menu"}}
	passed := 0
	rapid.Check(t, func(t *rapid.T) {
		p := Part{Numbers: []Number{{Number: "400", Flow: "main"}}, Flows: map[string]Flow{"main": anySoundFlow.Draw(t, "flow")}}
		if len(Check(p, env, nil, "")) > 0 {
			return
		}
		passed++
		i := New(p, nil)
		s, _ := i.Start("400", "")
		s, step := i.Next(s, floor.Begun{})
		for _, r := range rapid.SliceOfN(anyResult, 0, 20).Draw(t, "results") {
			s, step = i.Next(s, r)
			require.NotEqual(t, floor.Step(changed), step)
		}
		queued, ended := untilHangup(i, s, step, 40)
		require.True(t, ended || queued)
	})
	require.NotZero(t, passed, "no flow passed the check: this proved nothing")
}

// anySoundFlow is a flow of which many pass the check: a chain of steps, with a few ways back.
var anySoundFlow = rapid.Custom(func(t *rapid.T) Flow {
	f := Flow{Start: "s0", Steps: make(map[string]Step)}
	last := rapid.IntRange(1, 5).Draw(t, "last")
	name := func(n int) string { return fmt.Sprintf("s%d", n) }
	anywhere := rapid.Map(rapid.IntRange(0, last), name)
	for n := range last {
		onward, aside := name(n+1), anywhere.Draw(t, "aside")
		if rapid.IntRange(0, 4).Draw(t, "turn") == 0 {
			onward, aside = aside, onward
		}
		f.Steps[name(n)] = rapid.SampledFrom([]Step{
			{Play: []string{"zh/welcome"}, Next: onward},
			{Ask: []string{"en/menu"}, Keys: map[string]string{"1": aside}, Otherwise: onward},
			{Queue: "sales", Next: aside, Otherwise: onward},
			{Callback: "sales", Otherwise: onward},
		}).Draw(t, "step")
	}
	f.Steps[name(last)] = Step{Hangup: "normal"}
	return f
})
