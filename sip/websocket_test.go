package sip

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/gobwas/ws"
	"github.com/icholy/digest"
	"github.com/stretchr/testify/require"

	sipmsg "github.com/emiago/sipgo/sip"
	"threering/media"
	"threering/store/storetest"
)

func TestABrowserRegistersByItsSession(t *testing.T) {
	s, changes, _ := registrarFor(t, Config{}, "1001", "1002")
	site := openSite(t, s)
	w := site.visit(t, "a.invalid", "1001")
	require.Equal(t, media.Plain, s.Carriage("1001"))
	w.send(registration("1001", 1, "Expires: 600"))
	require.Contains(t, w.response(200).Contact().Value(), "a.invalid;transport=ws>;expires=600")
	require.Equal(t, reached{"1001", true}, receive(t, changes))
	require.Equal(t, media.Browser, s.Carriage("1001"))

	w.send(registration("1002", 2))
	w.response(403)
	w.send(registration("nobody", 3))
	w.response(403)
	w.send(registration("1001", 4, "Expires: 59"))
	w.response(423)
	require.Empty(t, changes)

	require.NoError(t, w.page.Conn.Close(websocket.StatusNormalClosure, ""))
	require.Equal(t, reached{"1001", false}, receive(t, changes))
	require.NoError(t, receive(t, site.ended))
	require.False(t, s.Reachable("1001"))
	require.Eventually(t, func() bool { return s.transport.Pool("ws").Size() == 0 }, patienceInTests, time.Millisecond) // the library does so after it has told us
	_, err := s.Dial("1001", Dial{Media: newPaper(), Notify: newDiary().note})
	require.ErrorIs(t, err, ErrUnreachable)
}

func TestABrowserRegistersByPassword(t *testing.T) {
	s, changes, _ := registrarFor(t, Config{}, "1001")
	w := openSite(t, s).visit(t, "a.invalid", "")
	w.send(registration("1001", 1))
	auth := credentials(t, w.response(401), "MD5", digest.Options{Method: "REGISTER", Username: "1001", Password: "guess"})
	w.send(registration("1001", 2, auth))
	w.response(403)
	w.send(letter{method: "OPTIONS", from: "1001", callID: "early"})
	w.silent()
	require.Equal(t, 200, w.register("1001", 4, "Expires: 600").StatusCode)
	require.Equal(t, reached{"1001", true}, receive(t, changes))
	w.send(letter{method: "OPTIONS", from: "1001"})
	require.True(t, w.response(200).Via().Params.Has("received"))
}

func TestCallsToAndFromABrowser(t *testing.T) {
	b := newInbox()
	s, _, _ := registrarFor(t, Config{Incoming: b.incoming}, "1001", "1002")
	w := openSite(t, s).visit(t, "a.invalid", "1001")
	leg, _ := w.call(b, letter{from: "1001", callID: "out"}) // before it has registered
	require.Equal(t, "1001", leg.From().Device)
	leg.Hangup(Reason{})
	w.reply(w.request(sipmsg.BYE), 200, "OK", "", "")
	b.diary.ended(t, leg)

	w.signUp("1001", 1)
	d := newDiary()
	leg, err := s.Dial("1001", Dial{From: "10086", FromName: "移动", Media: newPaper(), Notify: d.note})
	require.NoError(t, err)
	invite := w.request(sipmsg.INVITE)
	require.Equal(t, "a.invalid", invite.Recipient.Host)
	require.Equal(t, "WS", invite.Via().Transport)
	require.Equal(t, "127.0.0.1", invite.Contact().Address.Host)
	w.reply(invite, 180, "Ringing", "a", "")
	w.reply(invite, 200, "OK", "a", "answer")
	w.request(sipmsg.ACK)
	require.Equal(t, Ringing{Code: 180}, d.next(t))
	require.Equal(t, Answered{}, d.next(t))
	w.send(letter{method: "BYE", callID: leg.ID(), fromTag: "a", toTag: leg.tag, to: "10086", from: "1001"})
	w.response(200)
	require.Equal(t, 200, d.ended(t, leg).Code)
}

