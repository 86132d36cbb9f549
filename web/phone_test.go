package web

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/icholy/digest"
	"github.com/stretchr/testify/require"

	"threering/center"
	"threering/sip"
)

// telephones all have the password "secret".
type telephones struct{}

func (telephones) Device(name string) (sip.Device, bool) {
	ha1 := md5.Sum([]byte(name + ":threering:secret"))
	return sip.Device{Name: name, HA1MD5: hex.EncodeToString(ha1[:])}, name != "nobody"
}

func (telephones) Trusted(netip.Addr) bool { return false }

// reach tells what becomes of devices: "1001 true".
type reach chan string

// openWithPhones opens a house whose phones are real.
func openWithPhones(t *testing.T, change ...func(*Config)) (*house, reach) {
	t.Helper()
	changes := make(reach, 100)
	phones, err := sip.Listen(sip.Config{
		Listen: []string{"udp://127.0.0.1:0"}, Devices: telephones{},
		Reach: func(device string, yes bool) { changes <- fmt.Sprint(device, " ", yes) },
	})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- phones.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	return open(t, append(change, func(c *Config) { c.Phones = phones })...), changes
}

func (r reach) next(t *testing.T) string {
	t.Helper()
	select {
	case change := <-r:
		return change
	case <-time.After(10 * time.Second):
		require.FailNow(t, "nothing has changed")
		return ""
	}
}

// phone is a telephone in a browser.
type phone struct {
	*websocket.Conn
	t    *testing.T
	cseq int
}

// call opens a phone; headers are pairs. The status is the answer's where that is not to shake hands.
func (c *client) call(t *testing.T, headers ...string) (*phone, int) {
	t.Helper()
	h := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	conn, res, err := websocket.Dial(t.Context(), c.base+phonePath, &websocket.DialOptions{
		HTTPClient: c.http, HTTPHeader: h, Subprotocols: []string{"sip"},
	})
	if err != nil {
		require.NotNil(t, res, err)
		require.Equal(t, "application/problem+json", res.Header.Get("Content-Type"))
		return nil, res.StatusCode
	}
	t.Cleanup(func() { conn.CloseNow() })
	require.Equal(t, "sip", conn.Subprotocol())
	return &phone{Conn: conn, t: t}, res.StatusCode
}

// register sends a REGISTER and gives the answer.
func (p *phone) register(user string, headers ...string) string {
	p.t.Helper()
	p.cseq++
	lines := append([]string{
		"REGISTER sip:127.0.0.1 SIP/2.0", fmt.Sprintf("Via: SIP/2.0/WS p.invalid;branch=z9hG4bK%s-%d", user, p.cseq), "Max-Forwards: 70",
		"From: <sip:" + user + "@127.0.0.1>;tag=1", "To: <sip:" + user + "@127.0.0.1>", "Call-ID: reg-" + user,
		fmt.Sprintf("CSeq: %d REGISTER", p.cseq), "Contact: <sip:x@p.invalid;transport=ws>;expires=600",
	}, headers...)
	message := strings.Join(lines, "\r\n") + "\r\nContent-Length: 0\r\n\r\n"
	require.NoError(p.t, p.Write(p.t.Context(), websocket.MessageText, []byte(message)))
	_, answer, err := p.Read(p.t.Context())
	require.NoError(p.t, err)
	return string(answer)
}

// closed waits until the server closes.
func (p *phone) closed() websocket.StatusCode {
	p.t.Helper()
	_, _, err := p.Read(p.t.Context())
	return websocket.CloseStatus(err)
}

func TestAPhoneInABrowserIsItsPersons(t *testing.T) {
	h, changes := openWithPhones(t)
	agent := h.as("1001")
	p, status := agent.call(t, "Origin", h.URL())
	require.Equal(t, http.StatusSwitchingProtocols, status)
	require.Contains(t, p.register("1001"), "SIP/2.0 200 OK")
	require.Equal(t, "1001 true", changes.next(t))
	require.Contains(t, p.register("1002"), "SIP/2.0 403 ")

	other, _ := h.as("2001").call(t, "Origin", strings.ToUpper(h.URL()))
	require.Contains(t, other.register("2001"), "SIP/2.0 200 OK")
	require.Equal(t, "2001 true", changes.next(t))

	require.Equal(t, http.StatusNoContent, agent.do("DELETE", "/api/v1/session", nil).status)
	require.Equal(t, websocket.StatusGoingAway, p.closed())
	require.Equal(t, "1001 false", changes.next(t))
	require.Contains(t, other.register("2001"), "SIP/2.0 200 OK", "whose session goes on")
}

func TestWhoMayHaveAPhoneInABrowser(t *testing.T) {
	h, _ := openWithPhones(t)
	for name, try := range map[string]struct {
		client  *client
		headers []string
		status  int
	}{
		"another site's page":         {h.as("1001"), []string{"Origin", "https://evil.example"}, http.StatusForbidden},
		"another port's page":         {h.as("1001"), []string{"Origin", "http://127.0.0.1:1"}, http.StatusForbidden},
		"no site's page":              {h.as("1001"), []string{"Origin", "null"}, http.StatusForbidden},
		"a session without a page":    {h.as("1001"), nil, http.StatusForbidden},
		"who takes no calls":          {h.as("3001"), []string{"Origin", h.URL()}, http.StatusForbidden},
		"no session, another's page":  {h.browser(), []string{"Origin", "https://evil.example"}, http.StatusForbidden},
		"a session that there is not": {h.browser(), []string{"Origin", h.URL(), "Cookie", cookieName + "=x"}, http.StatusUnauthorized},
		"no session, no page":         {h.browser(), nil, http.StatusSwitchingProtocols},
		"no session, our page":        {h.browser(), []string{"Origin", h.URL()}, http.StatusSwitchingProtocols},
	} {
		_, status := try.client.call(t, try.headers...)
		require.Equal(t, try.status, status, name)
	}
	desk := h.as("1002")
	h.people.people["1002"] = center.Person{ID: "1002", Role: center.Agent, Device: "sip:1002@192.0.2.7"}
	_, status := desk.call(t, "Origin", h.URL())
	require.Equal(t, http.StatusForbidden, status, "a phone at a fixed address")
}

