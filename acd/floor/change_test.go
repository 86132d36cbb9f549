package floor

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
)

// revise puts the plan in force as one of another document.
func (h *house) revise(revision int64) {
	h.t.Helper()
	h.replan(func(p *Plan) { p.Revision = revision })
}

// changes are those in the journal, the oldest first.
func (h *house) changes() []journal.Entry {
	h.t.Helper()
	require.NoError(h.t, h.journal.Flush(h.t.Context()))
	list, err := h.journal.Standing(h.t.Context(), 7)
	require.NoError(h.t, err)
	return list
}

func (h *house) view(queue string) QueueView {
	h.t.Helper()
	list, err := h.floor.Queues(h.t.Context())
	require.NoError(h.t, err)
	for _, q := range list {
		if q.Name == queue {
			return q
		}
	}
	h.t.Fatalf("no queue %s", queue)
	return QueueView{}
}

func TestAnAgentIsBroughtIntoAQueueLive(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	h.replan(func(p *Plan) { p.Queues[0].Agents, p.Revision = []string{"1001"}, 7 })
	_, err := h.floor.SetAgent(t.Context(), "1001", brain.Break, "tea")
	require.NoError(t, err)
	caller := h.queued("13800000001")
	v, err := h.floor.Seat(t.Context(), "1002", map[string]int{"sales": 2}, "sup")
	require.NoError(t, err)
	require.Equal(t, map[string]int{"sales": 2}, v.Tiers)
	require.Equal(t, []string{"sales"}, v.Queues)
	h.until("1002", brain.Talking)
	caller.Hangup()
	h.ended()

	v, err = h.floor.Seat(t.Context(), "1002", nil, "sup")
	require.NoError(t, err)
	require.Empty(t, v.Queues)
	_, err = h.floor.Seat(t.Context(), "1002", nil, "sup") // the same again changes nothing
	require.NoError(t, err)
	require.Zero(t, h.view("sales").Agents[string(brain.WrapUp)], "who has left the queue is not counted in it")
	_, err = h.floor.Seat(t.Context(), "4711", nil, "sup")
	require.ErrorIs(t, err, ErrNoAgent)
	_, err = h.floor.Seat(t.Context(), "1002", map[string]int{"sales": 1, "none": 1}, "sup")
	require.ErrorIs(t, err, ErrNoQueue)
	require.Empty(t, h.agent("1002").Queues, "nothing of it is done")
	require.Len(t, h.changes(), 2)
	require.Equal(t, journal.Details{Agent: "1002", Queue: "sales", Tier: 2, By: "sup", Revision: 7}, h.changes()[0].Details)
	require.Equal(t, journal.Details{Agent: "1002", Queue: "sales", By: "sup", Revision: 7}, h.changes()[1].Details)
}

func TestAnAgentIsGivenASkillLive(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.Needs = []brain.Need{{Skill: "english", Level: 2}} }, "1001")
	caller := h.queued("13800000001")
	v, err := h.floor.Skill(t.Context(), "1001", map[string]int{"english": 2}, "sup")
	require.NoError(t, err)
	require.Equal(t, map[string]int{"english": 2}, v.Skills)
	h.until("1001", brain.Talking)
	caller.Hangup()
	h.ended()
	_, err = h.floor.Skill(t.Context(), "4711", nil, "sup")
	require.ErrorIs(t, err, ErrNoAgent)
}

// Who serves a queue by a skill comes into it with the skill, and leaves it without; after a restart too.
func TestAQueueThatIsServedBySkillFollowsTheSkills(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	bySkill := func(p *Plan) {
		p.Queues[0].Skill, p.Queues[0].Agents, p.Revision = "english", []string{"1001"}, 7
		p.Agents = slices.Clone(p.Agents)
		p.Agents[0].Skills = map[string]int{"english": 3}
		second(p)
		p.Queues[1].Skill = ""
	}
	h.replan(bySkill)
	h.onBreak("1001")
	caller := h.queued("13800000001")
	v, err := h.floor.Skill(t.Context(), "1002", map[string]int{"english": 5}, "sup")
	require.NoError(t, err)
	require.Equal(t, map[string]int{"sales": 1, "second": 1}, v.Tiers)
	h.until("1002", brain.Talking)
	caller.Hangup()
	h.ended()

	v, err = h.floor.Skill(t.Context(), "1001", map[string]int{"french": 1}, "sup")
	require.NoError(t, err)
	require.Empty(t, v.Queues)
	_, err = h.floor.Seat(t.Context(), "1002", map[string]int{"second": 1}, "sup")
	require.NoError(t, err)
	v, err = h.floor.Skill(t.Context(), "1002", map[string]int{"english": 4}, "sup")
	require.NoError(t, err)
	require.Equal(t, []string{"second"}, v.Queues, "who was taken out of the queue by hand stays out: the skill is not new")
	standing := h.changes()

	again := open(t, nil, "1001", "1002")
	again.replan(bySkill)
	require.NoError(t, again.floor.Restore(t.Context(), standing))
	require.Equal(t, []string{"second"}, again.agent("1002").Queues)
	require.Empty(t, again.agent("1001").Queues)
}

