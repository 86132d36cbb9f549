package e2e

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// linphone is an agent's phone, linphonec, which is told what to do by lines as a person would type them. It answers by itself.
type linphone struct {
	t     *testing.T
	dir   string
	log   *logBuffer
	cmd   *exec.Cmd
	done  chan struct{}
	lines io.Writer
}

// linphone starts the phone of an agent, which speaks a tone. ca is the file of who vouches for the server: then it speaks
// TLS, and SRTP with keys from the SDP. Names alone can stand in the certificates that it knows, not addresses.
func (s *server) linphone(user string, hz float64, ca string) *linphone {
	s.t.Helper()
	port, transport, encryption := s.sip, "udp", "none"
	if ca != "" {
		port, transport, encryption = s.tls, "tls", "srtp"
	}
	l := &linphone{t: s.t, dir: s.t.TempDir(), log: &logBuffer{}, done: make(chan struct{})}
	rc := filepath.Join(l.dir, "linphonerc")
	require.NoError(s.t, os.WriteFile(rc, fmt.Appendf(nil, `[sip]
sip_port=%d
sip_tcp_port=0
sip_tls_port=-1
bind_address=127.0.0.1
media_encryption=%s
root_ca=%s
verify_server_cn=0
default_proxy=0
guess_hostname=0
[rtp]
audio_rtp_port=%d
audio_adaptive_jitt_comp_enabled=1
[net]
mtu=1300
firewall_policy=0
[proxy_0]
reg_proxy=<sip:127.0.0.1:%d;transport=%s>
reg_identity=sip:%s@127.0.0.1
reg_expires=120
reg_sendregister=1
publish=0
[auth_info_0]
username=%s
userid=%s
passwd=%s
`, freePort(s.t), encryption, ca, freeRange(s.t), port, transport, user, user, user, password), 0o600))
	require.NoError(s.t, os.MkdirAll(filepath.Join(l.dir, ".local", "share", "linphone"), 0o700))
	l.cmd = exec.Command(need(s.t, "linphonec"), "-c", rc, "-a", "-l", filepath.Join(l.dir, "linphone.log"), "-d", "5")
	l.cmd.Env = append(os.Environ(), "HOME="+l.dir)
	l.cmd.Dir = l.dir
	l.cmd.Stdout, l.cmd.Stderr = l.log, l.log
	var err error
	l.lines, err = l.cmd.StdinPipe()
	require.NoError(s.t, err)
	require.NoError(s.t, l.cmd.Start())
	go func() { l.cmd.Wait(); close(l.done) }()
	s.t.Cleanup(l.stop)
	l.says("soundcard use files")
	l.says("play " + toneWAV(s.t, hz))
	l.says("record " + filepath.Join(l.dir, "heard.wav"))
	return l
}

// says types a line.
func (l *linphone) says(line string) {
	l.t.Helper()
	_, err := fmt.Fprintln(l.lines, line)
	require.NoError(l.t, err)
}

// shows waits until it has printed something.
func (l *linphone) shows(text string) {
	l.t.Helper()
	require.Eventually(l.t, func() bool { return strings.Contains(l.log.String(), text) }, 10*time.Second, 20*time.Millisecond, "linphonec: no %q", text)
}

// heard gives what it received.
func (l *linphone) heard() []int16 {
	l.t.Helper()
	data, err := os.ReadFile(filepath.Join(l.dir, "heard.wav"))
	require.NoError(l.t, err)
	return samples(l.t, data)[0]
}

func (l *linphone) stop() {
	l.cmd.Process.Kill()
	<-l.done
	if l.t.Failed() {
		data, _ := os.ReadFile(filepath.Join(l.dir, "linphone.log"))
		l.t.Logf("linphonec:\n%s\n%s", l.log, data[max(0, len(data)-100000):])
	}
}

// Linphone registers, answers, holds, resumes, and puts the caller through.
func TestLinphoneHoldsAndPutsThrough(t *testing.T) {
	s := start(t)
	s.straight(nil, "")
	phone := s.linphone("1001", agentHz, "")
	h := s.meet(softphone{})
	phone.says("pause")
	h.lasts("call.talk.held", 0)
	phone.shows("is now paused")
	phone.says("resume 1")
	h.lasts("call.talk.resumed", 2*time.Second)
	phone.says("transfer " + h.address("1002"))
	h.lasts("call.transfer.done", 0)
	h.lasts("call.talk.started", 3*time.Second)
	h.caller.command("hangup")
	h.requireMoved()
	require.GreaterOrEqual(t, seconds(phone.heard(), callerHz), 1.0, "it heard the caller")
}

// Linphone, over TLS and with SRTP, puts the caller through after it has spoken with the colleague (REFER with Replaces).
func TestLinphonePutsThroughAfterAsking(t *testing.T) {
	s, ca := secure(t)
	s.straight(nil, "")
	phone := s.linphone("1001", agentHz, ca)
	h := s.meet(softphone{})
	phone.says("pause")
	h.lasts("call.talk.held", 0)
	phone.shows("is now paused")
	phone.says("call " + h.address("1002"))
	h.lasts("call.consult.started", 0)
	h.lasts("call.talk.started", 2*time.Second)
	phone.says("transfer 1 --to-call 2")
	h.lasts("call.transfer.done", 3*time.Second)
	h.caller.command("hangup")
	h.requireMoved()
	requireSRTP(t, h)
}

// requireSRTP checks that the offers and answers of 1001's phone have keys, in its own call and in the one that it was offered.
func requireSRTP(t *testing.T, h *house) {
	t.Helper()
	d := h.sup.newest(filed, "answered", time.Second)
	drawn, err := h.command("trace", d.Call.ID, "--messages")
	require.NoError(t, err, drawn)
	require.GreaterOrEqual(t, strings.Count(drawn, " RTP/SAVP "), 2, "offer and answer")
	require.NotContains(t, drawn, "inline:", "keys are blanked")
}
