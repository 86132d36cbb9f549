package sip

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/icholy/digest"
	"github.com/stretchr/testify/require"

	sipmsg "github.com/emiago/sipgo/sip"
	"threering/store"
)

func TestEnvelope(t *testing.T) {
	e, ok := readEnvelope([]byte("BYE sip:a SIP/2.0\r\ni: x@y \r\nFROM: \"a;tag=no\" <sip:b;tag=no@c>;x=1; Tag=me\r\nt: <sip:1001@h>;tag=you\r\n\r\nTo: z"))
	require.True(t, ok)
	require.Equal(t, "BYE x@y me you 1001 you", fmt.Sprintf("%s %s %s %s %s %s", e.method, e.callID, e.from, e.to, e.user, e.ourTag()))
	e, ok = readEnvelope([]byte("SIP/2.0 200 OK\nCall-ID: x\nFrom: sip:a@b;tag=me\nTo: <sip:b>"))
	require.True(t, ok)
	require.Equal(t, "x me  me", fmt.Sprintf("%s %s %s %s", e.callID, e.from, e.to, e.ourTag()))
	require.False(t, e.begins())
	e, _ = readEnvelope([]byte("INVITE sip:a SIP/2.0\r\nTo: <sip:b>\r\n\r\n"))
	require.True(t, e.begins())
	for _, junk := range []string{"", "\r\n\r\n", "hello", "GET / HTTP/1.1\r\n\r\n", "SIP/2.0"} {
		_, ok := readEnvelope([]byte(junk))
		require.False(t, ok, junk)
	}
}

func TestTheCrowdKeepsOriginsApart(t *testing.T) {
	c, now := newCrowd(), time.Now()
	at := func(n int) origin { return origin{network: netip.AddrFrom4([4]byte{10, 0, 0, byte(n)})} }
	for range atOnce {
		require.True(t, c.allows(at(1), 1, now))
	}
	require.False(t, c.allows(at(1), 1, now))
	require.True(t, c.allows(at(2), 1, now))
	require.True(t, c.allows(origin{at(1).network, "1001"}, 1, now))
	now = now.Add(time.Second)
	for range pace {
		require.True(t, c.allows(at(1), 1, now))
	}
	require.False(t, c.allows(at(1), 1, now))

	require.EqualValues(t, 3, c.blames(at(1), 3, now))
	require.InDelta(t, 5, c.blames(at(1), 3, now.Add(10*time.Second)), .01, "faults are forgotten")
	c.clears(at(1), now)
	require.EqualValues(t, 1, c.blames(at(1), 1, now.Add(10*time.Second)))
	require.Equal(t, networkOfHost(netip.MustParseAddr("2001:db8::1")), networkOfHost(netip.MustParseAddr("2001:db8::2:3")))
	require.NotEqual(t, networkOfHost(netip.MustParseAddr("2001:db8::1")), networkOfHost(netip.MustParseAddr("2001:db8:0:1::1")))
}

func TestTheCrowdDoesNotGrow(t *testing.T) {
	c, now := newCrowd(), time.Now()
	allocs := testing.AllocsPerRun(20_000, func() {
		now = now.Add(50 * time.Microsecond)
		who := origin{network: netip.AddrFrom4([4]byte{byte(rand.Uint32()), byte(rand.Uint32()), byte(rand.Uint32()), 1})}
		c.allows(who, 1, now)
		c.blames(who, 1, now)
	})
	require.Zero(t, allocs)
}

