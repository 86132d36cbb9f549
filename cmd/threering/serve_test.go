package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"threering/config"
	"threering/sip/softphone"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// lines collects what a command prints.
type lines struct {
	mu   sync.Mutex // guards text
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *lines) has(t *testing.T, text string) {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Contains(l.String(), text) }, 30*time.Second, 10*time.Millisecond, "no %q in %s", text, l)
}

// demoSettings are those of a demo center in an empty folder, on ports that are free.
func demoSettings(t *testing.T) config.Settings {
	s := config.Default()
	s.DataDir = filepath.Join(t.TempDir(), "var")
	s.SIP.Listen = []string{"udp://127.0.0.1:0", "tcp://127.0.0.1:0"}
	s.HTTP.Listen = "127.0.0.1:0"
	first := 20000 + os.Getpid()%60*200 // a place of the process's own, so that two can be tested side by side
	s.RTP.Ports = config.PortRange{Low: first, High: first + 199}
	return s
}

// open runs a house until the test ends.
func open(t *testing.T, s config.Settings) *house {
	h := furnish(t, s)
	runs(t, h)
	return h
}

// furnish makes a house that is not open yet.
func furnish(t *testing.T, s config.Settings) *house {
	h, err := build(t.Context(), s, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	require.NoError(t, h.demo(t.Context()))
	return h
}

// runs opens a house until the test ends.
func runs(t *testing.T, h *house) {
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- h.run(ctx, func() { close(ready) }) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
		require.NoError(t, h.shut())
	})
	<-ready
}

// passwordOf reads the file that the first start made.
func passwordOf(t *testing.T, s config.Settings, id string) string {
	t.Helper()
	info, err := os.Stat(passwordFile(s))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	text, err := os.ReadFile(passwordFile(s))
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, id+" "); found {
			return strings.TrimSpace(rest)
		}
	}
	t.Fatalf("no password of %s in %s", id, text)
	return ""
}

func signIn(t *testing.T, h *house, id, password string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	c := &http.Client{Jar: jar}
	body, err := json.Marshal(map[string]string{"name": id, "password": password})
	require.NoError(t, err)
	res, err := c.Post(h.web.URL()+"/api/v1/session", "application/json", bytes.NewReader(body))
	require.NoError(t, err)
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	res.Body.Close()
	require.Equal(t, http.StatusOK, res.StatusCode, string(text))
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// The first start on an empty folder, and a call between two phones of the command line.
func TestTheDemoCenterPutsACallThrough(t *testing.T) {
	s := demoSettings(t)
	h := open(t, s)
	var banner lines
	h.banner(&banner)
	for _, what := range []string{"400", "1001 1002 1003 1004", "passwords.txt", h.web.URL(), "only this machine"} {
		require.Contains(t, banner.String(), what)
	}
	password := passwordOf(t, s, "1001")
	require.NotContains(t, banner.String(), password)

	t.Setenv(phonePassword, password)
	var agent, caller lines
	var work sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	defer work.Wait()
	defer stop()
	server := h.sip.Addr("udp").String()
	ring := func(out io.Writer, p phone) {
		p.out, p.server = out, server
		work.Go(func() { require.NoError(t, p.run(ctx)) })
	}
	ring(&agent, phone{config: softphone.Config{User: "1001"}, answer: 100 * time.Millisecond, tone: 440})
	agent.has(t, "registered")
	console := signIn(t, h, "1001", password)
	ring(&caller, phone{config: softphone.Config{User: "13800000001"}, dial: "400", keys: "1", talk: 20 * time.Second, tone: 1000})
	agent.has(t, "rings: +8613800000001 ")
	agent.has(t, "answered")
	caller.has(t, "ended: 200")
	agent.has(t, "ended: 200")
	require.NoError(t, h.journal.Flush(t.Context()))

	res, err := console.Get(h.web.URL() + "/api/v1/calls?limit=1")
	require.NoError(t, err)
	defer res.Body.Close()
	var list struct {
		Calls []struct{ Outcome, Agent, Queue string }
	}
	require.NoError(t, json.NewDecoder(res.Body).Decode(&list))
	require.Equal(t, "[{answered 1001 sales}]", fmt.Sprint(list.Calls))
	require.Equal(t, today{1, 1}, salesToday(t, h, console))
}

// A second start finds what the first left, and a common password holds from then on.
func TestAStartOnWhatIsThere(t *testing.T) {
	s := demoSettings(t)
	t.Run("first", func(t *testing.T) { open(t, s) })
	first := passwordOf(t, s, "sup")
	t.Run("second", func(t *testing.T) {
		h := open(t, s)
		require.Equal(t, first, passwordOf(t, s, "sup"), "passwords stay")
		signIn(t, h, "sup", first)
	})
	s.DemoPassword = "one-for-all"
	t.Run("third", func(t *testing.T) { signIn(t, open(t, s), "qa", "one-for-all") })
}

// A page that knocks while the center moves in, as all do after a restart, is told of it as it is, not of an empty one.
func TestWhoComesEarlyFindsTheWholeCenter(t *testing.T) {
	s := demoSettings(t)
	s.DemoPassword = "one-for-all"
	var session []*http.Cookie
	t.Run("before", func(t *testing.T) {
		h := open(t, s)
		s.HTTP.Listen = h.web.Addr().String()
		at, err := url.Parse(h.web.URL())
		require.NoError(t, err)
		session = signIn(t, h, "sup", s.DemoPassword).Jar.Cookies(at)
	})
	h := furnish(t, s)
	conn, err := net.Dial("tcp", s.HTTP.Listen)
	require.NoError(t, err)
	defer conn.Close()
	req, err := http.NewRequest(http.MethodGet, h.web.URL()+"/api/v1/agents", http.NoBody)
	require.NoError(t, err)
	for _, c := range session {
		req.AddCookie(c)
	}
	require.NoError(t, req.Write(conn))
	runs(t, h)
	res, err := http.ReadResponse(bufio.NewReader(conn), req)
	require.NoError(t, err)
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Contains(t, string(text), `"id":"1001"`)
}

func TestOneServerToADataFolder(t *testing.T) {
	s := demoSettings(t)
	open(t, s)
	_, err := build(t.Context(), s, slog.New(slog.DiscardHandler))
	require.ErrorContains(t, err, "another server")
}
