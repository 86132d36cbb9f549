package web

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/floor"
	"threering/acd/journal"
	"threering/center"
	"threering/config"
	"threering/crm"
	"threering/recording"
	"threering/store/storetest"
)

// house is a server on loopback with rooms behind it: agents 1001 and 1002 (in the
// queue sales), supervisor 2001, qa 3001, admin 9001; calls c1 of 1001, c2 of 1002,
// c3 of nobody, each with a recording but the last.
type house struct {
	*Server
	t        testing.TB
	floor    *fakeFloor
	people   *fakePeople
	document *fakeDocument
	archive  fakeArchive
	journal  *journal.Journal
	hub      *Hub
	log      *text
}

// text is a log that can be read while it is written.
type text struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (t *text) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.Write(p)
}

func (t *text) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.String()
}

// open makes a house and serves it; change may alter what it is made of.
func open(t testing.TB, change ...func(*Config)) *house {
	t.Helper()
	h := build(t, change...)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error)
	go func() { served <- h.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-served)
	})
	return h
}

// build makes a house that is not served yet.
func build(t testing.TB, change ...func(*Config)) *house {
	t.Helper()
	h := &house{t: t, floor: newFloor(), people: newPeople(), document: &fakeDocument{}, archive: newArchive(), log: &text{}}
	db := storetest.Open(t)
	log := slog.New(slog.NewTextHandler(h.log, nil))
	h.hub = NewHub(log)
	var err error
	h.journal, err = journal.Open(t.Context(), journal.Config{DB: db, Log: log})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.journal.Close(context.Background())) })
	h.journal.Append(entries()...)
	require.NoError(t, h.journal.Flush(t.Context()))
	customers, err := crm.Open(t.Context(), db, crm.Config{})
	require.NoError(t, err)
	cfg := Config{
		Settings: config.Default(), Version: "1.2.3", DB: db, People: h.people, Document: h.document, Floor: h.floor,
		Report:  fakeReport{"sales": {Offered: 10, Answered: 8, InTime: 7, Abandoned: 2, ShortAbandoned: 2, Waited: 40 * time.Second}},
		Journal: h.journal, Archive: h.archive, CRM: customers, Gate: fakeGate{}, Ladders: fakeLadders{}, Hub: h.hub, Alarms: NewAlarms(h.hub),
		Metrics: prometheus.NewRegistry(), Console: fstest.MapFS{}, Log: log,
	}
	cfg.Settings.DataDir, cfg.Settings.HTTP.Listen = t.TempDir(), "127.0.0.1:0"
	for _, c := range change {
		c(&cfg)
	}
	h.Server, err = Listen(t.Context(), cfg)
	require.NoError(t, err)
	return h
}

func newFloor() *fakeFloor {
	return &fakeFloor{
		agents: []floor.AgentView{
			{ID: "1001", Name: "A", State: brain.Talking, Queues: []string{"support"}, Call: "c1", With: "+8613800138000"},
			{ID: "1002", Name: "B", State: brain.Talking, Queues: []string{"sales"}, Call: "c2", With: "+8613900139000"},
		},
		queues: []floor.QueueView{
			{Name: "sales", TargetMs: 15_000, Calls: []floor.WaitingCall{}, Agents: map[string]int{}},
			{Name: "support", Calls: []floor.WaitingCall{}, Agents: map[string]int{}},
		},
	}
}

func newPeople() *fakePeople {
	f := &fakePeople{people: map[string]center.Person{}}
	f.set("1001", center.Agent)
	f.set("1002", center.Agent)
	f.set("2001", center.Supervisor)
	f.set("3001", center.QA)
	f.set("9001", center.Admin)
	return f
}

func newArchive() fakeArchive {
	audio := []byte("RIFF" + strings.Repeat("0123456789", 100))
	return fakeArchive{
		"r1": {recording.Recording{ID: "r1", Call: "c1", Agent: "1001", EndedAt: past(10, 5), Size: int64(len(audio))}, audio},
		"r2": {recording.Recording{ID: "r2", Call: "c2", Agent: "1002", EndedAt: past(11, 5), Size: int64(len(audio))}, audio},
		"r0": {recording.Recording{ID: "r0", Call: "c1", Agent: "1001"}, nil},
	}
}

