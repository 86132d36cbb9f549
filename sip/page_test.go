package sip

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"
)

// site is an HTTP server whose visitors are browsers of a SIP server; ?as=1001 is a session of that device's.
type site struct {
	url   string
	http  *http.Client
	ended chan error // what ServeWebSocket returned
}

func openSite(t *testing.T, s *Server) site {
	t.Helper()
	site, server := newSite(t, s)
	server.Start()
	return site.at(server)
}

// openSecureSite opens one that speaks HTTPS.
func openSecureSite(t *testing.T, s *Server) site {
	t.Helper()
	site, server := newSite(t, s)
	server.StartTLS()
	return site.at(server)
}

func (s site) at(server *httptest.Server) site {
	s.url, s.http = server.URL, server.Client()
	return s
}

func newSite(t *testing.T, s *Server) (site, *httptest.Server) {
	t.Helper()
	ended := make(chan error, 1000)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		upgrader := ws.HTTPUpgrader{Protocol: func(name string) bool { return name == "sip" }}
		conn, _, _, err := upgrader.Upgrade(r, w)
		if err == nil {
			err = s.ServeWebSocket(context.WithoutCancel(r.Context()), conn, r.URL.Query().Get("as"))
		}
		ended <- err
	}))
	t.Cleanup(server.Close)
	return site{ended: ended}, server
}

// page is a browser's end of a connection, in the form of the connections that wires have.
type page struct {
	*websocket.Conn
	host     string
	got      chan []byte
	broken   error // once got is closed
	deadline time.Time
	pinged   *atomic.Int64
}

type pageAddr string

func (pageAddr) Network() string  { return "ws" }
func (a pageAddr) String() string { return string(a) }

// visit opens a page with a host of its own; device is whose session it has.
func (s site) visit(t *testing.T, host, device string) *wire {
	t.Helper()
	pinged := &atomic.Int64{}
	conn, res, err := websocket.Dial(t.Context(), s.url+"/sip?as="+device, &websocket.DialOptions{
		HTTPClient: s.http, Subprotocols: []string{"sip"},
		OnPingReceived: func(context.Context, []byte) bool { pinged.Add(1); return true },
	})
	require.NoError(t, err)
	require.Equal(t, "sip", res.Header.Get("Sec-WebSocket-Protocol"))
	conn.SetReadLimit(1 << 20)
	p := &page{Conn: conn, host: host, got: make(chan []byte, 100), pinged: pinged}
	go func() {
		defer close(p.got)
		for {
			var message []byte
			if _, message, p.broken = conn.Read(context.Background()); p.broken != nil {
				return
			}
			p.got <- message
		}
	}()
	t.Cleanup(func() {
		conn.CloseNow()
		for range p.got { //nolint:revive // to its end
		}
	})
	return &wire{t: t, conn: p, page: p}
}

func (p *page) ReadFrom(b []byte) (int, net.Addr, error) {
	timer := time.NewTimer(time.Until(p.deadline))
	defer timer.Stop()
	select {
	case message, ok := <-p.got:
		if !ok {
			return 0, nil, p.broken
		}
		return copy(b, message), nil, nil
	case <-timer.C:
		return 0, nil, os.ErrDeadlineExceeded
	}
}

func (p *page) WriteTo(b []byte, _ net.Addr) (int, error) {
	return len(b), p.Write(context.Background(), websocket.MessageText, b)
}

func (p *page) Close() error                      { return p.CloseNow() }
func (p *page) LocalAddr() net.Addr               { return pageAddr(p.host) }
func (p *page) SetReadDeadline(t time.Time) error { p.deadline = t; return nil }
func (p *page) SetWriteDeadline(time.Time) error  { return errors.ErrUnsupported }
func (p *page) SetDeadline(time.Time) error       { return errors.ErrUnsupported }

// closed reads on until the server closes, and gives its reason.
func (p *page) closed(t *testing.T) websocket.StatusCode {
	t.Helper()
	for {
		select {
		case _, ok := <-p.got:
			if !ok {
				return websocket.CloseStatus(p.broken)
			}
		case <-time.After(patienceInTests):
			require.FailNow(t, "the connection is still open")
		}
	}
}

// signUp registers a page that a session vouches for.
func (w *wire) signUp(user string, cseq int) {
	w.t.Helper()
	w.send(registration(user, cseq, "Expires: 600"))
	w.response(200)
}
