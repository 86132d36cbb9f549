package sip

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	patienceInTests = 5 * time.Second
	realm           = "threering"
	password        = "secret"
)

// directory is a Devices for tests: every name in devices has the password "secret".
type directory struct {
	devices map[string]Device
	trusted bool
}

func devices(names ...string) directory {
	d := directory{devices: map[string]Device{}}
	for _, name := range names {
		ha1 := name + ":" + realm + ":" + password
		short, long := md5.Sum([]byte(ha1)), sha256.Sum256([]byte(ha1))
		d.devices[name] = Device{Name: name, HA1MD5: hex.EncodeToString(short[:]), HA1SHA256: hex.EncodeToString(long[:])}
	}
	return d
}

func (d directory) trusting() directory { d.trusted = true; return d }

func (d directory) Device(name string) (Device, bool) { v, ok := d.devices[name]; return v, ok }
func (d directory) Trusted(netip.Addr) bool           { return d.trusted }

// paper is a Media that talks of nothing, and remembers what it was told.
type paper struct {
	refuse   atomic.Pointer[error]
	answered chan string // offers answered
	accepted chan string // answers accepted
}

func newPaper() *paper {
	return &paper{answered: make(chan string, 100), accepted: make(chan string, 100)}
}

func (p *paper) Offer() ([]byte, error) { return []byte("offer"), nil }

func (p *paper) Answer(offer []byte) ([]byte, error) {
	p.answered <- string(offer)
	return []byte("answer to " + string(offer)), p.verdict()
}

func (p *paper) Accept(answer []byte) error {
	p.accepted <- string(answer)
	return p.verdict()
}

// refuseAll makes Answer and Accept fail from now on.
func (p *paper) refuseAll() {
	err := errors.New("no common codec")
	p.refuse.Store(&err)
}

func (p *paper) verdict() error {
	if err := p.refuse.Load(); err != nil {
		return *err
	}
	return nil
}

// diary collects a leg's events.
type diary chan Event

func newDiary() diary { return make(diary, 100) }

func (d diary) note(e Event) { d <- e }

func (d diary) next(t *testing.T) Event {
	t.Helper()
	return receive(t, d)
}

// ended waits for Ended and checks that nothing comes after it.
func (d diary) ended(t *testing.T, l *Leg) Ended {
	t.Helper()
	for {
		if e, ok := d.next(t).(Ended); ok {
			<-l.done
			require.Empty(t, d, "events after Ended")
			gone(t, l)
			return e
		}
	}
}

// gone checks that nothing of a leg is left.
func gone(t *testing.T, l *Leg) {
	t.Helper()
	require.Nil(t, l.server.legs.find(l.id, l.tag))
	require.Error(t, l.ctx.Err())
	for _, a := range []*alarm{&l.retransmit, &l.deadline, &l.session} {
		require.Nil(t, a.timer, "a timer is still set")
	}
	require.False(t, l.box.post(func() {}))
}

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	return receiveWithin(t, from, patienceInTests)
}

func receiveWithin[T any](t *testing.T, from <-chan T, most time.Duration) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(most):
		require.FailNow(t, "nothing came")
		panic("unreachable")
	}
}

// serve runs a server until the test ends.
func serve(t *testing.T, c Config) *Server {
	t.Helper()
	if c.Listen == nil {
		c.Listen = []string{"udp://127.0.0.1:0", "tcp://127.0.0.1:0"}
	}
	if c.T1 == 0 {
		c.T1 = 50 * time.Millisecond
	}
	if testing.Verbose() {
		c.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelInfo}))
	}
	if c.Digests == nil {
		c.Digests = []string{"SHA-256", "MD5"}
	}
	s, err := Listen(c)
	require.NoError(t, err)
	stop, ended := serveUntil(s)
	t.Cleanup(func() {
		stop()
		require.NoError(t, receive(t, ended))
		require.Empty(t, s.legs.all())
		require.Empty(t, s.legs.peers, "addresses still let in")
	})
	return s
}