// A proxy hands on everybody's connection from an address that may well be trusted.
func TestABrowserIsNotTrustedForItsAddress(t *testing.T) {
	b := newInbox()
	s := serve(t, Config{Devices: devices("1001", "1002").trusting(), Incoming: b.incoming})
	site := openSite(t, s)
	own := site.visit(t, "a.invalid", "1001")
	for _, from := range []string{"1002", "13800000001"} {
		own.send(letter{method: "INVITE", from: from, callID: from, body: "x"})
		own.response(403)
	}
	w := site.visit(t, "b.invalid", "")
	for _, from := range []string{"13800000001", "1001"} {
		w.send(letter{method: "INVITE", from: from, callID: from, body: "x"})
		w.response(401)
	}
	invite := letter{method: "INVITE", from: "1001", callID: "proven", body: "x"}
	w.send(invite)
	auth := credentials(t, w.response(401), "MD5", digest.Options{Method: "INVITE", Username: "1001", Password: password})
	invite.cseq, invite.headers = 2, []string{auth}
	w.send(invite)
	leg := b.next(t)
	require.Equal(t, "1001", leg.From().Device)
	leg.Reject(603, "Decline")
	w.response(603)
	b.diary.ended(t, leg)
	require.Empty(t, b.legs)
}

// talkWith takes a call to a page through to Answered.
func talkWith(w *wire, s *Server, device string) (*Leg, diary) {
	w.t.Helper()
	d := newDiary()
	leg, err := s.Dial(device, Dial{From: "10086", Media: newPaper(), Notify: d.note})
	require.NoError(w.t, err)
	w.reply(w.request(sipmsg.INVITE), 200, "OK", "a", "answer")
	w.request(sipmsg.ACK)
	require.Equal(w.t, Answered{}, d.next(w.t))
	return leg, d
}

func TestAPageThatIsLoadedAnewHearsOfItsOldTalk(t *testing.T) {
	s, changes, _ := registrarFor(t, Config{}, "1001")
	site := openSite(t, s)
	w := site.visit(t, "a.invalid", "1001")
	w.signUp("1001", 1)
	require.Equal(t, reached{"1001", true}, receive(t, changes))
	leg, d := talkWith(w, s, "1001")
	w.page.CloseNow()
	require.Equal(t, reached{"1001", false}, receive(t, changes))
	require.Equal(t, Stranded{}, d.next(t))
	told := make(chan error, 1)
	leg.Reoffer(func(err error) { told <- err })
	require.Error(t, receive(t, told), "there is nobody to send it to")

	w = site.visit(t, "b.invalid", "1001")
	w.signUp("1001", 1)
	require.Equal(t, reached{"1001", true}, receive(t, changes))
	require.Equal(t, Rejoined{Same: false}, d.next(t))
	leg.Hangup(Reason{})
	bye := w.request(sipmsg.BYE)
	require.Equal(t, leg.ID(), bye.CallID().Value())
	w.reply(bye, 481, "Call/Transaction Does Not Exist", "", "")
	require.Equal(t, 200, d.ended(t, leg).Code)
}

func TestALegIsStrandedUntilItsPageIsBackOrItIsHungUp(t *testing.T) {
	s, _, _ := registrarFor(t, Config{}, "1001")
	site := openSite(t, s)
	a := site.visit(t, "a.invalid", "1001")
	a.signUp("1001", 1)
	leg, d := talkWith(a, s, "1001")
	a.page.CloseNow()
	require.Equal(t, Stranded{}, d.next(t))
	for _, host := range []string{"b.invalid", "c.invalid"} { // loaded anew, and again
		w := site.visit(t, host, "1001")
		w.signUp("1001", 1)
		w.signUp("1001", 2)
		require.Equal(t, Rejoined{Same: false}, d.next(t))
		w.page.CloseNow()
		require.NoError(t, receive(t, site.ended))
	}
	a = site.visit(t, "a.invalid", "1001")
	a.signUp("1001", 2)
	require.Equal(t, Rejoined{Same: true}, d.next(t))
	leg.Hangup(Reason{})
	a.reply(a.request(sipmsg.BYE), 200, "OK", "", "")
	d.ended(t, leg)
}

