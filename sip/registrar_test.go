package sip

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/icholy/digest"
	"github.com/stretchr/testify/require"

	sipmsg "github.com/emiago/sipgo/sip"
	"threering/store/storetest"
)

// reached is one call of Config.Reach.
type reached struct {
	device string
	yes    bool
}

func registrarFor(t *testing.T, c Config, names ...string) (*Server, chan reached, *wire) {
	changes := make(chan reached, 100)
	c.Devices = devices(names...)
	c.Reach = func(device string, yes bool) { changes <- reached{device, yes} }
	s := serve(t, c)
	return s, changes, newWire(t, s)
}

// credentials answers a challenge of the server's, the one for that algorithm.
func credentials(t *testing.T, res *sipmsg.Response, algorithm string, o digest.Options) string {
	t.Helper()
	for _, h := range res.GetHeaders("WWW-Authenticate") {
		challenge, err := digest.ParseChallenge(h.Value())
		require.NoError(t, err)
		if challenge.Algorithm == algorithm {
			o.URI = "sip:127.0.0.1"
			c, err := digest.Digest(challenge, o)
			require.NoError(t, err)
			return "Authorization: " + c.String()
		}
	}
	require.FailNow(t, "no challenge for "+algorithm, "%s", res)
	return ""
}

// credentialsOf answers a challenge as a device whose password is right.
func credentialsOf(t *testing.T, challenge *sipmsg.Response, user string) string {
	t.Helper()
	return credentials(t, challenge, "SHA-256", digest.Options{Method: "REGISTER", Username: user, Password: password})
}

func registration(user string, cseq int, headers ...string) letter {
	return letter{method: "REGISTER", uri: "sip:127.0.0.1", from: user, to: user, cseq: cseq, headers: headers}
}

// register sends a REGISTER with credentials, whatever challenges it takes, and gives the final response.
func (w *wire) register(user string, cseq int, headers ...string) *sipmsg.Response {
	w.t.Helper()
	w.send(registration(user, cseq, headers...))
	challenge := w.read().(*sipmsg.Response)
	require.Equal(w.t, 401, challenge.StatusCode)
	auth := credentialsOf(w.t, challenge, user)
	w.send(registration(user, cseq+1, append(headers, auth)...))
	return w.read().(*sipmsg.Response)
}

func TestRegisterQueryAndUnregister(t *testing.T) {
	s, changes, w := registrarFor(t, Config{}, "1001")
	require.False(t, s.Reachable("1001"))
	res := w.register("1001", 1, "Expires: 600")
	require.Equal(t, 200, res.StatusCode)
	require.Equal(t, reached{"1001", true}, receive(t, changes))
	require.Contains(t, res.Contact().Value(), ";expires=600")
	require.True(t, s.Reachable("1001"))

	second := newWire(t, s)
	require.Equal(t, 200, second.register("1001", 1, "Expires: 99999").StatusCode)
	query := w.compose(registration("1001", 5))
	contact := "Contact: <sip:1001@" + w.addr() + ">\r\n"
	w.write(replace(query, contact, ""))
	w.response(401)
	challenge := w.register("1001", 7, "Expires: 60")
	require.Len(t, challenge.GetHeaders("Contact"), 2)
	require.Contains(t, challenge.GetHeaders("Contact")[0].Value(), w.addr()) // the newest first
	require.Contains(t, challenge.GetHeaders("Contact")[1].Value(), "expires=3600")

	require.Equal(t, 200, second.register("1001", 9, "Expires: 0").StatusCode)
	require.Equal(t, 423, w.register("1001", 11, "Expires: 59").StatusCode)
	require.Equal(t, 400, w.register("1001", 13, "Contact: *").StatusCode)
	require.True(t, s.Reachable("1001"))
	require.Empty(t, changes)
	// Contact: * stands alone
	all := registration("1001", 15, "Contact: *", "Expires: 0")
	w.write(replace(w.compose(all), contact, ""))
	auth := credentials(t, w.response(401), "MD5", digest.Options{Method: "REGISTER", Username: "1001", Password: password})
	all.cseq, all.headers = 16, append(all.headers, auth)
	w.write(replace(w.compose(all), contact, ""))
	require.Nil(t, w.response(200).Contact())
	require.Equal(t, reached{"1001", false}, receive(t, changes))
	require.False(t, s.Reachable("1001"))
}

func TestRegistrationExpires(t *testing.T) {
	s, changes, w := registrarFor(t, Config{MinExpires: time.Second}, "1001")
	require.Equal(t, 200, w.register("1001", 1, "Expires: 1").StatusCode)
	require.Equal(t, reached{"1001", true}, receive(t, changes))
	require.Equal(t, reached{"1001", false}, receive(t, changes))
	require.False(t, s.Reachable("1001"))
	_, err := s.Dial("1001", Dial{Media: newPaper(), Notify: newDiary().note})
	require.ErrorIs(t, err, ErrUnreachable)
}

