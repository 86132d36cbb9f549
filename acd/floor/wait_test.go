package floor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
)

// onBreak has agents go, so that callers wait.
func (h *house) onBreak(agents ...string) {
	h.t.Helper()
	for _, a := range agents {
		_, err := h.floor.SetAgent(h.t.Context(), a, brain.Break, "tea")
		require.NoError(h.t, err)
	}
}

// back has them be available again.
func (h *house) back(agents ...string) {
	h.t.Helper()
	for _, a := range agents {
		_, err := h.floor.SetAgent(h.t.Context(), a, brain.Available, "")
		require.NoError(h.t, err)
	}
}

// waits gives the id of the first call that has entered a queue.
func (h *house) waits() string {
	h.t.Helper()
	return h.sees("the queue", func(e Event) bool { n, ok := e.Data.(CallNews); return ok && n.Kind == journal.QueueEntered }).Data.(CallNews).Call
}

// obeys gives the floor an order as if the brain had.
func (h *house) obeys(o brain.Order) {
	h.t.Helper()
	require.NoError(h.t, h.floor.ask(h.t.Context(), func() { h.floor.obey(o) }))
}

func TestWhoWaitsIsToldTheirPlace(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.Telling, q.MaxWait = brain.Telling{Position: true}, time.Minute }, "1001")
	h.onBreak("1001")
	caller := h.queued("13800000001")
	require.True(t, caller.Hears(musicHz, soon))
	require.True(t, caller.Hears(placeHz, 25*time.Second), "nothing is told in the first 20 s")
	require.True(t, caller.Hears(musicHz, soon), "and the music goes on")
	caller.Hangup()
	_, line := h.ended()
	told := entries(line, journal.WaitTold)
	require.Len(t, told, 1)
	require.Equal(t, 1, told[0].Position)
	require.GreaterOrEqual(t, told[0].At.Sub(entries(line, journal.QueueEntered)[0].At), 20*time.Second)
	h.empty()
}

func TestAnAnswerCutsWhatIsTold(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.Announce = false }, "1001")
	h.onBreak("1001")
	caller := h.queued("13800000001")
	id := h.waits()
	require.True(t, caller.Hears(musicHz, soon))
	require.NoError(t, h.floor.ask(t.Context(), func() { h.floor.cfg.Script.(script).prompts["place"] = media.Tone(placeHz, 10*time.Second) }))
	h.obeys(brain.Tell{Call: id, Position: 2, Under: 3 * time.Minute})
	h.obeys(brain.Tell{Call: id, Position: 2}) // one at a time
	require.True(t, caller.Hears(placeHz, soon))
	h.back("1001")
	agent := h.next("1001")
	h.speaks(agent, agentHz)
	require.True(t, caller.Hears(agentHz, soon))
	require.False(t, caller.Hears(placeHz, 1200*time.Millisecond), "what was told is not taken up again")
	caller.Hangup()
	_, line := h.ended()
	told := entries(line, journal.WaitTold)
	require.Len(t, told, 1)
	require.Equal(t, int64(180_000), told[0].UnderMs)
	started, answered := entries(line, journal.TalkStarted)[0].At, entries(line, journal.OfferAnswered)[0].At
	require.Less(t, started.Sub(answered), 4*time.Second, "it would have gone on for longer")
}

func TestAWhisperIsTheAgentsAlone(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.Announce, q.Briefing = false, Briefing{Prompts: []string{"whisper"}} }, "1001")
	caller := h.queued("13800000001")
	agent := h.next("1001")
	caller.PlayTone(callerHz)
	require.NoError(t, agent.WaitAnswered(h.within()))
	agent.PlayTone(agentHz)
	heard := make(chan bool, 1)
	go func() { heard <- caller.Hears(whisperHz, 1500*time.Millisecond) }()
	require.True(t, agent.Hears(whisperHz, soon))
	require.False(t, <-heard, "the caller hears the whisper")
	h.together(agent, callerHz, caller, agentHz)
	caller.Hangup()
	_, line := h.ended()
	requireOrder(t, line, journal.OfferAnswered, journal.CallerHears, journal.TalkStarted)
	whispered := entries(line, journal.CallerHears)[0].At.Sub(entries(line, journal.OfferAnswered)[0].At)
	require.Greater(t, whispered, 900*time.Millisecond, "the caller hears nobody before the whisper is over")
}

func TestWhoHangsUpInTheWhisperHasHeardNobody(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.Announce, q.Briefing = false, Briefing{Prompts: []string{"whisper"}} }, "1001")
	caller := h.queued("13800000001")
	agent := h.next("1001")
	require.True(t, agent.Hears(whisperHz, soon))
	caller.Hangup()
	h.gone(agent)
	call, line := h.ended()
	require.Equal(t, journal.Abandoned, call.Outcome)
	require.Nil(t, call.HeardAt)
	require.Empty(t, entries(line, journal.CallerHears))
	h.empty()
}

func TestAWhisperGoesWithTheAnnouncement(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.Briefing = Briefing{Prompts: []string{"whisper"}} }, "1001")
	caller := h.queued("13800000001")
	agent := h.next("1001")
	agent.PlayTone(agentHz)
	require.NoError(t, agent.WaitAnswered(h.within()))
	h.together(caller, announceHz, agent, whisperHz)
	require.True(t, caller.Hears(agentHz, soon))
	agent.Hangup()
	_, line := h.ended()
	require.Len(t, entries(line, journal.CallerHears), 1)
}