func TestAClosedQueueTakesNobodyUntilItIsOpened(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001")
	require.True(t, h.view("sales").Open)
	v, err := h.floor.OpenQueue(t.Context(), "sales", false, "sup")
	require.NoError(t, err)
	require.False(t, v.Open)
	h.revise(8)
	require.False(t, h.view("sales").Open, "over another document too")
	caller := h.queued("13800000001")
	require.True(t, caller.Hears(sorryHz, soon))
	_, line := h.ended()
	require.Equal(t, string(brain.Closed), entries(line, journal.QueueLeft)[0].Why)

	_, err = h.floor.OpenQueue(t.Context(), "sales", true, "sup")
	require.NoError(t, err)
	caller = h.queued("13800000001")
	h.until("1001", brain.Talking)
	caller.Hangup()
	_, err = h.floor.OpenQueue(t.Context(), "none", true, "sup")
	require.ErrorIs(t, err, ErrNoQueue)
}

// A queue that comes into the document by the name of one that was closed and has left it is another, now and after a restart.
func TestAClosedQueueThatLeavesTheDocumentIsForgotten(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	h.replan(second)
	_, err := h.floor.OpenQueue(t.Context(), "second", false, "sup")
	require.NoError(t, err)
	closed := h.changes()
	h.replan(func(p *Plan) { p.Queues = p.Queues[:1] })
	require.Equal(t, journal.QueueOpen, h.changes()[0].State)
	require.Equal(t, "system", h.changes()[0].By)
	h.replan(second)
	require.True(t, h.view("second").Open)

	again := open(t, nil, "1001", "1002")
	require.NoError(t, again.floor.Restore(t.Context(), closed), "it has left while the center was down")
	require.Equal(t, journal.QueueOpen, again.changes()[0].State)
	again.replan(second)
	require.True(t, again.view("second").Open)
}

// What was changed is there again after a restart, but for what was changed under another document.
func TestChangesAreMadeAgainAfterARestart(t *testing.T) {
	t.Parallel()
	h := open(t, nil, "1001", "1002")
	h.replan(second)
	h.revise(6)
	_, err := h.floor.Seat(t.Context(), "1002", nil, "sup")
	require.NoError(t, err)
	_, err = h.floor.OpenQueue(t.Context(), "second", false, "sup")
	require.NoError(t, err)
	h.revise(7)
	_, err = h.floor.Seat(t.Context(), "1001", map[string]int{"second": 3}, "sup")
	require.NoError(t, err)
	_, err = h.floor.Skill(t.Context(), "1001", map[string]int{"english": 2}, "sup")
	require.NoError(t, err)
	_, err = h.floor.SetAgentFor(t.Context(), "1001", brain.Break, "training", "sup")
	require.NoError(t, err)
	standing := h.changes()

	again := open(t, nil, "1001", "1002")
	again.replan(second)
	again.revise(7)
	var document Plan
	again.replan(func(p *Plan) { document = *p; document.Queues = slices.Clone(p.Queues) })
	require.NoError(t, again.floor.Restore(t.Context(), standing))
	a := again.agent("1001")
	require.Equal(t, map[string]int{"second": 3}, a.Tiers)
	require.Equal(t, map[string]int{"english": 2}, a.Skills)
	require.Equal(t, []string{"sales", "second"}, again.agent("1002").Queues, "as the newer document says")
	require.False(t, again.view("second").Open)
	require.True(t, again.view("sales").Open)

	document.Revision = 8
	require.NoError(t, again.floor.Configure(t.Context(), document))
	require.Equal(t, []string{"sales"}, again.agent("1001").Queues, "another document takes the place of what was changed by hand")
	require.NoError(t, again.floor.Restore(t.Context(), []journal.Entry{
		{Kind: journal.QueueSet, Details: journal.Details{Queue: "gone", State: journal.QueueClosed}},
		{Kind: journal.AgentSeated, Details: journal.Details{Agent: "gone", Queue: "sales", Tier: 1, Revision: 8}},
		{Kind: journal.AgentSeated, Details: journal.Details{Agent: "1001", Queue: "gone", Tier: 1, Revision: 8}},
	}), "who and what is no longer there is passed over")
}

func TestWhatASupervisorWantsOfAnAgentComesAfterTheTalk(t *testing.T) {
	t.Parallel()
	h := open(t, func(q *Queue) { q.WrapUp, q.Breather = 50*time.Millisecond, 0 }, "1001")
	caller, agent := h.talking("13800000001", "1001")
	v, err := h.floor.SetAgentFor(t.Context(), "1001", brain.Break, "training", "sup")
	require.NoError(t, err)
	require.Equal(t, brain.Talking, v.State)
	require.Equal(t, &Next{brain.Break, "training"}, v.Next)
	h.sees("what comes next", func(e Event) bool {
		v, ok := e.Data.(AgentView)
		return ok && v.Next != nil && v.Next.State == brain.Break
	})
	caller.Hangup()
	h.gone(agent)
	h.until("1001", brain.Break)
	require.Nil(t, h.agent("1001").Next)
	_, err = h.floor.SetAgentFor(t.Context(), "1001", brain.Offline, "", "sup")
	require.NoError(t, err)
	require.Equal(t, brain.Offline, h.agent("1001").State)
	_, err = h.floor.SetAgentFor(t.Context(), "1001", brain.Talking, "", "sup")
	require.ErrorIs(t, err, ErrBadState)
	_, err = h.floor.SetAgentFor(t.Context(), "4711", brain.Break, "", "sup")
	require.ErrorIs(t, err, ErrNoAgent)
	require.NoError(t, h.journal.Flush(t.Context()))
	list, err := h.journal.Changes(t.Context(), time.Now().Add(-time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, journal.Details{Agent: "1001", State: "offline", By: "sup"}, list[0].Details)
	require.Equal(t, journal.Details{Agent: "1001", State: "break", Why: "training", By: "sup"}, list[1].Details)
}