func TestBansGrowEndAndAreKept(t *testing.T) {
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "sip.db"))
	require.NoError(t, err)
	defer db.Close()
	b, err := NewBans(t.Context(), db)
	require.NoError(t, err)
	now, host := time.Now(), netip.MustParseAddr("192.0.2.1")
	who, named := origin{network: host}, origin{network: networkOfHost(netip.MustParseAddr("2001:db8::9")), name: "1001"}
	var lengths []time.Duration
	for range 7 {
		ban := b.impose(who, FaultPassword, true, now)
		lengths = append(lengths, ban.Until.Sub(now))
		_, holds := b.holds(who, ban.Until.Add(-time.Second))
		require.True(t, holds)
		_, holds = b.holds(who, ban.Until)
		require.False(t, holds)
	}
	require.Equal(t, []time.Duration{5 * time.Minute, 20 * time.Minute, 80 * time.Minute, 320 * time.Minute, 1280 * time.Minute, longestBan, longestBan}, lengths)
	b.impose(named, FaultScan, false, now)
	require.NoError(t, b.write())

	again, err := NewBans(t.Context(), db)
	require.NoError(t, err)
	list := again.List(now)
	require.Len(t, list, 2)
	require.Equal(t, "192.0.2.1/32  password 7", fmt.Sprint(list[0].Network, " ", list[0].Device, " ", list[0].Why, " ", list[0].Times))
	require.Equal(t, "2001:db8::/64 1001 scan", fmt.Sprint(list[1].Network, " ", list[1].Device, " ", list[1].Why))
	again.pardon(who)
	require.True(t, again.Lift(netip.MustParseAddr("2001:db8::1:2")))
	require.False(t, again.Lift(netip.MustParseAddr("2001:db8::1:2")))
	require.NoError(t, again.write())
	third, err := NewBans(t.Context(), db)
	require.NoError(t, err)
	require.Len(t, third.List(now), 1, "only what was not proven is pardoned")

	for i := range mostBans + 100 {
		third.impose(origin{network: netip.AddrFrom4([4]byte{10, 1, byte(i >> 8), byte(i)})}, FaultJunk, false, now)
	}
	require.Len(t, third.all, mostBans)
	_, holds := third.holds(who, now)
	require.True(t, holds, "the longest ban stays")
}

// tryRegister registers with a password that may be wrong; nil: nothing came back.
func (w *wire) tryRegister(user string, n int, password string) *sipmsg.Response {
	w.t.Helper()
	var auth []string
	for try := range 2 {
		w.send(registration(user, 2*n+try, auth...))
		require.NoError(w.t, w.conn.SetReadDeadline(time.Now().Add(200*time.Millisecond)))
		buffer := make([]byte, 65536)
		size, _, err := w.conn.ReadFrom(buffer)
		if err != nil {
			return nil
		}
		msg, err := sipmsg.ParseMessage(buffer[:size])
		require.NoError(w.t, err)
		res := msg.(*sipmsg.Response)
		if res.StatusCode != 401 {
			return res
		}
		auth = []string{credentials(w.t, res, "SHA-256", digest.Options{Method: "REGISTER", Username: user, Password: password})}
	}
	w.t.Fatal("challenged again")
	return nil
}

// guess sends REGISTERs with wrong passwords from a stranger's address until nothing comes back, and says how often.
func guess(t *testing.T, w *wire, user string) int {
	t.Helper()
	for n := 1; n < 100; n++ {
		res := w.tryRegister(user, n, "wrong")
		if res == nil {
			return n
		}
		require.Equal(t, 403, res.StatusCode)
	}
	t.Fatal("never banned")
	return 0
}

func TestWhoGuessesPasswordsIsShutOut(t *testing.T) {
	b := newInbox()
	s, _, w := registrarFor(t, Config{Incoming: b.incoming}, "1001", "1002")
	require.Equal(t, 200, w.register("1001", 1, "Expires: 600").StatusCode)
	leg, tag := w.call(b, letter{from: "1001", callID: "in progress"})

	for host, user := range map[string]string{"127.0.0.66": "1002", "127.0.0.67": "nobody"} {
		attacker := newWireAt(t, s, host)
		require.InDelta(t, 9, guess(t, attacker, user), 1, "a user that there is not is like one that there is")
		require.Nil(t, attacker.tryRegister(user, 200, password), "the right one comes too late")
	}
	require.Len(t, s.Bans(), 2)
	require.True(t, s.Bans()[0].Proven)
	require.NotZero(t, s.Counters().Banned)

	w.send(letter{method: "INFO", from: "1001", callID: "in progress", toTag: tag, cseq: 2})
	require.NotNil(t, w.read(), "the call goes on")
	require.Equal(t, 200, w.register("1001", 3, "Expires: 600").StatusCode)
	leg.Hangup(Reason{})
	w.reply(w.request(sipmsg.BYE), 200, "OK", "", "")
	b.diary.ended(t, leg)

	require.True(t, s.LiftBan(netip.MustParseAddr("127.0.0.66")))
	require.Equal(t, 200, newWireAt(t, s, "127.0.0.66").register("1002", 300, "Expires: 600").StatusCode)
}