// entries are the calls of the house, an hour apart.
func entries() []journal.Entry {
	var list []journal.Entry
	for i, agent := range []string{"1001", "1002", ""} {
		at, id := past(10+i, 0), []string{"c1", "c2", "c3"}[i]
		list = append(list, journal.Entry{Call: id, At: at, Kind: journal.CallArrived, Details: journal.Details{Number: []string{"+8613800138000", "+8613900139000", "95588"}[i], Dialled: "4001"}})
		if agent != "" {
			list = append(list, journal.Entry{Call: id, At: at, Kind: journal.QueueEntered, Details: journal.Details{Queue: []string{"support", "sales"}[i]}},
				journal.Entry{Call: id, At: at, Kind: journal.OfferAnswered, Details: journal.Details{Agent: agent}})
		}
		outcome := []journal.Outcome{journal.Answered, journal.Answered, journal.Menu}[i]
		list = append(list, journal.Entry{Call: id, At: at.Add(5 * 60e9), Kind: journal.CallEnded, Details: journal.Details{By: "caller", Outcome: outcome}})
	}
	return list
}

// client is a browser of somebody's.
type client struct {
	t    testing.TB
	base string
	http *http.Client
	api  *huma.OpenAPI
}

// browser is a client that nobody has signed in with.
func (h *house) browser() *client {
	jar, err := cookiejar.New(nil)
	require.NoError(h.t, err)
	transport := &http.Transport{}
	h.t.Cleanup(transport.CloseIdleConnections)
	return &client{h.t, h.URL(), &http.Client{Jar: jar, Transport: transport}, h.api.OpenAPI()}
}

// as is a client that a person has signed in with.
func (h *house) as(person string) *client {
	h.t.Helper()
	c := h.browser()
	require.Equal(h.t, http.StatusOK, c.signIn(person, "right").status)
	return c
}

// answer is a response that has been read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) json(t testing.TB) map[string]any {
	t.Helper()
	var v map[string]any
	require.NoError(t, json.Unmarshal(a.body, &v), "%s", a.body)
	return v
}

func (c *client) signIn(name, password string) answer {
	c.t.Helper()
	return c.do("POST", "/api/v1/session", map[string]string{"name": name, "password": password})
}

func (c *client) get(path string) answer {
	c.t.Helper()
	return c.do("GET", path, nil)
}

// do sends a body as JSON, or as YAML if it is a string; headers are pairs.
func (c *client) do(method, path string, body any, headers ...string) answer {
	c.t.Helper()
	var reader io.Reader
	kind := ""
	switch body := body.(type) {
	case nil:
	case string:
		reader, kind = strings.NewReader(body), yamlType
	default:
		text, err := json.Marshal(body)
		require.NoError(c.t, err)
		reader, kind = bytes.NewReader(text), "application/json"
	}
	ctx, cancel := context.WithTimeout(c.t.Context(), 4*patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, reader)
	require.NoError(c.t, err)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := c.http.Do(req)
	require.NoError(c.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(c.t, err)
	c.documented(method, req.URL.Path, resp.StatusCode)
	return answer{resp.StatusCode, resp.Header, text}
}

// documented checks that an operation says that it may answer with a status.
func (c *client) documented(method, path string, status int) {
	c.t.Helper()
	for template, item := range c.api.Paths {
		op := map[string]*huma.Operation{"GET": item.Get, "PUT": item.Put, "POST": item.Post, "DELETE": item.Delete}[method]
		form := "^" + regexp.MustCompile(`\{\w+\}`).ReplaceAllString(template, "[^/]+") + "$"
		if op != nil && regexp.MustCompile(form).MatchString(path) {
			require.Contains(c.t, op.Responses, strconv.Itoa(status), "%s %s", method, path)
		}
	}
}
