package floor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/media"
)

// wishing is a script that puts every caller into the queue at once, with some wishes.
type wishing struct {
	script
	step Enqueue
}

func (w wishing) Next(s State, r Result) (State, Step) {
	if _, begun := r.(Begun); begun {
		s.Step = "queue"
		return s, w.step
	}
	return w.script.Next(s, r)
}

func (w wishing) Prompt(name string) *media.Sound { return w.script.Prompt(name) }

// wishes has callers be put into the queue so.
func (h *house) wishes(e Enqueue) {
	h.t.Helper()
	e.Name = "sales"
	require.NoError(h.t, h.floor.ask(h.t.Context(), func() { h.floor.cfg.Script = wishing{newScript(), e} }))
}

func TestAVIPGoesFirst(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.VIP = 5 }, "1001")
	h.onBreak("1001")
	first := h.queued("13800000001")
	h.waits()
	vip := h.queued(vipNumber)
	h.sees("the VIP in the queue", func(e Event) bool {
		n, ok := e.Data.(CallNews)
		return ok && n.Kind == journal.QueueEntered && n.Priority == 5
	})
	require.NoError(t, h.floor.ask(t.Context(), func() {})) // then the brain is told next
	h.back("1001")
	agent := h.next("1001")
	h.speaks(agent, agentHz)
	require.True(t, vip.Hears(agentHz, soon))
	vip.Hangup()
	first.Hangup()
	h.empty()
}

func TestAVIPWhoIsKnownLateGoesFirstStill(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.VIP = 5 }, "1001")
	h.popGate = make(chan struct{})
	h.wishes(Enqueue{Priority: 1})
	h.onBreak("1001")
	first, vip := h.call("13800000001"), h.call(vipNumber)
	queued := func(e Event) bool { n, ok := e.Data.(CallNews); return ok && n.Kind == journal.QueueEntered }
	h.sees("a caller in the queue", queued)
	require.Eventually(t, func() bool {
		queues, err := h.floor.Queues(t.Context())
		require.NoError(t, err)
		return queues[0].Waiting == 2
	}, soon, 5*time.Millisecond)
	close(h.popGate)
	h.sees("the priority", func(e Event) bool {
		n, ok := e.Data.(CallNews)
		return ok && n.Kind == journal.CallPrioritised && n.Priority == 5 && n.By == "system" && n.Why == "vip"
	})
	h.back("1001")
	agent := h.next("1001")
	h.speaks(agent, agentHz)
	require.True(t, vip.Hears(agentHz, soon))
	vip.Hangup()
	first.Hangup()
	h.empty()
}

func TestWhoSpokeWithAnAgentWaitsForThem(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	h.lastAgent = "1002"
	h.wishes(Enqueue{Sticky: &Sticky{For: time.Minute}})
	h.onBreak("1002")
	caller := h.call("13800000001")
	require.True(t, caller.Hears(musicHz, soon), "1001 is free, and not rung")
	h.back("1002")
	agent := h.next("1002")
	h.speaks(agent, agentHz)
	require.True(t, caller.Hears(agentHz, soon))
	caller.Hangup()
	_, line := h.ended()
	made := entries(line, journal.OfferMade)
	require.Len(t, made, 1)
	require.Equal(t, brain.Only, made[0].Choice.Reason)
}

func TestACallNeedsASkill(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	h.replan(func(p *Plan) {
		p.Agents = []Agent{p.Agents[0], p.Agents[1]}
		p.Agents[1].Skills = map[string]int{"english": 3}
	})
	h.wishes(Enqueue{Needs: []brain.Need{{Skill: "english", Level: 2}}})
	caller := h.call("13800000001")
	h.next("1002")
	h.until("1002", brain.Talking)
	caller.Hangup()
	_, line := h.ended()
	require.Equal(t, []brain.Need{{Skill: "english", Level: 2}}, entries(line, journal.QueueEntered)[0].Needs)
	require.Equal(t, []brain.Need{{Skill: "english", Level: 2}}, entries(line, journal.OfferMade)[0].Choice.Needs)
}
