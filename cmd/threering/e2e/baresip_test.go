package e2e

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// baresip is an agent's softphone.
type baresip struct {
	t    *testing.T
	dir  string
	log  *logBuffer
	cmd  *exec.Cmd
	done chan struct{}
	ctrl net.Conn
}

const baresipModules = "/usr/lib/baresip/modules"

// baresip starts a softphone that registers as an agent and speaks a tone; answer is manual or auto.
func (s *server) baresip(agent, answer string, hz float64, transport string) *baresip {
	s.t.Helper()
	path := need(s.t, "baresip")
	b := &baresip{t: s.t, dir: s.t.TempDir(), log: &logBuffer{}, done: make(chan struct{})}
	ctrl := freePort(s.t)
	b.file("config", fmt.Sprintf(`
module_path %s
module g711.so
module aufile.so
module sndfile.so
module_tmp account.so
module_app menu.so
module ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:%d
net_interface 127.0.0.1
audio_player aufile,%s
audio_source aufile,%s
audio_alert aufile,%s
audio_srate 8000
ausrc_srate 8000
auplay_srate 8000
rtp_ports %d-%d
snd_path %s
`, baresipModules, ctrl, filepath.Join(b.dir, "player.wav"), toneWAV(s.t, hz), filepath.Join(b.dir, "alert.wav"), freeRange(s.t), ranges.next+100, b.dir))
	b.file("accounts", fmt.Sprintf("<sip:%s@127.0.0.1:%d;transport=%s>;auth_pass=%s;answermode=%s;regint=120;audio_codecs=PCMA/8000/1,PCMU/8000/1\n",
		agent, s.sip, transport, password, answer))
	b.file("contacts", "")
	b.cmd = exec.Command(path, "-f", b.dir)
	b.cmd.Stdout, b.cmd.Stderr = b.log, b.log
	require.NoError(s.t, b.cmd.Start())
	go func() { b.cmd.Wait(); close(b.done) }()
	s.t.Cleanup(b.stop)
	require.Eventually(s.t, func() bool {
		var err error
		b.ctrl, err = net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", ctrl))
		return err == nil
	}, 10*time.Second, 50*time.Millisecond, "baresip: %s", b.log)
	return b
}

func (b *baresip) file(name, text string) {
	b.t.Helper()
	require.NoError(b.t, os.WriteFile(filepath.Join(b.dir, name), []byte(text), 0o600))
}

// command has baresip do something: accept, hold, resume, hangup.
func (b *baresip) command(name string) {
	b.t.Helper()
	data, err := json.Marshal(map[string]string{"command": name})
	require.NoError(b.t, err)
	_, err = fmt.Fprintf(b.ctrl, "%d:%s,", len(data), data) // a netstring
	require.NoError(b.t, err)
}

// heard gives what the softphone received in its calls so far.
func (b *baresip) heard() []int16 {
	b.t.Helper()
	files, err := filepath.Glob(filepath.Join(b.dir, "dump-*-dec.wav"))
	require.NoError(b.t, err)
	require.NotEmpty(b.t, files, "baresip kept no dump: %s", b.log)
	data, err := os.ReadFile(files[len(files)-1])
	require.NoError(b.t, err)
	return samples(b.t, data)[0]
}

func (b *baresip) stop() {
	if b.ctrl != nil {
		b.ctrl.Close()
	}
	select {
	case <-b.done:
	default:
		b.cmd.Process.Kill()
		<-b.done
	}
	if b.t.Failed() {
		b.t.Logf("baresip:\n%s", b.log)
	}
}