func TestATalkIsLeftToItsOwnTab(t *testing.T) {
	s, _, _ := registrarFor(t, Config{}, "1001")
	site := openSite(t, s)
	other := site.visit(t, "b.invalid", "1001")
	other.signUp("1001", 1)
	for _, homing := range []time.Duration{time.Hour, time.Millisecond} {
		s.rhythm.homing = homing
		w := site.visit(t, "a.invalid", "1001")
		w.signUp("1001", 1)
		leg, d := talkWith(w, s, "1001")
		w.page.CloseNow()
		require.Equal(t, Stranded{}, d.next(t))
		if homing == time.Millisecond {
			require.Equal(t, Rejoined{Same: false}, d.next(t), "it does not come back")
		}
		w = site.visit(t, "a.invalid", "1001")
		w.signUp("1001", 2)
		require.Equal(t, Rejoined{Same: true}, d.next(t))
		leg.Hangup(Reason{})
		w.reply(w.request(sipmsg.BYE), 200, "OK", "", "")
		d.ended(t, leg)
		w.page.CloseNow()
	}
}

func TestAPageThatChangesItsConnectionTalksOn(t *testing.T) {
	b := newInbox()
	s, _, _ := registrarFor(t, Config{Incoming: b.incoming}, "1001")
	site := openSite(t, s)
	w := site.visit(t, "a.invalid", "1001")
	w.signUp("1001", 1)
	leg, tag := w.call(b, letter{from: "1001", callID: "out"})
	w.page.CloseNow()
	require.Equal(t, Stranded{}, b.diary.next(t))
	w = site.visit(t, "a.invalid", "1001")
	w.signUp("1001", 2)
	require.Equal(t, Rejoined{Same: true}, b.diary.next(t))

	// The next time the old connection only seems to be open.
	w = site.visit(t, "a.invalid", "1001")
	w.signUp("1001", 3)
	told := make(chan error, 1)
	leg.Reoffer(func(err error) { told <- err })
	w.reply(w.request(sipmsg.INVITE), 200, "OK", "", "answer")
	w.request(sipmsg.ACK)
	require.NoError(t, receive(t, told))
	w.send(letter{method: "BYE", from: "1001", callID: "out", toTag: tag, cseq: 2})
	w.response(200)
	require.Equal(t, 200, b.diary.ended(t, leg).Code)
}

func TestAClosedPageEndsARingingCall(t *testing.T) {
	b := newInbox()
	s, _, _ := registrarFor(t, Config{Incoming: b.incoming}, "1001")
	site := openSite(t, s)
	w := site.visit(t, "a.invalid", "1001")
	w.signUp("1001", 1)
	w.send(letter{method: "INVITE", from: "1001", callID: "out", body: "hello"})
	in := b.next(t)
	d := newDiary()
	leg, err := s.Dial("1001", Dial{Media: newPaper(), Notify: d.note})
	require.NoError(t, err)
	w.reply(w.request(sipmsg.INVITE), 180, "Ringing", "a", "")
	require.Equal(t, Ringing{Code: 180}, d.next(t))
	w.page.CloseNow()
	require.Equal(t, 503, d.ended(t, leg).Code)
	require.Equal(t, 503, b.diary.ended(t, in).Code)
}

func TestBrowsersAreForgottenAtARestart(t *testing.T) {
	db := storetest.Open(t)
	contacts, err := NewContacts(t.Context(), db)
	require.NoError(t, err)
	s, _, phone := registrarFor(t, Config{Contacts: contacts}, "1001")
	w := openSite(t, s).visit(t, "a.invalid", "1001")
	w.signUp("1001", 1)
	require.Equal(t, 200, phone.register("1001", 1, "Expires: 600").StatusCode)
	again, err := NewContacts(t.Context(), db)
	require.NoError(t, err)
	require.Len(t, again.of("1001"), 1)
	require.Equal(t, "udp", again.of("1001")[0].network)
}