func TestWrongPasswordAndUnknownUserLookTheSame(t *testing.T) {
	s, _, w := registrarFor(t, Config{}, "1001")
	for n, user := range []string{"1001", "nobody"} {
		w.send(registration(user, 1+10*n))
		challenge := w.response(401)
		auth := credentials(t, challenge, "MD5", digest.Options{Method: "REGISTER", Username: user, Password: "guess"})
		w.send(registration(user, 2+10*n, auth))
		res := w.response(403)
		require.Len(t, res.Headers(), 6)
	}
	require.EqualValues(t, 2, s.Counters().AuthFailures)
	require.EqualValues(t, 2, s.Counters().Challenges)
	// somebody else's credentials are no better
	w.send(registration("1001", 30))
	auth := credentials(t, w.response(401), "MD5", digest.Options{Method: "REGISTER", Username: "1002", Password: password})
	w.send(registration("1001", 31, auth))
	w.response(403)
}

func TestReplayedCredentials(t *testing.T) {
	s, _, w := registrarFor(t, Config{}, "1001")
	w.send(registration("1001", 1))
	challenge := w.response(401)
	sign := func(count int) string {
		return credentials(t, challenge, "SHA-256", digest.Options{Method: "REGISTER", Username: "1001", Password: password, Count: count})
	}
	w.send(registration("1001", 2, sign(1)))
	w.response(200)
	w.send(registration("1001", 3, sign(2))) // the nonce may be used on, with a higher nc
	w.response(200)
	w.send(registration("1001", 4, sign(2)))
	require.Contains(t, field(w.response(401), "WWW-Authenticate"), "stale=true")

	w.send(registration("1001", 6, replace(sign(4), `nonce="`, `nonce="x`)))
	require.NotContains(t, field(w.response(401), "WWW-Authenticate"), "stale")
	require.Zero(t, s.Counters().AuthFailures)
}

func TestRegistrationsSurviveARestart(t *testing.T) {
	db := storetest.Open(t)
	contacts, err := NewContacts(t.Context(), db)
	require.NoError(t, err)
	_, _, w := registrarFor(t, Config{Contacts: contacts}, "1001")
	require.Equal(t, 200, w.register("1001", 1, "Expires: 600").StatusCode)

	again, err := NewContacts(t.Context(), db)
	require.NoError(t, err)
	s, changes, _ := registrarFor(t, Config{Contacts: again}, "1001")
	require.Equal(t, reached{"1001", true}, receive(t, changes))
	w.to = net.UDPAddrFromAddrPort(s.Addr("udp"))
	d := newDiary()
	leg, err := s.Dial("1001", Dial{From: "13800138000", Media: newPaper(), Notify: d.note})
	require.NoError(t, err)
	invite := w.request(sipmsg.INVITE)
	require.Equal(t, w.addr(), fmt.Sprintf("%s:%d", invite.Recipient.Host, invite.Recipient.Port))
	w.reply(invite, 486, "Busy Here", "a", "")
	w.request(sipmsg.ACK)
	require.Equal(t, 486, d.ended(t, leg).Code)

	require.Equal(t, 200, w.register("1001", 11, "Expires: 0").StatusCode)
	none, err := NewContacts(context.Background(), db)
	require.NoError(t, err)
	require.Empty(t, none.devices())
}

func TestOnlyTheNewestContactsAreKept(t *testing.T) {
	c := newContacts(nil)
	var contacts []contact
	for n := range 2 * mostContacts {
		contacts = append(contacts, contact{device: "1", uri: fmt.Sprint(n), registered: time.Unix(int64(n), 0), expires: time.Now().Add(time.Hour)})
	}
	require.NoError(t, c.replace("1", contacts))
	require.Len(t, c.of("1"), mostContacts)
	require.Equal(t, "19", c.valid("1", time.Now())[0].uri)
}

func TestAFixedDeviceIsReachableWhenItsRegistrationEnds(t *testing.T) {
	d := devices("1001")
	fixed := d.devices["1001"]
	fixed.Fixed = "sip:1001@127.0.0.1:5099"
	d.devices["1001"] = fixed
	reached := make(chan bool, 10)
	s := serve(t, Config{Devices: d, Reach: func(_ string, ok bool) { reached <- ok }})
	past := time.Now().Add(-time.Second)
	c := contact{device: "1001", uri: "sip:1001@127.0.0.1:5098", network: "udp", source: s.Addr("udp"), registered: past, expires: past}
	s.registrar.set("1001", []contact{c})
	require.True(t, receive(t, reached))
	s.registrar.expire(time.Now())
	require.True(t, receive(t, reached))
	require.True(t, s.Reachable("1001"))
}