func TestAPhoneWithoutASessionHasAPassword(t *testing.T) {
	h, changes := openWithPhones(t)
	p, _ := h.browser().call(t)
	for _, try := range [][]string{{"guess", "SIP/2.0 403 "}, {"secret", "SIP/2.0 200 OK"}} {
		_, challenge, found := strings.Cut(p.register("1001"), "WWW-Authenticate: ")
		require.True(t, found)
		challenge, _, _ = strings.Cut(challenge, "\r\n")
		asked, err := digest.ParseChallenge(challenge)
		require.NoError(t, err)
		answer, err := digest.Digest(asked, digest.Options{Method: "REGISTER", URI: "sip:127.0.0.1", Username: "1001", Password: try[0]})
		require.NoError(t, err)
		require.Contains(t, p.register("1001", "Authorization: "+answer.String()), try[1])
	}
	require.Equal(t, "1001 true", changes.next(t))
}

func TestAPhoneEndsWithItsSession(t *testing.T) {
	h, changes := openWithPhones(t)
	sign := func(person string) (*client, *phone) {
		c := h.as(person)
		p, _ := c.call(t, "Origin", h.URL())
		require.Contains(t, p.register(person), "SIP/2.0 200 OK")
		require.Equal(t, person+" true", changes.next(t))
		return c, p
	}
	c, p := sign("1001")
	c.signIn("1001", "right") // again: another session
	require.Equal(t, websocket.StatusGoingAway, p.closed())
	require.Equal(t, "1001 false", changes.next(t))

	_, p = sign("1001")
	_, other := sign("1002")
	h.people.dismiss("1001")
	h.reviewPhones(t.Context())
	require.Equal(t, websocket.StatusGoingAway, p.closed())
	require.Equal(t, "1001 false", changes.next(t))
	require.Contains(t, other.register("1002"), "SIP/2.0 200 OK")

	h.sessions.Lifetime = time.Second
	_, p = sign("2001")
	require.Equal(t, websocket.StatusGoingAway, p.closed())
	require.Equal(t, "2001 false", changes.next(t))
}

func TestHandshakesThatAreNone(t *testing.T) {
	h, _ := openWithPhones(t)
	sound := map[string]string{
		"Connection": "keep-alive, Upgrade", "Upgrade": "WebSocket", "Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": "chat, sip",
	}
	for name, try := range map[string]struct {
		method, header, value string
		status                int
	}{
		"method":      {"POST", "", "", http.StatusMethodNotAllowed},
		"no upgrade":  {"GET", "Upgrade", "", http.StatusUpgradeRequired},
		"connection":  {"GET", "Connection", "close", http.StatusUpgradeRequired},
		"version":     {"GET", "Sec-WebSocket-Version", "8", http.StatusUpgradeRequired},
		"key":         {"GET", "Sec-WebSocket-Key", "short", http.StatusBadRequest},
		"subprotocol": {"GET", "Sec-WebSocket-Protocol", "chat", http.StatusBadRequest},
	} {
		headers := []string{}
		for header, value := range sound {
			if header == try.header {
				value = try.value
			}
			headers = append(headers, header, value)
		}
		a := h.browser().do(try.method, phonePath, nil, headers...)
		require.Equal(t, try.status, a.status, name)
		require.Equal(t, "application/problem+json", a.header.Get("Content-Type"), name)
		if name == "version" {
			require.Equal(t, "13", a.header.Get("Sec-WebSocket-Version"))
		}
	}
	require.Contains(t, string(acceptance(sound["Sec-WebSocket-Key"])), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "the example of RFC 6455")
}

func TestIdleConnectionsKeepNobodyOut(t *testing.T) {
	h, _ := openWithPhones(t)
	for range 200 {
		conn, err := net.Dial("tcp", h.Addr().String())
		require.NoError(t, err)
		defer conn.Close()
	}
	half, err := net.Dial("tcp", h.Addr().String())
	require.NoError(t, err)
	defer half.Close()
	_, err = half.Write([]byte("GET /sip HTTP/1.1\r\nUpgrade: web"))
	require.NoError(t, err)
	p, _ := h.as("1001").call(t, "Origin", h.URL())
	require.Contains(t, p.register("1001"), "SIP/2.0 200 OK")
}

func TestAPhoneOverTLS(t *testing.T) {
	h, changes := openWithPhones(t, func(c *Config) { c.Settings.HTTP.SelfSigned = true })
	c := h.trusting(h.browser())
	require.Equal(t, http.StatusOK, c.signIn("1001", "right").status)
	require.Equal(t, http.StatusUpgradeRequired, c.get(phonePath).status, "over HTTP/2")
	p, status := c.call(t, "Origin", h.URL())
	require.Equal(t, http.StatusSwitchingProtocols, status)
	require.Contains(t, p.register("1001"), "SIP/2.0 200 OK")
	require.Equal(t, "1001 true", changes.next(t))
}

func TestWithoutPhonesThereIsNoDoorForThem(t *testing.T) {
	require.Equal(t, http.StatusNotFound, open(t).browser().get(phonePath).status)
}
