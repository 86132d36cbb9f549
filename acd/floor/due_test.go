package floor

import (
	"testing"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
	"threering/sip/softphone"
)

// One free agent is no reason to call everybody.
func TestCustomersAreCalledAsAgentsAreFree(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.Callbacks.CustomerFirst, q.WrapUp = true, 0 }, "1001")
	h.onBreak("1001")
	numbers := []string{"13800000001", "13800000002"}
	for _, n := range numbers {
		h.outside(n)
		h.books(n)
		h.forgets()
	}
	for _, n := range numbers {
		h.phones[n].Behave(softphone.RingForEver)
	}
	h.back("1001")
	first := h.next(numbers[0])
	require.NoError(t, h.floor.ask(t.Context(), func() {
		require.Len(t, h.floor.due, 1)
		require.Equal(t, 1, h.floor.awaited("sales"))
	}))
	first.Answer()
	h.speaks(first, callerHz)
	agent := h.next("1001")
	h.speaks(agent, agentHz)
	require.True(t, first.Hears(agentHz, soon))
	second := h.next(numbers[1]) // for whom the agent is free once this talk is over
	first.Hangup()
	second.Answer()
	h.speaks(second, callerHz)
	h.speaks(h.next("1001"), secondHz)
	require.True(t, second.Hears(secondHz, soon))
	second.Hangup()
	h.empty()
}

// An agent who serves three queues is there for one customer, whichever queue they are of.
func TestOneAgentOfThreeQueues(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.Callbacks.CustomerFirst = true }, "1001", "1002")
	h.replan(func(p *Plan) {
		for _, name := range []string{"second", "third", "fourth"} {
			q := p.Queues[0]
			q.Name, q.Agents = name, []string{"1001"}
			p.Queues = append(p.Queues, q)
		}
		p.Queues[3].Agents = []string{"1001", "1002"}
	})
	may := func(awaited ...string) (queues []string) {
		require.NoError(t, h.floor.ask(t.Context(), func() {
			var there []*call
			for _, q := range awaited {
				c := &call{direction: journal.Callback}
				h.floor.lines.enter(c, q, now())
				there = append(there, c)
			}
			for _, q := range []string{"second", "third", "fourth"} {
				if h.floor.room().has(q) {
					queues = append(queues, q)
				}
			}
			for _, c := range there {
				h.floor.lines.leave(c)
			}
		}))
		return queues
	}
	require.Equal(t, []string{"second", "third", "fourth"}, may())
	require.Equal(t, []string{"fourth"}, may("second"), "the other agent is free")
	require.Equal(t, []string{"second", "third", "fourth"}, may("fourth"), "for whom the other agent is there too")
	require.Empty(t, may("fourth", "third"))
	require.Empty(t, may("fourth", "third", "second"))
	h.onBreak("1002")
	require.Empty(t, may("fourth"))
	h.queued("13800000001")
	agent := h.next("1001")
	h.speaks(agent, agentHz)
	require.Equal(t, []string{"second", "third", "fourth"}, may(), "though none is free")
	require.Empty(t, may("third"))
	agent.Hangup()
	h.until("1001", brain.WrapUp)
	h.onBreak("1001")
	require.Empty(t, may(), "nobody is at work")
}
