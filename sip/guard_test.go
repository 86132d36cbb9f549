package sip

import (
	"net/netip"
	"testing"
	"time"

	"github.com/icholy/digest"
	"github.com/stretchr/testify/require"

	sipmsg "github.com/emiago/sipgo/sip"
)

func TestGuard(t *testing.T) {
	now, host := time.Now(), netip.MustParseAddr("192.0.2.1")
	g := newGuard(realm, []byte("key"))
	g.now = func() time.Time { return now }
	device := devices("1001").devices["1001"]
	request := func(challenge *refusal, which, count int, change func(*digest.Credentials)) *sipmsg.Request {
		c, err := digest.ParseChallenge(challenge.headers[which].Value())
		require.NoError(t, err)
		credentials, err := digest.Digest(c, digest.Options{
			Method: "REGISTER", URI: "sip:x", Username: "1001", Password: password, Count: count})
		require.NoError(t, err)
		change(credentials)
		req := sipmsg.NewRequest(sipmsg.REGISTER, sipmsg.Uri{Host: "x"})
		req.AppendHeader(sipmsg.NewHeader("Authorization", credentials.String()))
		req.SetSource("192.0.2.1:5060")
		return req
	}
	as := func(*digest.Credentials) {}
	fresh := g.challenge(host, false)
	require.Equal(t, absent, g.check(sipmsg.NewRequest(sipmsg.REGISTER, sipmsg.Uri{}), "1001", device))
	for which := range fresh.headers { // SHA-256 and MD5 share the nonce
		require.Equal(t, right, g.check(request(fresh, which, 5+which, as), "1001", device))
	}
	require.Equal(t, stale, g.check(request(fresh, 0, 6, as), "1001", device), "replayed")
	require.Equal(t, stale, g.check(request(fresh, 0, 5, as), "1001", device), "counted back")
	require.Equal(t, right, g.judge(request(fresh, 0, 7, as), "1001", device))
	require.Equal(t, right, g.check(request(fresh, 0, 7, as), "1001", device), "judging uses nothing up")
	require.Equal(t, wrong, g.check(request(fresh, 0, 8, as), "1002", device))
	require.Equal(t, wrong, g.check(request(fresh, 0, 8, as), "1001", Device{}))

	for name, change := range map[string]func(*digest.Credentials){
		"response":  func(c *digest.Credentials) { c.Response = "00" },
		"user":      func(c *digest.Credentials) { c.Username = "1002" },
		"uri":       func(c *digest.Credentials) { c.URI = "sip:y" },
		"nc":        func(c *digest.Credentials) { c.Nc++ },
		"algorithm": func(c *digest.Credentials) { c.Algorithm = "MD5-sess" },
	} {
		require.Equal(t, wrong, g.check(request(fresh, 0, 9, change), "1001", device), name)
	}
	for name, change := range map[string]func(*digest.Credentials){
		"nonce": func(c *digest.Credentials) { c.Nonce = "A" + c.Nonce[1:] + "A" },
		"realm": func(c *digest.Credentials) { c.Realm = "elsewhere" },
		"qop":   func(c *digest.Credentials) { c.QOP = "" },
	} {
		require.Equal(t, absent, g.check(request(fresh, 0, 9, change), "1001", device), name)
	}
	require.Equal(t, absent, g.check(request(newGuard(realm, []byte("other key")).challenge(host, false), 0, 1, as), "1001", device))

	elsewhere := request(fresh, 0, 9, as)
	elsewhere.SetSource("192.0.2.2:5060")
	require.Equal(t, absent, g.check(elsewhere, "1001", device), "given to another host")

	now = now.Add(nonceLife + time.Second)
	require.Equal(t, stale, g.check(request(fresh, 0, 10, as), "1001", device), "old")
	require.Equal(t, right, g.check(request(g.challenge(host, true), 0, 1, as), "1001", device))
	require.Len(t, g.used, 1, "old nonces are forgotten")
}