func TestTheServersEndIsTold(t *testing.T) {
	s, err := Listen(Config{Listen: []string{"udp://127.0.0.1:0"}, Devices: devices("1001"), T1: 10 * time.Millisecond})
	require.NoError(t, err)
	stop, ended := serveUntil(s)
	site := openSite(t, s)
	w := site.visit(t, "a.invalid", "1001")
	w.signUp("1001", 1)
	leg, d := talkWith(w, s, "1001")
	stop()
	w.reply(w.request(sipmsg.BYE), 200, "OK", "", "")
	d.ended(t, leg)
	require.Equal(t, websocket.StatusGoingAway, w.page.closed(t))
	require.NoError(t, receive(t, ended))
	require.NoError(t, receive(t, site.ended))
	late := site.visit(t, "b.invalid", "1001")
	require.Equal(t, websocket.StatusTryAgainLater, late.page.closed(t))
	require.ErrorIs(t, receive(t, site.ended), ErrClosed)
}

func TestWhatBrowsersMayNotSend(t *testing.T) {
	s, changes, _ := registrarFor(t, Config{}, "1001")
	site := openSite(t, s)
	cseq := 0
	for name, tell := range map[string]struct {
		text string
		kind websocket.MessageType
		code websocket.StatusCode
	}{
		"more than fits":   {"OPTIONS sip:x SIP/2.0\r\n" + strings.Repeat("X: y\r\n", maxMessage/6), websocket.MessageText, websocket.StatusMessageTooBig},
		"binary junk":      {"\x00\xff\xfe", websocket.MessageBinary, websocket.StatusInvalidFramePayloadData},
		"something else":   {"GET / HTTP/1.1\r\n\r\n", websocket.MessageText, websocket.StatusInvalidFramePayloadData},
		"half a message":   {"OPTIONS sip:x SIP/2.0\r\nVia", websocket.MessageText, websocket.StatusInvalidFramePayloadData},
		"no more than NUL": {"\x00", websocket.MessageText, websocket.StatusInvalidFramePayloadData},
	} {
		w := site.visit(t, "a.invalid", "1001")
		cseq++
		w.signUp("1001", cseq)
		require.Equal(t, reached{"1001", true}, receive(t, changes))
		_ = w.page.Write(t.Context(), tell.kind, []byte(tell.text)) // the server may close before it has read all of it
		code := w.page.closed(t)
		if name != "more than fits" || code != -1 { // there the reason may be lost with what was not read
			require.Equal(t, tell.code, code, name)
		}
		require.Equal(t, reached{"1001", false}, receive(t, changes))
		require.ErrorContains(t, receive(t, site.ended), fmt.Sprint(int(tell.code)), name)
	}
}

func TestSignsOfLife(t *testing.T) {
	s, _, _ := registrarFor(t, Config{}, "1001")
	s.rhythm.beat = 100 * time.Millisecond
	for _, site := range []site{openSite(t, s), openSecureSite(t, s)} {
		w := site.visit(t, "a.invalid", "1001")
		require.NoError(t, w.page.Ping(t.Context()))
		require.Eventually(t, func() bool { return w.page.pinged.Load() > 3 }, patienceInTests, time.Millisecond)
		w.write("\r\n\r\n")
		require.Equal(t, "\r\n", string(receive(t, w.page.got)))
		w.write("\r\n")
		w.send(letter{method: "OPTIONS", from: "1001", headers: []string{"X-Long: " + strings.Repeat("x", 60000)}})
		w.response(200)
		w.page.CloseNow()
		require.NoError(t, receive(t, site.ended))
	}
}

// rawPage is a connection of which the test writes each byte.
func rawPage(t *testing.T, s site, device string) net.Conn {
	t.Helper()
	conn, _, _, err := ws.Dialer{Protocols: []string{"sip"}}.Dial(t.Context(), strings.Replace(s.url, "http", "ws", 1)+"/sip?as="+device)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return conn
}

