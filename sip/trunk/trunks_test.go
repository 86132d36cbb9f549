package trunk

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"threering/config/certs/certstest"
	"threering/sip"
	"threering/store"
	"threering/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 10 * time.Second

// paper is a sip.Media that talks of nothing.
type paper struct{}

func (paper) Offer() ([]byte, error)        { return []byte("offer"), nil }
func (paper) Answer([]byte) ([]byte, error) { return []byte("answer"), nil }
func (paper) Accept([]byte) error           { return nil }

// accounts is the sip.Devices of a carrier: those with the password "secret", and whoever calls.
type accounts []string

func (a accounts) Device(name string) (sip.Device, bool) {
	for _, known := range a {
		if known == name {
			sum := md5.Sum([]byte(name + ":carrier:secret"))
			return sip.Device{Name: name, HA1MD5: hex.EncodeToString(sum[:])}, true
		}
	}
	return sip.Device{}, false
}

func (accounts) Trusted(netip.Addr) bool { return true }

// carrier is a server of somebody else's: it registers accounts, and does with calls as it is told.
type carrier struct {
	*sip.Server
	stop  func()
	calls chan *sip.Leg
}

// serve runs a server until the test or stop ends it.
func serve(t *testing.T, c sip.Config) (*sip.Server, func()) {
	t.Helper()
	c.T1 = 50 * time.Millisecond
	c.MinExpires = time.Second
	if c.Listen == nil {
		c.Listen = []string{"udp://127.0.0.1:0"}
	}
	if testing.Verbose() {
		c.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	s, err := sip.Listen(c)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = s.Serve(ctx) }()
	stop := sync.OnceFunc(func() { cancel(); <-ended })
	t.Cleanup(stop)
	return s, stop
}

// open runs a carrier. take does something with each call; nil: it is answered.
func open(t *testing.T, names accounts, listen string, take func(*sip.Leg)) *carrier {
	t.Helper()
	c := &carrier{calls: make(chan *sip.Leg, 100)}
	if take == nil {
		take = func(l *sip.Leg) { l.Answer() }
	}
	var where []string
	if listen != "" {
		where = []string{listen}
	}
	c.Server, c.stop = serve(t, sip.Config{Listen: where, Realm: "carrier", Devices: names, Incoming: func(l *sip.Leg) {
		l.Attach(paper{}, func(sip.Event) {})
		take(l)
		c.calls <- l
	}})
	return c
}

func (c *carrier) uri() string { return "sip:" + c.Addr("udp").String() }

// office is our side: trunks at work by a server of ours.
type office struct {
	*Trunks
	t      *testing.T
	server *sip.Server
	db     *store.DB
	news   chan News
	alarms chan string // "id: text", or "id: over"
	stop   func()
}

func work(t *testing.T, db *store.DB, trunks ...Trunk) *office {
	t.Helper()
	o := &office{t: t, db: db, news: make(chan News, 1000), alarms: make(chan string, 1000)}
	o.Trunks = New(Config{
		Read: plan, DB: db, Tell: func(n News) { o.news <- n },
		Alarm: func(id string, err error) {
			if err == nil {
				err = errors.New("over")
			}
			o.alarms <- fmt.Sprintf("%s: %s", id, err)
		},
	})
	o.rhythm = rhythm{minute: time.Hour, probe: 300 * time.Millisecond, register: 500 * time.Millisecond, again: 20 * time.Millisecond, doubt: 20 * time.Millisecond, certificate: 20 * time.Millisecond}
	require.NoError(t, o.Load(t.Context(), time.UTC))
	o.server, _ = serve(t, sip.Config{Trunks: o.Trunks, Incoming: o.Incoming(func(l *sip.Leg) {
		l.Attach(paper{}, func(sip.Event) {})
		l.Answer()
	})})
	o.Replace(Part{Trunks: trunks}, time.UTC)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = o.Run(ctx, o.server) }()
	o.stop = sync.OnceFunc(func() { cancel(); <-ended })
	t.Cleanup(o.stop)
	require.Eventually(t, func() bool {
		o.Trunks.mu.RLock()
		defer o.Trunks.mu.RUnlock()
		return o.Trunks.server != nil
	}, patience, time.Millisecond)
	return o
}

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		require.FailNow(t, "nothing came")
		panic("unreachable")
	}
}