func TestWhoSharesAnAddressIsBannedByName(t *testing.T) {
	s, _, w := registrarFor(t, Config{}, "1001", "1002")
	require.Equal(t, 200, w.register("1001", 1, "Expires: 600").StatusCode)
	neighbour := newWire(t, s)
	for n := 1; len(s.Bans()) == 0; n++ {
		require.Less(t, n, 20)
		require.Equal(t, 403, neighbour.tryRegister("1002", n, "wrong").StatusCode)
	}
	require.Equal(t, "1002", s.Bans()[0].Device)
	require.Equal(t, 403, neighbour.tryRegister("1002", 100, password).StatusCode)
	w2 := newWire(t, s) // has 1002's password, and registers again later
	s.LiftBan(netip.MustParseAddr("127.0.0.1"))
	require.Equal(t, 200, w2.register("1002", 1, "Expires: 600").StatusCode)
	for n := 200; len(s.Bans()) == 0; n++ {
		neighbour.tryRegister("1002", n, "wrong")
	}
	require.Equal(t, 200, w2.register("1002", 3, "Expires: 600").StatusCode, "no guesser next to a phone shuts it out")
	require.Equal(t, 200, newWire(t, s).register("1001", 1, "Expires: 600").StatusCode, "others there are not concerned")
}

// A source of UDP that is forged may be somebody's who is about to register.
func TestAForgedSourceShutsNobodyOut(t *testing.T) {
	s, _, w := registrarFor(t, Config{}, "1001")
	for range banAt + 10 {
		w.write("junk")
	}
	require.Eventually(t, func() bool { return len(s.Bans()) == 1 }, patienceInTests, time.Millisecond)
	for range 3 * banAt { // no more than the socket has room for
		w.write("junk")
	}
	require.False(t, s.Bans()[0].Proven)
	require.Equal(t, 1, s.Bans()[0].Times, "what comes while a ban holds makes it no longer")
	require.Equal(t, 200, w.register("1001", 1, "Expires: 600").StatusCode)
	require.Empty(t, s.Bans(), "who has the right password is pardoned")
}

// svwar and its like ask for one name after the other.
func TestAScanLearnsNothing(t *testing.T) {
	s, _, w := registrarFor(t, Config{}, "1001")
	shape := func(user string) string {
		w.send(letter{method: "REGISTER", uri: "sip:127.0.0.1", from: user, to: user, callID: "scan " + user})
		res := w.response(401)
		var lines []string
		for line := range strings.Lines(res.String()) {
			name, _, _ := strings.Cut(line, ":")
			lines = append(lines, name)
		}
		return strings.Join(lines, "\n")
	}
	require.Equal(t, shape("1001"), shape("nobody"))
	for n := range banAt {
		w.send(letter{method: "REGISTER", uri: "sip:127.0.0.1", from: fmt.Sprint(n), to: fmt.Sprint(n), callID: fmt.Sprint("scan ", n)})
	}
	require.Eventually(t, func() bool { return len(s.Bans()) == 1 }, patienceInTests, time.Millisecond)
	require.Equal(t, FaultScan, s.Bans()[0].Why)
}