func TestFragments(t *testing.T) {
	s, _, w := registrarFor(t, Config{}, "1001")
	site := openSite(t, s)
	conn := rawPage(t, site, "1001")
	text := w.compose(letter{method: "OPTIONS", from: "1001"})
	frames := []ws.Frame{
		ws.NewFrame(ws.OpBinary, false, []byte(text[:10])), ws.NewPingFrame([]byte("between")),
		ws.NewFrame(ws.OpContinuation, false, nil), ws.NewFrame(ws.OpContinuation, true, []byte(text[10:])),
	}
	for _, f := range frames {
		require.NoError(t, ws.WriteFrame(conn, ws.MaskFrame(f)))
	}
	pong, err := ws.ReadFrame(conn)
	require.NoError(t, err)
	require.Equal(t, "between", string(pong.Payload))
	answer, err := ws.ReadFrame(conn)
	require.NoError(t, err)
	require.Equal(t, ws.OpText, answer.Header.OpCode)
	require.Contains(t, string(answer.Payload), "SIP/2.0 200 OK")

	require.NoError(t, ws.WriteFrame(conn, ws.NewFrame(ws.OpText, true, []byte(text)))) // without a mask
	require.ErrorContains(t, receive(t, site.ended), "1002")
}

func TestWhoSaysNothingIsCut(t *testing.T) {
	s, _, _ := registrarFor(t, Config{}, "1001")
	s.rhythm = rhythm{beat: 20 * time.Millisecond, proven: time.Hour}
	site := openSite(t, s)
	rawPage(t, site, "1001") // nobody answers its pings
	require.ErrorContains(t, receive(t, site.ended), "no sign of life")

	s.rhythm = rhythm{beat: time.Hour, proven: 20 * time.Millisecond}
	w := site.visit(t, "a.invalid", "")
	require.Equal(t, websocket.StatusPolicyViolation, w.page.closed(t))
	require.ErrorContains(t, receive(t, site.ended), "not registered in time")

	s.rhythm.proven = time.Hour
	conn := rawPage(t, site, "1001")
	for range framesASecond*2 + 1 { // in two seconds at most
		_ = ws.WriteFrame(conn, ws.MaskFrame(ws.NewPongFrame(nil)))
	}
	require.ErrorContains(t, receive(t, site.ended), "too many frames")
}

func TestConnectionsAreCounted(t *testing.T) {
	s, _, _ := registrarFor(t, Config{}, "1001")
	site := openSite(t, s)
	for range mostUnproven {
		rawPage(t, site, "")
	}
	require.Eventually(t, func() bool {
		s.browsers.mu.RLock()
		defer s.browsers.mu.RUnlock()
		return len(s.browsers.byAddr) == mostUnproven
	}, patienceInTests, time.Millisecond)
	rawPage(t, site, "")
	require.ErrorIs(t, receive(t, site.ended), ErrCrowded)
	site.visit(t, "a.invalid", "1001").signUp("1001", 1)
	for range mostOfADevice {
		rawPage(t, site, "1001")
	}
	require.ErrorIs(t, receive(t, site.ended), ErrCrowded)
}

// stuck is a connection whose peer takes nothing.
type stuck struct {
	net.Conn
	remote net.Addr
}

func (c stuck) RemoteAddr() net.Addr { return c.remote }
func (c stuck) LocalAddr() net.Addr  { return c.remote }

func TestASlowBrowserHoldsNobodyUp(t *testing.T) {
	s, changes, w := registrarFor(t, Config{}, "1001", "1002")
	near, far := net.Pipe()
	defer near.Close()
	ended := make(chan error, 1)
	go func() {
		ended <- s.ServeWebSocket(context.Background(), stuck{far, tcpAddr("192.0.2.1:5000")}, "1001")
	}()
	text := w.compose(registration("1001", 1, "Expires: 600"))
	require.NoError(t, ws.WriteFrame(near, ws.MaskFrame(ws.NewTextFrame([]byte(text)))))
	require.Equal(t, reached{"1001", true}, receive(t, changes)) // its 200 is stuck
	leg, err := s.Dial("1001", Dial{Media: newPaper(), Notify: newDiary().note})
	require.NoError(t, err)
	openSite(t, s).visit(t, "a.invalid", "1002").signUp("1002", 1)
	require.Equal(t, reached{"1002", true}, receive(t, changes))
	require.Equal(t, reached{"1001", false}, receiveWithin(t, changes, 2*patience))
	require.Error(t, receive(t, ended))
	<-leg.done
}