// until waits for news of a kind.
func (o *office) until(is func(News) bool) News {
	o.t.Helper()
	for {
		if n := receive(o.t, o.news); is(n) {
			return n
		}
	}
}

func (o *office) becomes(trunk string, state State) {
	o.t.Helper()
	o.until(func(n News) bool { return n.Kind == Changed && n.Trunk == trunk && n.State == state })
}

// a call that goes out, and what is told of it.
type going struct {
	leg    *sip.Leg
	events chan sip.Event
}

func (o *office) dial(agent, number string) (going, error) {
	o.t.Helper()
	g := going{events: make(chan sip.Event, 100)}
	var err error
	g.leg, err = o.DialOut(agent, number, sip.Dial{
		Media: paper{}, Notify: func(e sip.Event) { g.events <- e }, Headers: map[string]string{callHeader: "c1"},
	})
	return g, err
}

func (g going) answered(t *testing.T) {
	t.Helper()
	for {
		switch e := receive(t, g.events).(type) {
		case sip.Answered:
			return
		case sip.Ended:
			require.FailNow(t, "ended", "%+v", e)
		}
	}
}

func (g going) ended(t *testing.T) sip.Ended {
	t.Helper()
	for {
		if e, is := receive(t, g.events).(sip.Ended); is {
			return e
		}
	}
}

func none() *time.Duration { d := time.Duration(0); return &d }

// to is a trunk that lets 1001 call by a carrier.
func to(name string, order int, uri string, change func(*Trunk)) Trunk {
	return out(func(t *Trunk) {
		t.Name, t.Order, t.Servers, t.Keepalive = name, order, []string{uri}, none()
		if change != nil {
			change(t)
		}
	})
}

func TestATrunkStaysRegistered(t *testing.T) {
	t.Setenv("SECRET", "secret")
	stranger, c := open(t, nil, "", nil), open(t, accounts{"84001"}, "", nil)
	o := work(t, nil, Trunk{
		Name: "telecom", Servers: []string{stranger.uri(), c.uri()}, Keepalive: none(),
		Register: &Register{User: "84001", Password: "env:SECRET", Expires: 2 * time.Second},
	})
	o.becomes("telecom", Up) // at the second registrar, since the first will not have it
	require.True(t, c.Reachable("84001"))
	first := *o.List()[0].Registered
	require.Eventually(t, func() bool { return o.List()[0].Registered.After(first) }, patience, 10*time.Millisecond, "renewed in time")
	require.True(t, c.Reachable("84001"))
	o.stop()
	require.Eventually(t, func() bool { return !c.Reachable("84001") }, patience, 10*time.Millisecond, "taken back")
}

func TestATrunkThatCannotRegisterIsDown(t *testing.T) {
	t.Setenv("SECRET", "wrong")
	c := open(t, accounts{"84001"}, "", nil)
	o := work(t, nil, Trunk{
		Name: "telecom", Servers: []string{c.uri()}, Keepalive: none(), Register: &Register{User: "84001", Password: "env:SECRET"},
	})
	o.becomes("telecom", Down)
	require.Contains(t, receive(t, o.alarms), "not registered")
	require.NotContains(t, o.List()[0].Why, "wrong", "no password in words for people")
	t.Setenv("SECRET", "secret") // as somebody puts it right
	o.becomes("telecom", Up)
}

func TestATrunkWhoseServerGoesAndComes(t *testing.T) {
	c := open(t, nil, "", nil)
	where := "udp://" + c.Addr("udp").String()
	often := 30 * time.Millisecond
	o := work(t, nil, Trunk{Name: "telecom", Servers: []string{c.uri()}, Keepalive: &often})
	o.becomes("telecom", Up)
	c.stop()
	o.becomes("telecom", Down)
	require.Contains(t, receive(t, o.alarms), "over")
	require.Contains(t, receive(t, o.alarms), "trunk telecom is down")
	require.Equal(t, Down, o.List()[0].Servers[0].State)
	open(t, nil, where, nil)
	o.becomes("telecom", Up)
}

