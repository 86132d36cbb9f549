//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"threering/center"
	"threering/cmd/internal/bench"
	"threering/config"
	"threering/store"
)

const (
	secret     = "benchmark"
	realm      = "threering"
	supervisor = "supervisor"
)

// document is the center: 400 plays a greeting, 401 the same again and again. Only this process's own address
// is a trunk's.
func document(phones int) string {
	var text strings.Builder
	text.WriteString(`center: {name: Benchmark, time_zone: UTC, language: en, country: CN}
trusted: [127.0.0.1/32]
numbers:
  - {number: "400", flow: greeting}
  - {number: "401", flow: long}
flows:
  greeting: {start: play, steps: {play: {play: [en/welcome], hangup: normal}}}
  long: {start: play, steps: {play: {play: [`)
	text.WriteString(strings.TrimSuffix(strings.Repeat("en/welcome, ", 200), ", "))
	text.WriteString(`], hangup: normal}}}
people:
  - {id: supervisor, name: Supervisor, role: supervisor}
`)
	for n := range phones {
		fmt.Fprintf(&text, "  - {id: %q, name: Phone, role: agent}\n", name(n))
	}
	return text.String()
}

// furnish makes the center in a folder. Its so many phones may register, and the supervisor sign in.
func furnish(ctx context.Context, dir, document string, phones int) error {
	db, err := store.Open(ctx, filepath.Join(dir, "threering.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	c, err := center.Open(ctx, center.Config{DB: db})
	if err != nil {
		return err
	}
	doc, err := center.Check("bench.yaml", []byte(document))
	if err != nil {
		return err
	}
	if _, err := c.Apply(ctx, doc); err != nil {
		return err
	}
	if err := c.SetPassword(ctx, supervisor, secret); err != nil {
		return err
	}
	secrets := make(map[string]string, phones)
	for n := range phones {
		secrets[name(n)] = secret
	}
	return c.SetDeviceSecrets(ctx, secrets, realm)
}

// A server is the process under test.
type server struct {
	command *exec.Cmd
	sip     netip.AddrPort
	http    string
	dir     string
	began   time.Time
}

// start runs the server on its core in an empty folder and waits until it is ready.
func (p *plan) start(ctx context.Context, phones int) (*server, error) {
	return p.open(ctx, document(phones), phones)
}

// open starts it with a center of its own.
func (p *plan) open(ctx context.Context, document string, phones int) (*server, error) {
	dir, err := os.MkdirTemp("", "benchsip")
	if err != nil {
		return nil, err
	}
	s := &server{dir: dir, began: time.Now()}
	if err := errors.Join(furnish(ctx, dir, document, phones), s.run(ctx, p.binary, p.core, p.loadCore)); err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("starting the server: %w", err)
	}
	return s, nil
}

func (s *server) run(ctx context.Context, binary string, core, back int) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	s.sip = netip.AddrPortFrom(bench.Loopback, port)
	s.http = fmt.Sprintf("127.0.0.1:%d", port)
	s.command = exec.CommandContext(ctx, binary, "serve")
	s.command.Dir = s.dir
	ports := config.PortRange{Low: freeFrom(10_000), High: 31_999} // below those that the kernel gives to others
	s.command.Env = append(os.Environ(), "THREERING_DATA_DIR="+s.dir, "THREERING_SIP_LISTEN=udp://"+s.sip.String(),
		"THREERING_HTTP_LISTEN="+s.http, fmt.Sprintf("THREERING_RTP_PORTS=%d-%d", ports.Low, ports.High), "THREERING_LOG_LEVEL=warn",
		"THREERING_RTP_SILENCE=0s", // callers here only listen
		"THREERING_SIP_DRAIN=0s", "THREERING_SIP_REALM="+realm)
	s.command.Stderr = os.Stderr
	runtime.LockOSThread() // a child has the cores of the thread that starts it
	defer runtime.UnlockOSThread()
	err = bench.Pin(core)
	if err == nil {
		err = s.command.Start()
	}
	if err := errors.Join(err, bench.Pin(back)); err != nil {
		return err
	}
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(50 * time.Millisecond) {
		if res, err := http.Get("http://" + s.http + "/readyz"); err == nil {
			io.Copy(io.Discard, res.Body)
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	s.stop()
	return errors.New("it is not ready after half a minute")
}

func (s *server) stop() {
	_ = s.command.Process.Signal(syscall.SIGTERM) // one that has gone needs no signal
	timer := time.AfterFunc(15*time.Second, func() { _ = s.command.Process.Kill() })
	_ = s.command.Wait()
	timer.Stop()
	os.RemoveAll(s.dir)
}

// freeFrom is the first even UDP port from one on that nobody has: that of all browsers.
func freeFrom(port int) int {
	for ; port < 20_000; port += 2 {
		if conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: bench.Loopback.AsSlice(), Port: port}); err == nil {
			conn.Close()
			break
		}
	}
	return port
}

func freePort() (uint16, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).AddrPort().Port(), nil
}

// cpu is the user and system time that the server has taken; 0 where it has gone.
func (s *server) cpu() time.Duration {
	used, _ := bench.CPU(s.command.Process)
	return used
}

// resident is how much memory the server has, in MiB; 0 where it has gone.
func (s *server) resident() float64 {
	bytes, _ := bench.Resident(s.command.Process.Pid)
	return float64(bytes) / (1 << 20)
}
