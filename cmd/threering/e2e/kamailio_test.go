package e2e

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// edgeHost is where Kamailio sits, on this machine but not where the center is.
const edgeHost = "127.0.0.5"

// kamailio runs an edge proxy in front of the center, and gives its port.
func (s *server) kamailio() int {
	s.t.Helper()
	config, err := filepath.Abs("../../../testdata/kamailio/edge.cfg")
	require.NoError(s.t, err)
	port, log := freePort(s.t), &logBuffer{}
	cmd := exec.Command(need(s.t, "kamailio"), "-DD", "-E", "-f", config, "-m", "32", "-M", "4", "-Y", s.t.TempDir(),
		"-A", fmt.Sprintf("EDGE=udp:%s:%d", edgeHost, port),
		"-A", fmt.Sprintf("CENTER=\"sip:127.0.0.1:%d\"", s.sip), "-A", "CENTER_HOST=\"127.0.0.1\"",
		"-A", fmt.Sprintf("CENTER_PORT=%d", s.sip))
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // it is several processes
	require.NoError(s.t, cmd.Start())
	done := make(chan struct{})
	go func() { cmd.Wait(); close(done) }()
	s.t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-done
		if s.t.Failed() {
			s.t.Logf("kamailio:\n%s", log)
		}
	})
	require.Eventually(s.t, func() bool { return taken(s.t, edgeHost, port) }, 10*time.Second, 50*time.Millisecond, "kamailio: %s", log)
	return port
}

// An agent's phone registers through the proxy and is called through it, a caller calls through it; either side hangs up.
func TestBehindAnEdgeProxy(t *testing.T) {
	s := start(t)
	edge := s.kamailio()
	proxy := fmt.Sprintf("sip:%s:%d", edgeHost, edge)
	s.straight(nil, "")
	sup := s.as("sup")
	phone := s.baresip(softphone{user: "1001", hz: agentHz, proxy: proxy})
	caller := s.baresip(softphone{user: zhang, guest: true, hz: callerHz, proxy: proxy})
	require.Eventually(t, func() bool { return sup.agent("1001").Reachable }, 10*time.Second, 50*time.Millisecond)
	s.as("1001")
	events := sup.events()
	for _, hangsUp := range []struct {
		by   string
		does *baresip
	}{{"caller", caller}, {"agent", phone}} {
		caller.command("dial", s.address(numberOf(0)))
		talking := await(t, events, "call.talk.started", 20*time.Second)
		wait(t, talking.At.Add(3*time.Second))
		hangsUp.does.command("hangup")
		await(t, events, "call.ended", 5*time.Second)
		d := sup.newest(filed, "answered", 5*time.Second)
		require.Equal(t, hangsUp.by, endedBy(d))
		heardBoth(t, s, d)
		require.GreaterOrEqual(t, seconds(phone.heard(), callerHz), 1.0)
		require.GreaterOrEqual(t, seconds(caller.heard(), agentHz), 1.0)
		s.requireEdge(d, edge)
		sup.until("1001", "available", 10*time.Second)
	}
}

// requireEdge checks that a call's messages went by the proxy: it is in the caller's route set, and in the way to the phone.
func (s *server) requireEdge(d callDetail, port int) {
	s.t.Helper()
	s.messages(d, "BYE")
	drawn, err := s.command("trace", d.Call.ID, "--messages")
	require.NoError(s.t, err, drawn)
	at := fmt.Sprintf("%s:%d", edgeHost, port)
	require.Contains(s.t, drawn, "Record-Route: <sip:"+at)
	require.Contains(s.t, drawn, " Route: <sip:"+at+";lr;received=", "the path that the phone registered by")
}