func TestATrunkWhosePortIsClosedIsSoonDown(t *testing.T) {
	c := open(t, nil, "", nil)
	c.stop()
	rarely := time.Hour
	o := work(t, nil, Trunk{Name: "telecom", Servers: []string{c.uri()}, Keepalive: &rarely})
	o.becomes("telecom", Down)
	require.Equal(t, errSilent.Error(), o.List()[0].Why)
}

func TestATrunksOwnCertificateIsTakenUpAsItChanges(t *testing.T) {
	certificate, key := filepath.Join(t.TempDir(), "own.pem"), filepath.Join(t.TempDir(), "own.key")
	certstest.Write(t, certificate, key, 1, time.Hour)
	o := work(t, nil, Trunk{Name: "telecom", Servers: []string{"sips:127.0.0.1:9"}, Keepalive: none(), TLS: &TLS{Certificate: certificate, Key: key}})
	require.Contains(t, receive(t, o.alarms), "certificate of trunk telecom: ", "it ends soon")
	shown := func() int64 {
		l := o.find("telecom")
		pair, err := l.hop(target{network: "tls"}).TLS.GetClientCertificate(nil)
		require.NoError(t, err)
		return pair.Leaf.SerialNumber.Int64()
	}
	require.EqualValues(t, 1, shown())
	certstest.Write(t, certificate, key, 2, 365*24*time.Hour)
	require.Eventually(t, func() bool { return shown() == 2 }, patience, time.Millisecond)
	require.Eventually(t, func() bool { return receive(t, o.alarms) == "certificate of trunk telecom: over" }, patience, time.Millisecond)
}

func TestACallGoesOverToTheNextTrunk(t *testing.T) {
	broken := open(t, nil, "", func(l *sip.Leg) { l.Reject(503, "Service Unavailable") })
	c := open(t, nil, "", nil)
	o := work(t, nil, to("first", 1, broken.uri(), nil), to("second", 2, c.uri(), nil))
	g, err := o.dial("1001", "13800138000")
	require.NoError(t, err)
	g.answered(t)
	require.Equal(t, "second", g.leg.Via())
	theirs := receive(t, c.calls)
	require.Equal(t, "+8613800138000", theirs.To())
	require.Equal(t, "+861066557700", theirs.From().Number)
	require.Empty(t, theirs.Header(callHeader), "nothing of ours for a carrier")
	require.Equal(t, 0, o.List()[0].Out, "the money put aside is given back")
	require.Equal(t, 1, o.List()[1].Out)
	require.InDelta(t, 0.1, o.List()[1].Spent, 1e-9)

	// The first is down now, and tried last.
	o.becomes("first", Down)
	v, err := o.Check(Outgoing{Agent: "1001", Number: "13800138000"})
	require.NoError(t, err)
	require.Equal(t, "second", v.Trunk)
	g.leg.Hangup(sip.Reason{})
	g.ended(t)
	require.Equal(t, 0, o.List()[1].Out)
}

func TestABusyCustomerIsNotTriedAgain(t *testing.T) {
	busy := open(t, nil, "", func(l *sip.Leg) { l.Reject(486, "Busy Here") })
	c := open(t, nil, "", nil)
	o := work(t, nil, to("first", 1, busy.uri(), nil), to("second", 2, c.uri(), nil))
	g, err := o.dial("1001", "13800138000")
	require.NoError(t, err)
	require.Equal(t, 486, g.ended(t).Code)
	require.Empty(t, c.calls)
	require.Zero(t, o.List()[0].Spent)
}

