package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const password = "three-rings-in-a-test"

// product is the server under test, built once.
var product = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "threering-e2e")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "threering")
	out, err := exec.Command("go", "build", "-race", "-o", path, "threering/cmd/threering").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

// server is a running center with the ports that the test picked for it.
type server struct {
	t      *testing.T
	dir    string
	sip    int
	tls    int // 0: nothing listens for TLS
	http   int
	rtp    int
	env    []string       // settings beside these
	phones map[string]int // ports of desk phones
	log    *logBuffer
	cmd    *exec.Cmd
	done   chan struct{}
}

// start runs a new center on an empty folder, side by side with those of other tests; env are settings, THREERING_…=….
func start(t *testing.T, env ...string) *server {
	t.Helper()
	t.Parallel()
	s := &server{t: t, dir: t.TempDir(), sip: freePort(t), http: freePort(t), rtp: freeRange(t), env: env}
	s.run()
	t.Cleanup(s.stop)
	return s
}

// run starts the process, again after a kill, and waits until it is ready.
func (s *server) run() {
	s.t.Helper()
	path, err := product()
	require.NoError(s.t, err)
	s.log = &logBuffer{}
	s.cmd = exec.Command(path, "serve")
	s.cmd.Dir = s.dir
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	s.cmd.Env = append(os.Environ(),
		"THREERING_DATA_DIR="+filepath.Join(s.dir, "var"),
		fmt.Sprintf("THREERING_SIP_LISTEN=udp://127.0.0.1:%d,tcp://127.0.0.1:%d", s.sip, s.sip),
		fmt.Sprintf("THREERING_HTTP_LISTEN=127.0.0.1:%d", s.http),
		fmt.Sprintf("THREERING_RTP_PORTS=%d-%d", s.rtp, s.rtp+199),
		"THREERING_DEMO_PASSWORD="+password,
		"THREERING_LOG_LEVEL=debug",
		"THREERING_SIP_DRAIN=0s",
		"GORACE=halt_on_error=1 exitcode=66",
	)
	s.cmd.Env = append(s.cmd.Env, s.env...)
	require.NoError(s.t, s.cmd.Start())
	done := make(chan struct{})
	s.done = done
	cmd := s.cmd
	go func() { cmd.Wait(); close(done) }()
	s.t.Cleanup(func() {
		if s.t.Failed() {
			s.t.Logf("the server's log:\n%s", s.log)
		}
	})
	require.Eventually(s.t, s.ready, time.Minute, 50*time.Millisecond, "never ready:\n%s", s.log)
}

func (s *server) ready() bool {
	res, err := http.Get(s.url("/readyz"))
	if err != nil {
		return false
	}
	io.Copy(io.Discard, res.Body)
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

func (s *server) url(path string) string { return fmt.Sprintf("http://127.0.0.1:%d%s", s.http, path) }

// address is where a softphone dials a number of the center.
func (s *server) address(number string) string {
	return fmt.Sprintf("sip:%s@127.0.0.1:%d", number, s.sip)
}

// stop asks the server to go and checks that it went well: no race, no hang.
func (s *server) stop() {
	select {
	case <-s.done:
		return // killed by the test
	default:
	}
	s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.done:
	case <-time.After(15 * time.Second):
		s.cmd.Process.Kill()
		s.t.Errorf("the server did not stop")
	}
	require.Equal(s.t, 0, s.cmd.ProcessState.ExitCode(), "the server's log:\n%s", s.log)
	require.NotContains(s.t, s.log.String(), password, "secrets never reach the log")
}

// kill is what a power cut does.
func (s *server) kill() {
	s.cmd.Process.Kill()
	<-s.done
}

// apply changes the center by the command, while the server runs.
func (s *server) apply(center string) {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), "center.yaml")
	require.NoError(s.t, os.WriteFile(file, []byte(center), 0o600))
	out, err := s.command("apply", "-f", file)
	require.NoError(s.t, err, out)
}

// command runs another command of the binary on the same data.
func (s *server) command(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.cmd.Path, args...)
	cmd.Env, cmd.Dir = s.cmd.Env, s.dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// logBuffer collects what a process prints.
type logBuffer struct {
	mu  sync.Mutex // guards buf
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// freePort finds a port that is free for UDP and TCP.
func freePort(t *testing.T) int { return single.take(t) }

// freeRange finds the even beginning of 200 ports that nobody uses, for a server or a softphone.
func freeRange(t *testing.T) int { return wide.take(t) }

// A ranges hands out ports side by side, for UDP and TCP, below those that the kernel hands out, each anew as late as can be: who has some may
// not have opened them yet. Each process begins at a place of its own, so that tests of two run side by side.
type ranges struct {
	first, size, places int

	mu   sync.Mutex // guards next
	next int
}

var (
	wide   = &ranges{first: 20000, size: 200, places: 60, next: os.Getpid() * 7}
	narrow = &ranges{first: 12000, size: 8, places: 1000, next: os.Getpid() * 7}
	single = &ranges{first: 10000, size: 1, places: 2000, next: os.Getpid() * 7}
)

// take finds the beginning of the next that are free.
func (r *ranges) take(t *testing.T) int {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for range r.places {
		first := r.first + r.next%r.places*r.size
		r.next++
		if allFree(first, r.size) {
			return first
		}
	}
	t.Fatalf("no %d free ports side by side", r.size)
	return 0
}

func allFree(first, count int) bool {
	for port := first; port < first+count; port++ {
		address := "127.0.0.1:" + strconv.Itoa(port)
		u, err := net.ListenPacket("udp", address)
		if err != nil {
			return false
		}
		l, err := net.Listen("tcp", address)
		u.Close()
		if err != nil {
			return false
		}
		l.Close()
	}
	return true
}
