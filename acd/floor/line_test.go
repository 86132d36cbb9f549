package floor

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"threering/acd/brain"
)

// deaf is a Publisher whom nobody hears.
type deaf struct{}

func (deaf) Publish(context.Context, Event) {}

// crowd is a floor without a loop, with twenty queues, each agent in two of them, and calls that wait in all.
func crowd(agents, calls int) *Floor {
	f := New(Config{Publisher: deaf{}, Log: slog.New(slog.DiscardHandler)})
	const queues = 20
	for i := range queues {
		f.plan.Queues = append(f.plan.Queues, Queue{Queue: brain.Queue{Name: fmt.Sprint("q", i)}})
	}
	cfg := brain.Configured{}
	for i := range agents {
		a := Agent{Agent: brain.Agent{ID: fmt.Sprint(1000 + i)}}
		f.employ(a)
		cfg.Agents = append(cfg.Agents, a.Agent)
		for _, q := range []int{i % queues, (i + 7) % queues} {
			f.plan.Queues[q].Agents = append(f.plan.Queues[q].Agents, a.ID)
		}
	}
	for _, q := range f.plan.Queues {
		cfg.Queues = append(cfg.Queues, q.Queue)
	}
	f.brain.Apply(1, cfg)
	for i := range calls {
		c := &call{floor: f, id: fmt.Sprint("c", i)}
		f.calls[c.id] = c
		f.lines.enter(c, fmt.Sprint("q", i%queues), time.Now())
	}
	return f
}

// standing checks that each call that waits stands once, in its own queue's line and in order, and that nobody else does.
func (f *Floor) standing(t require.TestingT) {
	stand := map[*call]bool{}
	for queue, line := range f.lines {
		require.NotEmpty(t, line, queue)
		for i, c := range line {
			require.Equal(t, queue, c.waiting)
			require.Same(t, c, f.calls[c.id])
			require.False(t, stand[c], "stands twice")
			require.False(t, i > 0 && c.waitingSince.Before(line[i-1].waitingSince), "who has waited longest is first")
			stand[c] = true
		}
	}
	for _, c := range f.calls {
		require.Equal(t, c.waiting != "", stand[c], c.id)
	}
}

func TestWhoWaitsStandsInOneLine(t *testing.T) {
	t.Parallel()
	start := time.Now()
	rapid.Check(t, func(t *rapid.T) {
		f := crowd(0, 6)
		f.standing(t)
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			c := f.calls[fmt.Sprint("c", rapid.IntRange(0, 5).Draw(t, "call"))]
			if rapid.Bool().Draw(t, "leaves") {
				f.lines.leave(c)
			} else {
				f.lines.enter(c, rapid.SampledFrom([]string{"q0", "q1"}).Draw(t, "queue"), start.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "since"))))
			}
			f.standing(t)
		}
	})
}

func TestWhoHasWaitedAsLongStandsBehind(t *testing.T) {
	t.Parallel()
	f := crowd(0, 0)
	at := time.Now()
	for _, id := range []string{"a", "b", "c"} {
		f.calls[id] = &call{floor: f, id: id}
		f.lines.enter(f.calls[id], "q0", at)
	}
	var ids []string
	for _, c := range f.viewQueue(f.plan.Queues[0]).Calls {
		ids = append(ids, c.Call)
	}
	require.Equal(t, []string{"a", "b", "c"}, ids)
}

// BenchmarkAQueueIsShown is what the view of a queue costs, with 500 agents and 1,000 waiting calls in all, 50 of each in the
// queue.
func BenchmarkAQueueIsShown(b *testing.B) {
	f := crowd(500, 1000)
	for b.Loop() {
		f.viewQueue(f.plan.Queues[3])
	}
}

// BenchmarkAnAgentChanges is what it costs to tell of an agent, and of both their queues without waiting for more to tell of.
func BenchmarkAnAgentChanges(b *testing.B) {
	f := crowd(500, 1000)
	for b.Loop() {
		a := f.agents["1003"]
		f.publishAgent(a)
		f.cfg.Metrics.agent(a.state, a.state)
		for _, q := range f.queuesOf(a.ID) {
			f.tellQueue(q)
		}
	}
}

// BenchmarkAnAgentChangesSoon is the same where their queues were told of a moment ago.
func BenchmarkAnAgentChangesSoon(b *testing.B) {
	f := crowd(500, 1000)
	for _, q := range f.plan.Queues {
		f.news[q.Name] = news{told: time.Now(), due: true}
	}
	for b.Loop() {
		a := f.agents["1003"]
		f.publishAgent(a)
		f.cfg.Metrics.agent(a.state, a.state)
	}
}
