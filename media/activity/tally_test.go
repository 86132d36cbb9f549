package activity_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"threering/media/activity"
)

const ms = time.Millisecond

var start = time.Unix(1_700_000_000, 0)

// play has a tally hear 20 ms frames of both sides as written, four frames a letter: L, R, B for both, . for silence, and
// x where no frames come at all.
func play(script string) *activity.Tally {
	tally := activity.NewTally(start)
	for i := range 4 * len(script) {
		at := start.Add(time.Duration(i) * 20 * ms)
		if c := script[i/4]; c != 'x' {
			tally.Take(activity.Left, at, c == 'L' || c == 'B')
			tally.Take(activity.Right, at.Add(7*ms), c == 'R' || c == 'B')
		}
	}
	return tally
}

func TestWhoTalksWhen(t *testing.T) {
	const script = "...LLLL..RRRRRRR.BB......LL..."
	length := 80 * ms * time.Duration(len(script))
	require.Equal(t, activity.Summary{
		Length:         length,
		Talk:           [2]time.Duration{8 * 80 * ms, 9 * 80 * ms},
		TalkOver:       2*80*ms - 7*ms,
		Silence:        length - (8+9)*80*ms + 2*80*ms - 7*ms,
		LongestSilence: 6*80*ms - 7*ms,
		FirstWord:      [2]time.Duration{3 * 80 * ms, 9*80*ms + 7*ms},
	}, play(script).Summary(start.Add(length)))
}

func TestFramesThatDoNotComeAreSilence(t *testing.T) {
	s := play("LLxxxxxxxxLL").Summary(start.Add(12 * 80 * ms))
	require.Equal(t, 4*80*ms+80*ms, s.Talk[activity.Left], "the last frame before the gap lasts 100 ms, not 20")
	require.Equal(t, 8*80*ms-80*ms, s.LongestSilence)
	require.Zero(t, s.Talk[activity.Right])

	s = play("LL").Summary(start.Add(time.Hour))
	require.Equal(t, time.Hour, s.Length)
	require.Equal(t, 2*80*ms+80*ms, s.Talk[activity.Left])
	require.Equal(t, s.Length-s.Talk[activity.Left], s.LongestSilence)
}

func TestASummaryOnTheWayChangesNothing(t *testing.T) {
	const script = "..LL.RR"
	asked, unasked := play(script), play(script)
	asked.Summary(start.Add(time.Minute))
	later := start.Add(2 * time.Minute)
	require.Equal(t, unasked.Summary(later), asked.Summary(later))
}

func TestJitterIsNoSilence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tally := activity.NewTally(start)
		latest := start
		for i := range 200 {
			at := start.Add(time.Duration(20*i+rapid.IntRange(0, 79).Draw(t, "jitter")) * ms)
			if at.After(latest) {
				latest = at
			}
			tally.Take(activity.Right, latest, true)
		}
		s := tally.Summary(latest)
		require.Equal(t, s.Length-s.FirstWord[activity.Right], s.Talk[activity.Right])
	})
}

func TestTheTimesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tally := activity.NewTally(start)
		at := start
		for range rapid.IntRange(0, 100).Draw(t, "frames") {
			at = at.Add(time.Duration(rapid.IntRange(-30, 200).Draw(t, "ms later")) * ms)
			tally.Take(activity.Side(rapid.IntRange(0, 1).Draw(t, "side")), at, rapid.Bool().Draw(t, "active"))
		}
		end := start.Add(time.Hour)
		s := tally.Summary(end)
		require.Equal(t, time.Hour, s.Length)
		require.Equal(t, s.Length, s.Talk[activity.Left]+s.Talk[activity.Right]-s.TalkOver+s.Silence)
		require.LessOrEqual(t, s.LongestSilence, s.Silence)
		for _, talk := range s.Talk {
			require.LessOrEqual(t, s.TalkOver, talk)
		}
	})
}

func TestATallyCostsNoMemory(t *testing.T) {
	tally, at := activity.NewTally(start), start
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		at = at.Add(10 * ms)
		tally.Take(activity.Side(at.UnixMilli()/10%2), at, at.UnixMilli()%300 < 200)
	}))
}

func BenchmarkTally(b *testing.B) {
	tally, at := activity.NewTally(start), start
	for i := range b.N {
		at = at.Add(10 * ms)
		tally.Take(activity.Side(i%2), at, i%100 < 60)
	}
}
