package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// client is a signed-in person at the API.
type client struct {
	t    *testing.T
	s    *server
	http http.Client
}

// as signs a person in.
func (s *server) as(name string) *client {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(s.t, err)
	c := &client{t: s.t, s: s, http: http.Client{Jar: jar}}
	c.do("POST", "/api/v1/session", map[string]string{"name": name, "password": password}, nil)
	return c
}

// do calls the API and wants success; the answer is decoded into out.
func (c *client) do(method, path string, in, out any) {
	c.t.Helper()
	status, body := c.call(method, path, in)
	require.Less(c.t, status, 300, "%s %s: %s", method, path, body)
	if out != nil {
		require.NoError(c.t, json.Unmarshal(body, out), "%s %s: %s", method, path, body)
	}
}

func (c *client) call(method, path string, in any) (int, []byte) {
	c.t.Helper()
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		require.NoError(c.t, err)
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.s.url(path), body)
	require.NoError(c.t, err)
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(req)
	require.NoError(c.t, err)
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	require.NoError(c.t, err)
	return res.StatusCode, data
}

type agentView struct {
	ID, State, Reason string
	Reachable         bool
}

func (c *client) agent(id string) agentView {
	c.t.Helper()
	var list struct{ Agents []agentView }
	c.do("GET", "/api/v1/agents", nil, &list)
	for _, a := range list.Agents {
		if a.ID == id {
			return a
		}
	}
	c.t.Fatalf("no agent %s in %+v", id, list)
	return agentView{}
}

// until waits for an agent to be in a state.
func (c *client) until(id, state string, within time.Duration) {
	c.t.Helper()
	require.Eventually(c.t, func() bool { return c.agent(id).State == state }, within, 50*time.Millisecond, "%s is %+v, not %s", id, c.agent(id), state)
}

type callView struct {
	ID, Number, Name, Agent, Queue, Outcome, Notice, Other string
	EndedBy                                                string `json:"ended_by"`
	TalkMs                                                 int64  `json:"talk_ms"`
	HoldMs                                                 int64  `json:"hold_ms"`
	Offers                                                 int
	Disposition                                            *struct{ Reason, Notes string }
}

type entry struct {
	Kind, Agent, Why, By, Queue, Keys, Recording string
	Trunk, Withheld, Other, Person               string
	Diverted                                     []string
	At                                           time.Time
	Quality                                      *legQuality
	Speech                                       *struct {
		CallerMs int64 `json:"caller_ms"`
		AgentMs  int64 `json:"agent_ms"`
	}
}

// legQuality is how good a leg's audio was, each way.
type legQuality struct {
	Codec          string
	Received, Sent *struct {
		Packets, Lost int
		MOS           float64
		RoundTrip     *struct{ Mean float64 } `json:"round_trip_ms"`
	}
}

type callDetail struct {
	Call       callView
	Timeline   []entry
	Recordings []struct {
		ID, State string
		Duration  time.Duration `json:"duration_ns"`
	}
}

// newest waits for a call from a number to be in an outcome, and gives all of it.
func (c *client) newest(number, outcome string, within time.Duration) callDetail {
	c.t.Helper()
	var found callDetail
	require.Eventually(c.t, func() bool {
		var list struct{ Calls []callView }
		c.do("GET", "/api/v1/calls?number="+strings.ReplaceAll(number, "+", "%2B"), nil, &list)
		if len(list.Calls) == 0 || list.Calls[0].Outcome != outcome {
			return false
		}
		c.do("GET", "/api/v1/calls/"+list.Calls[0].ID, nil, &found)
		return true
	}, within, 50*time.Millisecond, "no call of %s became %s", number, outcome)
	return found
}

// kinds lists what happened.
func (d callDetail) kinds() (list []string) {
	for _, e := range d.Timeline {
		list = append(list, e.Kind)
	}
	return list
}

// of gives what happened of a kind.
func (d callDetail) of(kind string) (list []entry) {
	for _, e := range d.Timeline {
		if e.Kind == kind {
			list = append(list, e)
		}
	}
	return list
}

func (d callDetail) offered() (list []string) {
	for _, e := range d.Timeline {
		if e.Kind == "offer.made" {
			list = append(list, e.Agent)
		}
	}
	return list
}

// event is one of the live events, with the time it was read at.
type event struct {
	Type string
	Data string
	At   time.Time
}

// events opens the person's stream; it ends with the test.
func (c *client) events() <-chan event {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), "GET", c.s.url("/api/v1/events"), nil)
	require.NoError(c.t, err)
	res, err := c.http.Do(req)
	require.NoError(c.t, err)
	require.Equal(c.t, 200, res.StatusCode)
	out := make(chan event, 1000)
	go func() {
		defer res.Body.Close()
		defer close(out)
		var e event
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			line := lines.Text()
			switch {
			case strings.HasPrefix(line, "event:"):
				e.Type = strings.TrimSpace(line[6:])
			case strings.HasPrefix(line, "data:"):
				e.Data += strings.TrimSpace(line[5:])
			case line == "" && e.Type != "":
				e.At = time.Now()
				out <- e
				e = event{}
			}
		}
	}()
	return out
}

// await reads the stream up to an event of a type.
func await(t *testing.T, events <-chan event, kind string, within time.Duration) event {
	t.Helper()
	late := time.After(within)
	for {
		select {
		case e, open := <-events:
			require.True(t, open, "the stream ended before %s", kind)
			if e.Type == kind {
				return e
			}
		case <-late:
			t.Fatalf("no %s within %s", kind, within)
		}
	}
}

// audio fetches a recording.
func (c *client) audio(id string) []byte {
	c.t.Helper()
	status, body := c.call("GET", fmt.Sprintf("/api/v1/recordings/%s/audio", id), nil)
	require.Equal(c.t, 200, status)
	return body
}