// TestFraudStopsAtTheCap: a phone that was taken over calls an expensive number again and again. Neither many calls nor a
// restart gets past the cap of the day.
func TestFraudStopsAtTheCap(t *testing.T) {
	c := open(t, nil, "", nil)
	db := storetest.Open(t)
	require.NoError(t, Migrate(t.Context(), db))
	line := to("telecom", 0, c.uri(), func(t *Trunk) { t.Out.Premium, t.Out.Calls, t.Out.PerAgent, t.Out.Spend = true, 100, 100, 23*unit })
	o := work(t, db, line)
	calls := 0
	var refusal *Refusal
	for {
		g, err := o.dial("1001", "+8616812345")
		if err != nil {
			require.ErrorIs(t, err, sip.ErrNotAllowed)
			require.ErrorAs(t, err, &refusal)
			break
		}
		g.answered(t)
		g.leg.Hangup(sip.Reason{})
		g.ended(t)
		calls++
		require.Less(t, calls, 10)
	}
	require.Equal(t, 4, calls, "4 x 5 of 23")
	require.Equal(t, SpentUp, refusal.Reason)
	n := o.until(func(n News) bool { return n.Kind == Refused })
	require.Equal(t, "spend", n.Why)
	require.Equal(t, "1001", n.Agent)
	require.Equal(t, "c1", n.Call)
	o.stop()

	again := work(t, db, line)
	_, err := again.dial("1001", "+8616812345")
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, SpentUp, refusal.Reason, "it is remembered")
	require.ErrorAs(t, again.Allow("1001", "+8616812345"), &refusal, "and known before a call is made")
	require.Equal(t, SpentUp, refusal.Reason)
	again.until(func(n News) bool { return n.Kind == Refused && n.Call == "" })
	require.NoError(t, again.Allow("1001", "13800138000"))
	require.InDelta(t, 20, again.List()[0].Spent, 1e-9)
	g, err := again.dial("1001", "13800138000")
	require.NoError(t, err, "what is cheap still goes out")
	g.leg.Hangup(sip.Reason{})
	g.ended(t)
}

// TestALongCallEndsWithTheMoney: one call that lasts is no way past the cap either.
func TestALongCallEndsWithTheMoney(t *testing.T) {
	c := open(t, nil, "", nil)
	o := work(t, nil, to("telecom", 0, c.uri(), func(t *Trunk) { t.Out.Premium, t.Out.Spend = true, 12*unit }))
	o.rhythm.minute = 20 * time.Millisecond
	g, err := o.dial("1001", "+8616812345")
	require.NoError(t, err)
	g.answered(t)
	ended := g.ended(t)
	require.True(t, ended.Local)
	require.Equal(t, "the day's money is spent", ended.Text)
	require.InDelta(t, 10, o.List()[0].Spent, 1e-9)
	require.Equal(t, "c1", o.until(func(n News) bool { return n.Kind == Cut }).Call)
}

func TestACallOutlivesItsTrunk(t *testing.T) {
	c := open(t, nil, "", nil)
	o := work(t, nil, to("telecom", 0, c.uri(), nil))
	g, err := o.dial("1001", "13800138000")
	require.NoError(t, err)
	g.answered(t)
	o.Replace(Part{}, time.UTC)
	require.Empty(t, o.List())
	_, err = o.dial("1001", "13800138000")
	var refusal *Refusal
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, NoTrunk, refusal.Reason)
	receive(t, c.calls).Hangup(sip.Reason{})
	require.Equal(t, 200, g.ended(t).Code, "the call has gone on until now")
}

func TestACallComesInByATrunk(t *testing.T) {
	c := open(t, nil, "", nil)
	o := work(t, nil, Trunk{Name: "telecom", Servers: []string{"sip:192.0.2.1"}, Addresses: []string{"127.0.0.0/8"}, Keepalive: none(), Incoming: "plain"})
	events := make(chan sip.Event, 10)
	leg, err := c.DialURI("sip:861066557701@"+o.server.Addr("udp").String(), sip.Dial{From: "8613800138000", Media: paper{}, Notify: func(e sip.Event) { events <- e }})
	require.NoError(t, err)
	g := going{leg, events}
	g.answered(t)
	require.Equal(t, 1, o.List()[0].In)
	leg.Hangup(sip.Reason{})
	g.ended(t)
	require.Eventually(t, func() bool { return o.List()[0].In == 0 }, patience, time.Millisecond)
	require.Equal(t, "+8613800138000", o.Read("telecom", "8613800138000"))
	_, known := o.Trunk(netip.MustParseAddr("203.0.113.9"))
	require.False(t, known)
}