// inbox takes the incoming legs of a server.
type inbox struct {
	legs  chan *Leg
	media *paper
	diary diary
}

func newInbox() *inbox { return &inbox{make(chan *Leg, 10), newPaper(), newDiary()} }

func (b *inbox) incoming(l *Leg) {
	l.Attach(b.media, b.diary.note)
	b.legs <- l
}

func (b *inbox) next(t *testing.T) *Leg {
	t.Helper()
	return receive(t, b.legs)
}

// wire is a peer that writes its messages by hand.
type wire struct {
	t    *testing.T
	conn net.PacketConn
	to   net.Addr
	page *page // the browser that it is; nil: a phone on UDP
}

func newWire(t *testing.T, s *Server) *wire { t.Helper(); return newWireAt(t, s, "127.0.0.1") }

// newWireAt is a peer at another address of this machine's.
func newWireAt(t *testing.T, s *Server, host string) *wire {
	t.Helper()
	conn, err := net.ListenPacket("udp4", host+":0")
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return &wire{t: t, conn: conn, to: net.UDPAddrFromAddrPort(s.Addr("udp"))}
}

func (w *wire) addr() string { return w.conn.LocalAddr().String() }

func (w *wire) network() string {
	if w.page != nil {
		return "WS"
	}
	return "UDP"
}

// contact is where the wire says that it is called; a page has one name, whatever it is about.
func (w *wire) contact(user string) string {
	if w.page != nil {
		return "<sip:page@" + w.addr() + ";transport=ws>"
	}
	return "<sip:" + user + "@" + w.addr() + ">"
}

func (w *wire) write(text string) {
	w.t.Helper()
	_, err := w.conn.WriteTo([]byte(text), w.to)
	require.NoError(w.t, err)
}

// read is the next message.
func (w *wire) read() sipmsg.Message {
	w.t.Helper()
	require.NoError(w.t, w.conn.SetReadDeadline(time.Now().Add(patienceInTests)))
	buffer := make([]byte, 65536)
	n, _, err := w.conn.ReadFrom(buffer)
	require.NoError(w.t, err)
	msg, err := sipmsg.ParseMessage(buffer[:n])
	require.NoError(w.t, err, "%s", buffer[:n])
	return msg
}

// response reads on to a response with that status.
func (w *wire) response(code int) *sipmsg.Response {
	w.t.Helper()
	for {
		if res, ok := w.read().(*sipmsg.Response); ok {
			if res.StatusCode == code {
				return res
			}
			require.Less(w.t, res.StatusCode, 200, "want %d: %s", code, res)
		}
	}
}

// final reads on to a final response, whatever is repeated before it, and checks its status.
func (w *wire) final(code int) *sipmsg.Response {
	w.t.Helper()
	for {
		if res, ok := w.read().(*sipmsg.Response); ok && !res.IsProvisional() {
			require.Equal(w.t, code, res.StatusCode, "%s", res)
			return res
		}
	}
}

// request reads on to a request of that method.
func (w *wire) request(method sipmsg.RequestMethod) *sipmsg.Request {
	w.t.Helper()
	for {
		if req, ok := w.read().(*sipmsg.Request); ok && req.Method == method {
			return req
		}
	}
}

// silent checks that nothing has been sent here.
func (w *wire) silent() {
	w.t.Helper()
	require.NoError(w.t, w.conn.SetReadDeadline(time.Now().Add(10*time.Millisecond)))
	buffer := make([]byte, 65536)
	n, _, err := w.conn.ReadFrom(buffer)
	require.ErrorIs(w.t, err, os.ErrDeadlineExceeded, "%s", buffer[:n])
}

// letter is a request written by hand.
type letter struct {
	method  string
	uri     string
	from    string // user; "alice"
	to      string // user; "hotline"
	toTag   string
	fromTag string
	callID  string
	branch  string
	cseq    int
	headers []string
	body    string
	kind    string // Content-Type
}

