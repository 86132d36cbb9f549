package e2e

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// need fails a test whose peer is missing.
func need(t *testing.T, peer string) string {
	t.Helper()
	path, err := exec.LookPath(peer)
	if err != nil {
		t.Fatalf("%s is missing: make peers", peer)
	}
	return path
}

// sipp is a running SIPp with one scenario.
type sipp struct {
	t    *testing.T
	host string
	port int
	log  *logBuffer
	done chan struct{}
	cmd  *exec.Cmd
}

// run options of a SIPp scenario.
type scenario struct {
	name    string            // file in testdata/sipp, without .xml
	target  string            // number to call, empty for one that is called
	caller  string            // number that calls
	tcp     bool              // over TCP
	host    string            // own address, 127.0.0.1 if empty
	port    int               // own port, 0: any
	forever bool              // it takes calls until the test ends
	keys    map[string]string // [words] of the scenario
	timeout time.Duration     // 60 s if zero
	calls   int               // as many, ten begun in a second; 1 if zero
}

// sipp starts a scenario for one call.
func (s *server) sipp(sc scenario) *sipp {
	s.t.Helper()
	path := need(s.t, "sipp")
	if sc.port == 0 {
		sc.port = freePort(s.t)
	}
	if sc.timeout == 0 {
		sc.timeout = time.Minute
	}
	if sc.host == "" {
		sc.host = "127.0.0.1"
	}
	args := []string{
		"-sf", sc.file(s.t), "-i", sc.host, "-p", strconv.Itoa(sc.port), "-nostdin",
		"-mi", "127.0.0.1", "-mp", strconv.Itoa(mediaPort(s.t)), "-trace_err", "-error_file", "errors.log", "-trace_msg", "-message_file", "messages.log",
	}
	if sc.forever {
		args = append(args, "-deadcall_wait", "0")
	} else {
		calls := fmt.Sprint(max(sc.calls, 1))
		args = append(args, "-m", calls, "-l", calls, "-timeout", fmt.Sprint(int(sc.timeout.Seconds())), "-timeout_error")
	}
	if sc.tcp {
		args = append(args, "-t", "t1")
	}
	if sc.target != "" {
		args = append(args, "-s", sc.target, "-key", "caller", sc.caller, fmt.Sprintf("127.0.0.1:%d", s.sip))
	}
	return s.startSIPp(path, sc, args)
}

func (s *server) startSIPp(path string, sc scenario, args []string) *sipp {
	p := &sipp{t: s.t, host: sc.host, port: sc.port, log: &logBuffer{}, done: make(chan struct{})}
	p.cmd = exec.Command(path, args...)
	p.cmd.Dir = s.t.TempDir()
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	require.NoError(s.t, p.cmd.Start())
	go func() { p.cmd.Wait(); close(p.done) }()
	s.t.Cleanup(func() {
		p.kill()
		if s.t.Failed() {
			for _, name := range []string{"errors.log", "messages.log"} {
				data, _ := os.ReadFile(filepath.Join(p.cmd.Dir, name))
				s.t.Logf("%s, %s:\n%s", sc.name, name, data)
			}
		}
	})
	if sc.target == "" {
		p.bound()
	}
	return p
}

// bound waits until the port is taken, so that nothing is sent to it too early.
func (p *sipp) bound() {
	p.t.Helper()
	require.Eventually(p.t, func() bool { return taken(p.t, p.host, p.port) }, 10*time.Second, 20*time.Millisecond, "SIPp: %s", p.log)
}

// taken says whether somebody has a port for UDP. It asks the kernel: to try the port would take it from who is about to.
func taken(t *testing.T, host string, port int) bool {
	t.Helper()
	table, err := os.ReadFile("/proc/net/udp")
	require.NoError(t, err)
	ip := net.ParseIP(host).To4()
	return strings.Contains(string(table), fmt.Sprintf(": %02X%02X%02X%02X:%04X ", ip[3], ip[2], ip[1], ip[0], port))
}

// ok waits for the scenario to end as it was written.
func (p *sipp) ok() {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(90 * time.Second):
		p.t.Fatal("SIPp does not end")
	}
	require.Equal(p.t, 0, p.cmd.ProcessState.ExitCode(), "SIPp: %s", p.log)
}

// messages is what it has sent and received so far.
func (p *sipp) messages() string {
	p.t.Helper()
	data, err := os.ReadFile(filepath.Join(p.cmd.Dir, "messages.log"))
	require.NoError(p.t, err)
	return string(data)
}

func (p *sipp) kill() {
	select {
	case <-p.done:
	default:
		p.cmd.Process.Kill()
		<-p.done
	}
}

// mediaPort finds an even port with the three after it free, which is what SIPp takes.
func mediaPort(t *testing.T) int { return narrow.take(t) }
