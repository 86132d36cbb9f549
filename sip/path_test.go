package sip

import (
	"testing"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/require"

	"threering/store/storetest"
)

func TestCallsGoBackByThePathOfARegistration(t *testing.T) {
	db := storetest.Open(t)
	contacts, err := NewContacts(t.Context(), db)
	require.NoError(t, err)
	_, _, w := registrarFor(t, Config{Contacts: contacts}, "1001")
	path := "Path: <sip:" + w.addr() + ";lr>, <sip:inner@192.0.2.9;lr>"
	res := w.register("1001", 1, "Expires: 600", path, "Supported: path")
	require.Equal(t, 200, res.StatusCode)
	require.Equal(t, path[len("Path: "):], field(res, "Path"))
	require.Equal(t, 400, w.register("1001", 3, "Path: nonsense").StatusCode)

	again, err := NewContacts(t.Context(), db) // after a restart
	require.NoError(t, err)
	s, _, _ := registrarFor(t, Config{Contacts: again}, "1001")
	w.to = udpAddr(s.Addr("udp").String())
	leg, _, d := dialDevice(t, s)
	invite := w.request(sipmsg.INVITE)
	require.Len(t, invite.GetHeaders("Route"), 2)
	require.Equal(t, "<sip:"+w.addr()+";lr>", invite.GetHeaders("Route")[0].Value())
	require.Equal(t, "<sip:inner@192.0.2.9;lr>", invite.GetHeaders("Route")[1].Value())
	require.Equal(t, "1001", invite.Recipient.User)
	w.reply(invite, 486, "Busy Here", "a", "")
	require.Equal(t, 486, d.ended(t, leg).Code)
}

func TestWhoCallsByASharedProxyMustProveIt(t *testing.T) {
	s, _, w := registrarFor(t, Config{}, "1001", "1002")
	require.Equal(t, 200, w.register("1001", 1, "Expires: 600", "Path: <sip:"+w.addr()+";lr>").StatusCode)
	w.send(letter{method: "INVITE", from: "1001", body: "hello", callID: "by-proxy"})
	require.Equal(t, 401, w.read().(*sipmsg.Response).StatusCode)
	require.True(t, s.Reachable("1001"))
}

func TestAPathToAnotherHostIsNotFollowedThere(t *testing.T) {
	s, _, w := registrarFor(t, Config{}, "1001")
	require.Equal(t, 200, w.register("1001", 1, "Expires: 600", "Path: <sip:192.0.2.77:5060;lr>").StatusCode)
	leg, _, d := dialDevice(t, s)
	w.reply(w.request(sipmsg.INVITE), 486, "Busy Here", "a", "")
	require.Equal(t, 486, d.ended(t, leg).Code)
}

func TestFlowsOfOnePhone(t *testing.T) {
	s, _, w := registrarFor(t, Config{}, "1001")
	flow := func(w *wire, id, cseq string) *sipmsg.Response {
		t.Helper()
		l := registration("1001", 1, "Expires: 600", "Supported: path, outbound")
		l.callID = "flow-" + id + cseq
		contact := "<sip:1001@" + w.addr() + `>;reg-id=` + id + `;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"`
		text := replace(w.compose(l), "<sip:1001@"+w.addr()+">\r\nMax", contact+"\r\nMax")
		w.write(text)
		auth := credentialsOf(t, w.response(401), "1001")
		l.cseq, l.headers, l.branch = 2, append(l.headers, auth), "z9hG4bK-flow-"+id+cseq
		w.write(replace(w.compose(l), "<sip:1001@"+w.addr()+">\r\nMax", contact+"\r\nMax"))
		return w.response(200)
	}
	res := flow(w, "1", "a")
	require.Equal(t, "outbound", field(res, "Require"))
	require.Equal(t, "120", field(res, "Flow-Timer"))
	second := newWire(t, s)
	require.Len(t, flow(second, "2", "a").GetHeaders("Contact"), 2)
	moved := newWire(t, s) // the first flow anew, from another port
	require.Len(t, flow(moved, "1", "b").GetHeaders("Contact"), 2)

	leg, _, d := dialDevice(t, s)
	moved.reply(moved.request(sipmsg.INVITE), 486, "Busy Here", "a", "")
	require.Equal(t, 486, d.ended(t, leg).Code)
	second.silent() // it is the same phone
	w.silent()
}

func TestKeepAliveOfAFlow(t *testing.T) {
	s := serve(t, Config{})
	conn := dialTCP(t, s)
	_, err := conn.Write([]byte("\r\n\r\n"))
	require.NoError(t, err)
	pong := make([]byte, 2)
	_, err = conn.Read(pong)
	require.NoError(t, err)
	require.Equal(t, "\r\n", string(pong))
	w := newWire(t, s)
	w.write("\r\n\r\n")
	w.silent()
	require.Zero(t, s.Counters().Dropped)
}