func (w *wire) compose(l letter) string {
	orElse := func(s *string, standard string) {
		if *s == "" {
			*s = standard
		}
	}
	orElse(&l.from, "alice")
	orElse(&l.to, "hotline")
	orElse(&l.uri, "sip:"+l.to+"@127.0.0.1")
	orElse(&l.fromTag, "from-1")
	orElse(&l.callID, "call-1@"+w.addr())
	if l.cseq == 0 {
		l.cseq = 1
	}
	orElse(&l.branch, fmt.Sprintf("z9hG4bK-%s-%s-%d", l.callID, l.method, l.cseq))
	to := fmt.Sprintf("To: <sip:%s@127.0.0.1>", l.to)
	if l.toTag != "" {
		to += ";tag=" + l.toTag
	}
	lines := []string{
		l.method + " " + l.uri + " SIP/2.0",
		"Via: SIP/2.0/" + w.network() + " " + w.addr() + ";rport;branch=" + l.branch,
		fmt.Sprintf("From: \"A\" <sip:%s@127.0.0.1>;tag=%s", l.from, l.fromTag),
		to,
		"Call-ID: " + l.callID,
		fmt.Sprintf("CSeq: %d %s", l.cseq, l.method),
		"Contact: " + w.contact(l.from),
		"Max-Forwards: 70",
	}
	lines = append(lines, l.headers...)
	if l.body != "" {
		orElse(&l.kind, "application/sdp")
		lines = append(lines, "Content-Type: "+l.kind)
	}
	lines = append(lines, fmt.Sprintf("Content-Length: %d", len(l.body)), "", l.body)
	return strings.Join(lines, "\r\n")
}

func (w *wire) send(l letter) { w.t.Helper(); w.write(w.compose(l)) }

// reply answers a request by hand.
func (w *wire) reply(req *sipmsg.Request, code int, reason, toTag, body string, headers ...string) {
	w.t.Helper()
	var lines []string
	lines = append(lines, fmt.Sprintf("SIP/2.0 %d %s", code, reason))
	for _, name := range []string{"Via", "Record-Route", "From", "Call-ID", "CSeq"} {
		for _, h := range req.GetHeaders(name) {
			lines = append(lines, name+": "+h.Value())
		}
	}
	to := "To: " + req.To().Value()
	if toTag != "" && !req.To().Params.Has("tag") {
		to += ";tag=" + toTag
	}
	lines = append(lines, to, "Contact: "+w.contact("phone"))
	lines = append(lines, headers...)
	if body != "" {
		lines = append(lines, "Content-Type: application/sdp")
	}
	lines = append(lines, fmt.Sprintf("Content-Length: %d", len(body)), "", body)
	w.write(strings.Join(lines, "\r\n"))
}

// call takes a hand-written call of the wire's through to Answered.
func (w *wire) call(b *inbox, l letter) (*Leg, string) {
	w.t.Helper()
	l.method = "INVITE"
	if l.body == "" {
		l.body = "hello"
	}
	w.send(l)
	leg := b.next(w.t)
	leg.Answer()
	res := w.response(200)
	tag := tagOf(res.To().Params)
	l.method, l.toTag, l.body, l.branch, l.headers = "ACK", tag, "", "", nil
	w.send(l)
	require.Equal(w.t, Answered{}, b.diary.next(w.t))
	return leg, tag
}

// dialTCP connects to a server.
func dialTCP(t *testing.T, s *Server) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", s.Addr("tcp").String())
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patienceInTests)))
	return conn
}

// serveUntil runs a server until stop is called.
func serveUntil(s *Server) (stop func(), ended chan error) {
	ctx, stop := context.WithCancel(context.Background())
	ended = make(chan error, 1)
	go func() { ended <- s.Serve(ctx) }()
	return stop, ended
}

func replace(text, old, with string) string    { return strings.Replace(text, old, with, 1) }
func replaceAll(text, old, with string) string { return strings.ReplaceAll(text, old, with) }

func udpAddr(text string) net.Addr { return net.UDPAddrFromAddrPort(netip.MustParseAddrPort(text)) }

func tcpAddr(text string) net.Addr { return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(text)) }
