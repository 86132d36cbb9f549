package web

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/floor"
	"threering/center"
)

// watching is an open stream, read by a goroutine that ends with it.
type watching struct {
	t        *testing.T
	protocol string
	blocks   chan string // as they stand between empty lines
	close    func()
}

// watch opens a stream; lastSeen may be empty.
func (c *client) watch(t *testing.T, lastSeen string) *watching {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", c.base+"/api/v1/events", nil)
	require.NoError(t, err)
	if lastSeen != "" {
		req.Header.Set("Last-Event-ID", lastSeen)
	}
	resp, err := c.http.Do(req)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	w := &watching{t, resp.Proto, make(chan string, 1000), cancel}
	go func() {
		defer close(w.blocks)
		defer resp.Body.Close()
		scanner := bufio.NewScanner(resp.Body)
		scanner.Buffer(nil, 1<<20)
		var block []string
		for scanner.Scan() {
			if scanner.Text() != "" {
				block = append(block, scanner.Text())
				continue
			}
			w.blocks <- strings.Join(block, "\n")
			block = nil
		}
	}()
	return w
}

// next is the next block; false at the stream's end.
func (w *watching) next() (string, bool) {
	w.t.Helper()
	select {
	case b, ok := <-w.blocks:
		return b, ok
	case <-time.After(patience):
		w.t.Fatal("nothing came")
		return "", false
	}
}

// event is the next event's type and data, past ids and heartbeats.
func (w *watching) event() (kind, data, id string) {
	w.t.Helper()
	for {
		block, ok := w.next()
		require.True(w.t, ok, "the stream ended")
		for line := range strings.Lines(block) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			switch name {
			case "id":
				id = value
			case "event":
				kind = value
			case "data":
				data = value
			}
		}
		if kind != "" {
			return kind, data, id
		}
	}
}

// ends waits for the end of the stream, whatever comes before it.
func (w *watching) ends() {
	w.t.Helper()
	late := time.After(2 * patience)
	for {
		select {
		case _, more := <-w.blocks:
			if !more {
				return
			}
		case <-late:
			w.t.Fatal("the stream does not end")
		}
	}
}

func TestEventsAreThereWhenPublishReturns(t *testing.T) {
	h := open(t)
	agent, qa := h.as("1001").watch(t, ""), h.as("3001").watch(t, "")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	h.hub.Publish(ctx, floor.Event{Type: "pop", Agents: []string{"1001"}, Data: floor.PopNews{Call: "c1", Number: "95588"}})
	require.NoError(t, ctx.Err(), "it returned because all was written")
	kind, data, id := agent.event()
	require.Equal(t, "pop", kind)
	require.JSONEq(t, `{"call":"c1","offer":"","queue":"","number":"95588","partial":false}`, data)
	require.NotEmpty(t, id)

	h.hub.Publish(ended(), floor.Event{Type: "queue.changed", Queue: "support"})
	h.hub.Publish(ended(), floor.Event{Type: "queue.changed", Queue: "sales"})
	h.hub.Publish(ended(), floor.Event{Type: "agent.state", Agents: []string{"1001"}})
	kind, _, _ = agent.event()
	require.Equal(t, "queue.changed", kind)
	kind, _, _ = agent.event()
	require.Equal(t, "agent.state", kind, "the other queue is not theirs")
	kind, _, _ = qa.event()
	require.Equal(t, "queue.changed", kind, "pops are not for qa")
}

func TestComingBack(t *testing.T) {
	h := open(t)
	c := h.as("2001")
	w := c.watch(t, "")
	h.hub.Publish(ended(), floor.Event{Type: "call.arrived"})
	_, _, last := w.event()
	w.close()
	w.ends()
	require.Eventually(t, func() bool { return h.hub.open() == 0 }, patience, time.Millisecond)
	h.hub.Publish(ended(), floor.Event{Type: "call.answered"})
	h.hub.Publish(ended(), floor.Event{Type: "call.ended"})

	w = c.watch(t, last)
	kind, _, _ := w.event()
	require.Equal(t, "call.answered", kind)
	kind, _, _ = w.event()
	require.Equal(t, "call.ended", kind)
	kind, _, _ = c.watch(t, "12345").event()
	require.Equal(t, "reset", kind)
}

func TestWhoHasSeenNothingYetComesBackToo(t *testing.T) {
	h := open(t)
	c := h.as("2001")
	head, ok := c.watch(t, "").next()
	require.True(t, ok)
	h.hub.Publish(ended(), floor.Event{Type: "call.arrived"})
	kind, _, _ := c.watch(t, strings.TrimPrefix(head, "id: ")).event()
	require.Equal(t, "call.arrived", kind)
}

