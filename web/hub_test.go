package web

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"threering/acd/floor"
	"threering/center"
)

// patience is how long tests wait for what must come.
const patience = 5 * time.Second

func newTestHub() *Hub { return NewHub(slog.New(slog.DiscardHandler)) }

func supervisor() viewer { return viewer{id: "2001", role: center.Supervisor} }

// ended is a context like that of a publisher who does not wait.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func TestPublishWaitsForEveryStream(t *testing.T) {
	h := newTestHub()
	first, err := h.join(supervisor(), "s1", "")
	require.NoError(t, err)
	second, err := h.join(supervisor(), "s2", "")
	require.NoError(t, err)
	_, err = h.join(viewer{id: "1001", role: center.Agent}, "s3", "") // not for them
	require.NoError(t, err)
	published := make(chan struct{})
	go func() {
		defer close(published)
		h.Publish(t.Context(), floor.Event{Type: "call.ended"})
	}()
	(<-first.queue).arrived()
	d := <-second.queue
	select {
	case <-published:
		t.Fatal("published before the second stream had written it")
	case <-time.After(20 * time.Millisecond):
	}
	d.arrived()
	<-published
}

func TestPublishWaitsNoLongerThanItsContext(t *testing.T) {
	h := newTestHub()
	s, err := h.join(supervisor(), "s", "")
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	h.Publish(ctx, floor.Event{Type: "one"})
	h.Publish(ended(), floor.Event{Type: "two"})
	require.Contains(t, string((<-s.queue).text), "event: one\n", "queued all the same")
	require.Contains(t, string((<-s.queue).text), "event: two\n")
}

func TestPublishDoesNotWaitForStreamsThatGo(t *testing.T) {
	h := newTestHub()
	for name, goes := range map[string]func(*stream){"left": h.leave, "signed out": func(s *stream) { h.end("s") }, "closed": func(*stream) { h.close() }} {
		s, err := h.join(supervisor(), "s", "")
		require.NoError(t, err, name)
		published := make(chan struct{})
		go func() {
			defer close(published)
			h.Publish(t.Context(), floor.Event{Type: "call.ended"})
		}()
		require.Eventually(t, func() bool { return len(s.queue) == 1 }, patience, time.Millisecond)
		goes(s)
		<-published
		<-s.cut
		h.closed = false
	}
}

func TestSlowStreamIsCutOffAndHarmsNobody(t *testing.T) {
	h := newTestHub()
	slow, err := h.join(supervisor(), "slow", "")
	require.NoError(t, err)
	quick, err := h.join(supervisor(), "quick", "")
	require.NoError(t, err)
	for range queued + 1 {
		h.Publish(ended(), floor.Event{Type: "queue.changed"})
		(<-quick.queue).arrived()
	}
	<-slow.cut
	require.Empty(t, slow.queue)
	require.Equal(t, 1, h.open())
	require.EqualValues(t, 1, h.cuts.Load())
}

func TestWhoGetsWhat(t *testing.T) {
	agent := viewer{id: "1001", role: center.Agent, queues: []string{"sales"}}
	all := map[string]viewer{"agent": agent, "supervisor": {role: center.Supervisor}, "qa": {role: center.QA}, "admin": {role: center.Admin}, "unknown": {id: "x"}}
	for _, row := range []struct {
		event floor.Event
		gets  string
	}{
		{floor.Event{Type: "pop", Agents: []string{"1001"}}, "agent supervisor admin"},
		{floor.Event{Type: "pop", Agents: []string{"1002"}}, "supervisor admin"},
		{floor.Event{Type: "agent.state", Agents: []string{"1002", "1001"}}, "agent supervisor qa admin"},
		{floor.Event{Type: "agent.state", Agents: []string{"1002"}}, "supervisor qa admin"},
		{floor.Event{Type: "queue.changed", Queue: "sales"}, "agent supervisor qa admin"},
		{floor.Event{Type: "queue.changed", Queue: "support"}, "supervisor qa admin"},
		{floor.Event{Type: "alarm"}, "supervisor qa admin"},
	} {
		for name, v := range all {
			require.Equal(t, strings.Contains(row.gets, name), v.gets(row.event), "%s %v", name, row.event)
		}
	}
}

func TestIdsGoOnOverRestarts(t *testing.T) {
	before := newTestHub()
	before.Publish(t.Context(), floor.Event{Type: "one"})
	after := newTestHub()
	after.last = before.last + int64(time.Second/time.Microsecond) // a restart takes longer than this test
	s, err := after.join(supervisor(), "s", fmt.Sprint(before.last))
	require.NoError(t, err)
	require.Contains(t, string(s.head), "event: reset", "what came between is not known")
}

func TestWhereNobodyWatchesNothingIsRemembered(t *testing.T) {
	h := newTestHub()
	seen := h.last
	h.Publish(ended(), floor.Event{Type: "one"})
	require.Equal(t, seen+1, h.last, "it has its number")
	s, err := h.join(supervisor(), "s", fmt.Sprint(seen))
	require.NoError(t, err)
	require.Contains(t, string(s.head), "event: reset")
	now, err := h.join(supervisor(), "s", fmt.Sprint(h.last))
	require.NoError(t, err)
	require.NotContains(t, string(now.head), "event: reset")
	h.leave(s)
	h.leave(now)
	seen = h.last
	h.Publish(ended(), floor.Event{Type: "two"})
	again, err := h.join(supervisor(), "s", fmt.Sprint(seen))
	require.NoError(t, err)
	require.Contains(t, string(again.head), "event: two", "who has just gone may come back")
	h.leave(again)
}

// Whoever comes back gets exactly what they missed and may see, or is told to
// fetch everything anew; never less without a word.
func TestResumption(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := newTestHub()
		first, err := h.join(supervisor(), "s", "") // and goes again
		require.NoError(t, err)
		h.leave(first)
		start := h.last
		n := rapid.IntRange(0, remembered+50).Draw(t, "events")
		var own []int64
		for range n {
			e := floor.Event{Type: "agent.state", Agents: []string{rapid.SampledFrom([]string{"1001", "1002"}).Draw(t, "agent")}}
			h.Publish(ended(), e)
			if e.Agents[0] == "1001" {
				own = append(own, h.last)
			}
		}
		seen := start + rapid.Int64Range(-2, int64(n)+2).Draw(t, "seen")
		s, err := h.join(viewer{id: "1001", role: center.Agent}, "s", fmt.Sprint(seen))
		require.NoError(t, err)
		var want strings.Builder
		if seen < h.last-int64(min(n, remembered)) || seen > h.last {
			fmt.Fprintf(&want, "id: %d\nevent: reset\ndata: {}\n\n", h.last)
		} else {
			for _, id := range own {
				if id > seen {
					fmt.Fprintf(&want, "id: %d\nevent: agent.state\ndata: null\n\n", id)
				}
			}
			fmt.Fprintf(&want, "id: %d\n\n", h.last)
		}
		require.Equal(t, want.String(), string(s.head))
	})
}
