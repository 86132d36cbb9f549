package e2e

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// strict has the center trust this test's own address alone, so that other addresses of this machine are strangers.
func (s *server) strict() {
	s.t.Helper()
	text, err := s.command("export")
	require.NoError(s.t, err)
	require.Contains(s.t, text, "127.0.0.0/8")
	s.apply(strings.Replace(text, "127.0.0.0/8", "127.0.0.1/32", 1))
}

// attack runs one of sipvicious's tools, from an address if it can be told one, and gives what it says.
func (s *server) attack(tool, from string, args ...string) string {
	s.t.Helper()
	if from != "" {
		args = append(args, "-b", from)
	}
	args = append(args, "-p", fmt.Sprint(s.sip), "-P", fmt.Sprint(freePort(s.t)), "127.0.0.1")
	cmd := exec.CommandContext(s.t.Context(), need(s.t, tool), args...)
	cmd.Dir = s.t.TempDir()
	cmd.Env = append(os.Environ(), "HOME="+cmd.Dir)
	var said logBuffer
	cmd.Stdout, cmd.Stderr = &said, &said
	require.NoError(s.t, cmd.Start())
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(8 * time.Second): // some of them would ask for ever
		cmd.Process.Kill()
		<-ended
	}
	return said.String()
}

type gateView struct {
	Bans   []ban
	Turned struct{ Dropped, Banned int }
}

type ban struct{ Address, Device, Why string }

// Scanners and guessers learn nothing and are shut out, while a call goes on, whose messages can be looked at afterwards.
func TestScannersLearnNothingAndCallsGoOn(t *testing.T) {
	for _, tool := range []string{"svmap", "svwar", "svcrack"} {
		need(t, tool)
	}
	s := start(t)
	s.strict()
	s.brief()
	s.baresip(softphone{user: "1001", hz: agentHz})
	sup := s.as("sup")
	require.Eventually(t, func() bool { return sup.agent("1001").Reachable }, 10*time.Second, 50*time.Millisecond)
	events := s.as("1001").events()
	call := s.sipp(caller(t, "1", 16*time.Second))
	await(t, events, "call.talk.started", 30*time.Second)

	words := filepath.Join(t.TempDir(), "words")
	var list strings.Builder
	for n := range 60 {
		fmt.Fprintf(&list, "guess-%d\n", n)
	}
	list.WriteString(password + "\n")
	require.NoError(t, os.WriteFile(words, []byte(list.String()), 0o600))
	said := make(chan string, 3)
	go func() { said <- s.attack("svmap", "127.0.0.65") }()
	go func() { said <- s.attack("svwar", "", "-e", "900-1100", "--force") }()
	go func() { said <- s.attack("svcrack", "", "-u", "1001", "-d", words) }()
	for range 3 {
		text := <-said
		require.NotContains(t, text, password)
		require.NotContains(t, text, "| 1001", "it knows a user")
		require.NotContains(t, text, "Threering", "it knows what is here")
	}

	var gate gateView
	sup.do("GET", "/api/v1/gate", nil, &gate)
	why := map[string]string{}
	for _, b := range gate.Bans {
		why[b.Address] = b.Why
	}
	// svwar and svcrack cannot be told an address: they sit where the phone and the trunk are, and one name alone is shut there.
	require.Equal(t, "password", why["127.0.0.1"], "%+v", gate)
	require.Equal(t, "1001", gate.Bans[slices.IndexFunc(gate.Bans, func(b ban) bool { return b.Address == "127.0.0.1" })].Device)
	require.NotZero(t, gate.Turned.Banned)
	sup.do("DELETE", "/api/v1/gate/bans/127.0.0.1", nil, nil)
	call.ok()

	done := sup.newest(filed, "answered", 10*time.Second)
	for _, leg := range done.of("leg.measured") {
		require.Zero(t, leg.Quality.Received.Lost, "%+v", leg)
	}
	var drawn string
	require.Eventually(t, func() bool {
		var err error
		drawn, err = s.command("trace", done.Call.ID, "--messages")
		return err == nil && strings.Contains(drawn, "BYE")
	}, 10*time.Second, 200*time.Millisecond, "%s", &s.log)
	for _, what := range []string{"threering", "1001", "INVITE (SDP)", "180 Ringing", "200 OK (SDP)", "ACK", "m=audio"} {
		require.Contains(t, drawn, what)
	}
}

// invite sends an INVITE by hand and gives the first line of what comes back.
func (s *server) invite() string {
	s.t.Helper()
	conn, err := net.Dial("udp", fmt.Sprintf("127.0.0.1:%d", s.sip))
	require.NoError(s.t, err)
	defer conn.Close()
	at := conn.LocalAddr()
	_, err = fmt.Fprintf(conn, "INVITE sip:400@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP %[1]s;rport;branch=z9hG4bK-late\r\nMax-Forwards: 70\r\n"+
		"From: <sip:13900139000@%[1]s>;tag=late\r\nTo: <sip:400@127.0.0.1>\r\nCall-ID: late@%[1]s\r\nCSeq: 1 INVITE\r\nContact: <sip:x@%[1]s>\r\nContent-Length: 0\r\n\r\n", at)
	require.NoError(s.t, err)
	require.NoError(s.t, conn.SetReadDeadline(time.Now().Add(5*time.Second)))
	buffer := make([]byte, 2048)
	n, err := conn.Read(buffer)
	require.NoError(s.t, err)
	line, _, _ := strings.Cut(string(buffer[:n]), "\r\n")
	return line
}

// A server that is asked to go lets calls in progress end, and takes no new ones.
func TestAServerThatIsAskedToGoDrains(t *testing.T) {
	s := start(t, "THREERING_SIP_DRAIN=40s")
	s.brief()
	s.baresip(softphone{user: "1001", hz: agentHz})
	sup := s.as("sup")
	require.Eventually(t, func() bool { return sup.agent("1001").Reachable }, 10*time.Second, 50*time.Millisecond)
	events := s.as("1001").events()
	call := s.sipp(caller(t, "1", 10*time.Second))
	await(t, events, "call.talk.started", 30*time.Second)

	require.NoError(t, s.cmd.Process.Signal(syscall.SIGTERM))
	require.Eventually(t, func() bool { return !s.ready() }, 5*time.Second, 20*time.Millisecond)
	require.Equal(t, "SIP/2.0 503 Service Unavailable", s.invite())
	call.ok()
	select {
	case <-s.done:
	case <-time.After(15 * time.Second):
		t.Fatal("it does not go when the last call has ended")
	}
	require.Equal(t, 0, s.cmd.ProcessState.ExitCode(), "%s", s.log)
}