func TestJunkFromEverywhereLeavesNothing(t *testing.T) {
	s, _, w := registrarFor(t, Config{}, "1001")
	require.Equal(t, 200, w.register("1001", 1, "Expires: 600").StatusCode)
	before := s.transport.Pool("udp").Size()
	info := sipmsg.TransportReadProps{Transport: "UDP", LocalAddr: w.to}
	texts := []string{"junk", "OPTIONS sip:a SIP/2.0\r\n\r\n", w.compose(letter{method: "INVITE", from: "1001"}), w.compose(letter{method: "REGISTER"}), "SIP/2.0 200 OK\r\n\r\n"}
	for i := range 20_000 {
		info.RemoteAddr = udpAddr(fmt.Sprintf("10.%d.%d.%d:%d", i>>12, i>>6&63, i&63, 1024+i))
		passed, err := s.gate(info, []byte(texts[i%len(texts)]))
		require.NoError(t, err)
		require.Empty(t, passed)
	}
	require.Equal(t, before, s.transport.Pool("udp").Size())
	require.Empty(t, s.Bans())
}

func TestTooMuchToDoAndLittleEnough(t *testing.T) {
	l := newLoad(false)
	for range 3 {
		require.False(t, l.look(100*time.Millisecond), "some lateness is no reason")
	}
	for range 3 {
		require.False(t, l.look(3*time.Second), "nor is a stall that is over")
		for range 10 {
			require.False(t, l.look(0))
		}
	}
	for range 20 {
		l.look(300 * time.Millisecond)
	}
	require.True(t, l.over.Load())
	require.True(t, l.look(100*time.Millisecond), "it is not over at once")
	for range 20 {
		l.look(0)
	}
	require.False(t, l.over.Load())
	l.opening.Store(openingMost + 1)
	require.True(t, l.look(0))
	l.opening.Store(openingLittle)
	require.True(t, l.look(0))
	l.opening.Store(0)
	require.False(t, l.look(0))
}

func TestATelephoneIsNeverTooLate(t *testing.T) {
	l := newLoad(true)
	for range 20 {
		require.False(t, l.look(time.Second))
	}
	l.opening.Store(openingMost + 1)
	require.True(t, l.look(time.Second), "but may have too many calls")
	l.opening.Store(0)
	require.False(t, l.look(time.Second))
}

func TestNoNewCallsWhileDraining(t *testing.T) {
	b := newInbox()
	s, _, w := registrarFor(t, Config{Incoming: b.incoming}, "1001")
	require.Equal(t, 200, w.register("1001", 1, "Expires: 600").StatusCode)
	leg, tag := w.call(b, letter{from: "1001", callID: "in progress"})
	require.NoError(t, s.Hears(t.Context()))
	drained := make(chan struct{})
	go func() { s.Drain(t.Context()); close(drained) }()
	require.Eventually(t, s.load.draining.Load, patienceInTests, time.Millisecond)

	w.send(letter{method: "INVITE", from: "1001", callID: "too late", body: "x"})
	require.Equal(t, "30", field(w.response(503), "Retry-After"))
	require.Nil(t, s.legs.find("too late", ""))
	require.Equal(t, 200, w.register("1001", 3, "Expires: 600").StatusCode)
	require.Len(t, s.legs.all(), 1)
	w.send(letter{method: "BYE", from: "1001", callID: "in progress", toTag: tag, cseq: 2})
	w.response(200)
	b.diary.ended(t, leg)
	receive(t, drained)
}

func BenchmarkGateJunk(b *testing.B) {
	s, err := Listen(Config{Devices: devices("1001")})
	require.NoError(b, err)
	info := sipmsg.TransportReadProps{Transport: "UDP", LocalAddr: udpAddr("127.0.0.1:5060"), RemoteAddr: udpAddr("192.0.2.1:5060")}
	junk := []byte("OPTIONS sip:100@192.0.2.9 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-1;rport\r\nFrom: \"sipvicious\"<sip:100@1.1.1.1>;tag=1\r\n" +
		"To: \"sipvicious\"<sip:100@1.1.1.1>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nUser-Agent: friendly-scanner\r\nContent-Length: 0\r\n\r\n")
	b.ReportAllocs()
	for b.Loop() {
		_, _ = s.gate(info, junk)
	}
}
