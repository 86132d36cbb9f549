package e2e

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// baresip is a softphone: an agent's, or a caller's.
type baresip struct {
	t    *testing.T
	dir  string
	log  *logBuffer
	cmd  *exec.Cmd
	done chan struct{}
	ctrl net.Conn
}

// softphone is what a baresip is to be like.
type softphone struct {
	user      string  // agent whom it registers as, or number that it calls from
	guest     bool    // registers nowhere
	manual    bool    // leaves a call ringing until it is told to accept
	hz        float64 // tone that it speaks
	transport string  // udp if empty
	codecs    string  // PCMA and PCMU if empty
	carriage  string  // mediaenc: srtp-mand, dtls_srtp; plain RTP if empty
	apart     bool    // RTCP on a port of its own (no rtcp-mux)
	ca        string  // file of the authority that vouches for the server, over TLS
	proxy     string  // that it sends everything by
	trace     bool    // its log has its SIP messages
}

const baresipModules = "/usr/lib/baresip/modules"

// baresip starts a softphone.
func (s *server) baresip(phone softphone) *baresip {
	s.t.Helper()
	path := need(s.t, "baresip")
	b := &baresip{t: s.t, dir: s.t.TempDir(), log: &logBuffer{}, done: make(chan struct{})}
	ctrl, low := freePort(s.t), freeRange(s.t)
	b.file("config", fmt.Sprintf(`
module_path %s
module g711.so
module g722.so
module srtp.so
module dtls_srtp.so
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
rtcp_mux %s
snd_path %s
`, baresipModules, ctrl, filepath.Join(b.dir, "player.wav"), toneWAV(s.t, phone.hz), filepath.Join(b.dir, "alert.wav"), low, low+100, map[bool]string{false: "yes", true: "no"}[phone.apart], b.dir))
	if phone.ca != "" {
		b.add("config", "sip_cafile "+phone.ca+"\n")
	}
	port := s.sip
	if phone.transport == "tls" {
		port = s.tls
	}
	b.file("accounts", phone.account(port))
	b.file("contacts", "")
	b.cmd = exec.Command(path, "-f", b.dir)
	if phone.trace {
		b.cmd.Args = append(b.cmd.Args, "-s")
	}
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

// account is the line of baresip's accounts for a server's port.
func (p softphone) account(port int) string {
	set := func(value, otherwise string) string {
		if value == "" {
			return otherwise
		}
		return value
	}
	line := fmt.Sprintf("<sip:%s@127.0.0.1:%d;transport=%s>;audio_codecs=%s",
		p.user, port, set(p.transport, "udp"), set(p.codecs, "PCMA/8000/1,PCMU/8000/1"))
	if p.carriage != "" {
		line += ";mediaenc=" + p.carriage
	}
	if p.proxy != "" {
		line += fmt.Sprintf(";outbound=%q", p.proxy)
	}
	if !p.manual {
		line += ";answermode=auto"
	}
	if p.guest {
		return line + ";regint=0\n"
	}
	return line + ";regint=120;auth_pass=" + password + "\n"
}

func (b *baresip) file(name, text string) {
	b.t.Helper()
	require.NoError(b.t, os.WriteFile(filepath.Join(b.dir, name), []byte(text), 0o600))
}

// add writes more into a file of its folder.
func (b *baresip) add(name, text string) {
	b.t.Helper()
	data, err := os.ReadFile(filepath.Join(b.dir, name))
	require.NoError(b.t, err)
	b.file(name, string(data)+text)
}

// command has baresip do something: accept, hold, resume, hangup; dial an address; sndcode, which presses keys.
func (b *baresip) command(name string, params ...string) {
	b.t.Helper()
	data, err := json.Marshal(map[string]string{"command": name, "params": strings.Join(params, " ")})
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

// kill ends the softphone as a dead battery does: nothing is said to anybody.
func (b *baresip) kill() {
	b.cmd.Process.Kill()
	<-b.done
}

func (b *baresip) stop() {
	if b.ctrl != nil {
		b.ctrl.Close()
	}
	select {
	case <-b.done:
	default:
		b.kill()
	}
	if b.t.Failed() {
		b.t.Logf("baresip:\n%s", b.log)
	}
}