func TestStreamOfAStuckBrowser(t *testing.T) {
	h := open(t)
	stuck := h.as("2001")
	req, err := http.NewRequestWithContext(t.Context(), "GET", stuck.base+"/api/v1/events", nil)
	require.NoError(t, err)
	resp, err := stuck.http.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close() // and nothing of it is read
	healthy := h.as("9001").watch(t, "")
	big := strings.Repeat("x", 100_000)
	cut := func() bool { return h.hub.cuts.Load() == 1 }
	for range 2000 {
		if cut() {
			break
		}
		h.hub.Publish(ended(), floor.Event{Type: "call.note", Data: big})
		kind, _, _ := healthy.event() // keeps pace
		require.Equal(t, "call.note", kind)
	}
	require.True(t, cut())
	require.Equal(t, 1, h.hub.open())
}

func TestSigningOutEndsTheStream(t *testing.T) {
	h := open(t)
	c := h.as("1001")
	own, other := c.watch(t, ""), h.as("1001").watch(t, "")
	c.do("DELETE", "/api/v1/session", nil)
	own.ends()
	h.hub.Publish(ended(), floor.Event{Type: "agent.state", Agents: []string{"1001"}})
	kind, _, _ := other.event()
	require.Equal(t, "agent.state", kind, "another session of the same person")
}

func TestStreamsFollowTheCenter(t *testing.T) {
	h := open(t)
	h.rhythm.beat = 5 * time.Millisecond
	agent, promoted, dismissed := h.as("1001").watch(t, ""), h.as("2001").watch(t, ""), h.as("3001").watch(t, "")
	block, _ := agent.next()
	require.Contains(t, block, "id: ")
	block, _ = agent.next()
	require.Equal(t, ":", block, "a heartbeat")

	h.floor.mu.Lock()
	h.floor.agents[0].Queues = []string{"sales"}
	h.floor.mu.Unlock()
	require.Eventually(t, func() bool {
		h.hub.Publish(ended(), floor.Event{Type: "queue.changed", Queue: "sales"})
		for len(agent.blocks) > 0 {
			if strings.Contains(<-agent.blocks, "queue.changed") {
				return true
			}
		}
		return false
	}, patience, 5*time.Millisecond)
	h.people.set("2001", center.Admin)
	promoted.ends()
	h.people.dismiss("3001")
	dismissed.ends()
}

func TestStreamsOutliveTheTimesForRequests(t *testing.T) {
	h := build(t)
	defer h.Close()
	h.rhythm = rhythm{beat: 100 * time.Millisecond, write: 50 * time.Millisecond}
	for _, protocol := range []string{"HTTP/1.1", "HTTP/2.0"} {
		server := httptest.NewUnstartedServer(h.Handler())
		server.Config.ReadTimeout, server.Config.WriteTimeout = 50*time.Millisecond, 50*time.Millisecond
		server.EnableHTTP2 = protocol == "HTTP/2.0"
		server.StartTLS()
		defer server.Close()
		c := h.browser()
		jar := c.http.Jar
		c.base, c.http = server.URL, server.Client()
		c.http.Jar = jar
		require.Equal(t, http.StatusOK, c.signIn("1001", "right").status)
		w := c.watch(t, "")
		require.Equal(t, protocol, w.protocol)
		for range 4 {
			_, on := w.next()
			require.True(t, on, protocol)
		}
		w.close()
		w.ends()
	}
}

func TestStoppingEndsStreams(t *testing.T) {
	h := build(t)
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error)
	go func() { served <- h.Serve(ctx) }()
	c := h.as("1001")
	w := c.watch(t, "")
	begin := time.Now()
	cancel()
	w.ends()
	require.NoError(t, <-served)
	require.Less(t, time.Since(begin), farewell)
	_, err := h.hub.join(supervisor(), "s", "")
	require.ErrorIs(t, err, errClosed)
}

func TestAlarms(t *testing.T) {
	h := open(t)
	c := h.as("2001")
	w := c.watch(t, "")
	require.Equal(t, []any{}, c.get("/api/v1/alarms").json(t)["alarms"])
	alarms := h.cfg.Alarms
	alarms.Set("journal", errors.New("disk full"))
	alarms.Set("journal", errors.New("disk full"))
	alarms.Set("recording", nil)
	alarms.Set("recording", errors.New("no folder"))
	kind, data, _ := w.event()
	require.Equal(t, "alarm", kind)
	require.Contains(t, data, `"source":"journal","text":"disk full"`)
	_, data, _ = w.event()
	require.Contains(t, data, `"source":"recording"`, "the same again is no news")

	list := c.get("/api/v1/alarms").json(t)["alarms"].([]any)
	require.Len(t, list, 2)
	require.Equal(t, "disk full", list[0].(map[string]any)["text"])
	alarms.Set("journal", nil)
	_, data, _ = w.event()
	require.Contains(t, data, `"source":"journal"`)
	require.Contains(t, data, `"over":true`)
	require.Len(t, alarms.List(), 1)
}
