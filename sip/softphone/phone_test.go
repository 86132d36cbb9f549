package softphone

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"threering/media"
	"threering/sip"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// exchange is a small private exchange: who calls a device's name is joined with that device.
type exchange struct {
	server *sip.Server
	engine *media.Engine
	reach  chan bool
}

type anyDevice struct{}

func (anyDevice) Device(name string) (sip.Device, bool) {
	ha1 := name + ":threering:secret"
	short, long := md5.Sum([]byte(ha1)), sha256.Sum256([]byte(ha1))
	return sip.Device{Name: name, HA1MD5: hex.EncodeToString(short[:]), HA1SHA256: hex.EncodeToString(long[:])}, name != "stranger"
}
func (anyDevice) Trusted(netip.Addr) bool { return false }

func openExchange(t *testing.T) *exchange {
	engine, err := media.NewEngine(media.Config{Low: 30000, High: 30999})
	require.NoError(t, err)
	x := &exchange{engine: engine, reach: make(chan bool, 100)}
	x.server, err = sip.Listen(sip.Config{
		Listen: []string{"udp://127.0.0.1:0", "tcp://127.0.0.1:0"}, Devices: anyDevice{}, Incoming: x.incoming,
		Reach: func(_ string, reachable bool) { x.reach <- reachable }, MinExpires: time.Second,
		T1: 50 * time.Millisecond,
	})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- x.server.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
		require.NoError(t, engine.Close())
	})
	return x
}

// incoming joins a caller with the device that it dials. The first end of a leg ends the other.
func (x *exchange) incoming(caller *sip.Leg) {
	var once sync.Once
	var callee atomic.Pointer[sip.Leg]
	a, _ := x.engine.NewPort(keys{})
	b, _ := x.engine.NewPort(keys{})
	over := func(e sip.Ended) {
		once.Do(func() {
			reason := sip.Reason{Code: e.Code, Text: e.Text}
			if leg := callee.Load(); leg != nil {
				leg.Hangup(reason)
			}
			caller.Hangup(reason)
			a.Close()
			b.Close()
		})
	}
	caller.Attach(a, func(e sip.Event) {
		switch e := e.(type) {
		case sip.Answered:
			media.Join(a, b)
		case sip.Digit:
			b.SendDigit(e.Key)
		case sip.Ended:
			over(e)
		}
	})
	leg, err := x.server.Dial(caller.To(), sip.Dial{From: caller.From().Number, FromName: caller.From().Name, Media: b,
		Notify: func(e sip.Event) {
			switch e := e.(type) {
			case sip.Ringing:
				caller.Ring()
			case sip.Answered:
				caller.Answer()
			case sip.Digit:
				a.SendDigit(e.Key)
			case sip.Ended:
				over(e)
			}
		}})
	if err != nil {
		caller.Reject(480, "Unreachable")
		return
	}
	callee.Store(leg)
}

type keys struct{}

func (keys) Digit(*media.Port, rune)           {}
func (keys) Held(*media.Port, bool)            {}
func (keys) Silent(*media.Port, time.Duration) {}

func openPhone(t *testing.T, x *exchange, user, network string, incoming Policy) *Phone {
	p, err := New(Config{
		Server: x.server.Addr(network), Network: network, User: user, Password: "secret", DisplayName: "电话 " + user,
		Incoming: incoming, Media: media.Config{Low: 31000, High: 31999}, T1: 50 * time.Millisecond,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	require.NoError(t, p.Register(soon(t)))
	require.True(t, <-x.reach)
	return p
}

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestTwoPhonesTalk(t *testing.T) {
	for _, network := range []string{"udp", "tcp"} {
		t.Run(network, func(t *testing.T) {
			x := openExchange(t)
			alice := openPhone(t, x, "1001", network, nil)
			bob := openPhone(t, x, "1002", network, AnswerAfter(50*time.Millisecond))
			call, err := alice.Dial(soon(t), "1002")
			require.NoError(t, err)
			require.NoError(t, call.WaitRinging(soon(t)))
			require.NoError(t, call.WaitAnswered(soon(t)))
			far, err := bob.NextCall(soon(t))
			require.NoError(t, err)
			require.Equal(t, "1001", far.Leg().From().Number)
			require.Equal(t, "电话 1001", far.Leg().From().Name)
			require.NoError(t, far.WaitAnswered(soon(t)))

			call.PlayTone(600)
			far.PlayTone(1000)
			require.True(t, far.Hears(600, 3*time.Second))
			require.True(t, call.Hears(1000, 3*time.Second))
			require.False(t, call.Hears(600, 300*time.Millisecond))

			call.SendDigit('7')
			key, err := far.WaitDigit(soon(t))
			require.NoError(t, err)
			require.Equal(t, '7', key)
			require.NoError(t, far.SendInfo(soon(t), '#'))
			key, err = call.WaitDigit(soon(t))
			require.NoError(t, err)
			require.Equal(t, '#', key)

			require.NoError(t, far.Hold(soon(t)))
			require.True(t, far.HearsSilence(3*time.Second))
			require.NoError(t, far.Resume(soon(t)))
			require.True(t, far.Hears(600, 3*time.Second))

			call.Hangup()
			ended, err := call.WaitEnded(soon(t))
			require.NoError(t, err)
			require.Equal(t, sip.Ended{Code: 200, Local: true}, ended)
			ended, err = far.WaitEnded(soon(t))
			require.NoError(t, err)
			require.Equal(t, 200, ended.Code)
			require.False(t, ended.Local)
		})
	}
}

func TestPolicies(t *testing.T) {
	for name, c := range map[string]struct {
		policy Policy
		rings  bool
		code   int
	}{
		"busy":    {Busy, false, 486},
		"decline": {Decline, false, 603},
		"silent":  {AnswerWithoutRinging, false, 0},
		"forever": {RingForEver, true, 487},
	} {
		t.Run(name, func(t *testing.T) {
			x := openExchange(t)
			alice := openPhone(t, x, "1001", "udp", nil)
			bob := openPhone(t, x, "1002", "udp", c.policy)
			call, err := alice.Dial(soon(t), "1002")
			require.NoError(t, err)
			far, err := bob.NextCall(soon(t))
			require.NoError(t, err)
			if c.rings {
				require.NoError(t, call.WaitRinging(soon(t)))
				call.Hangup()
				ended, err := far.WaitEnded(soon(t))
				require.NoError(t, err)
				require.Equal(t, 487, ended.Code)
			}
			if c.code == 0 {
				require.NoError(t, call.WaitAnswered(soon(t)))
				call.Hangup()
				return
			}
			ended, err := call.WaitEnded(soon(t))
			require.NoError(t, err)
			require.Equal(t, c.code, ended.Code)
			require.ErrorContains(t, call.WaitAnswered(soon(t)), "call ended with")
		})
	}
}

func TestRegistering(t *testing.T) {
	x := openExchange(t)
	p := openPhone(t, x, "1001", "udp", nil)
	require.True(t, x.server.Reachable("1001"))
	require.NoError(t, p.Register(soon(t))) // again
	require.NoError(t, p.Unregister(soon(t)))
	require.False(t, <-x.reach)
	require.False(t, x.server.Reachable("1001"))

	for user, password := range map[string]string{"1001": "guess", "stranger": "secret"} {
		bad, err := New(Config{Server: x.server.Addr("udp"), User: user, Password: password, Media: media.Config{Low: 31000, High: 31999}})
		require.NoError(t, err)
		var refused sip.StatusError
		require.ErrorAs(t, bad.Register(soon(t)), &refused)
		require.Equal(t, 403, refused.Code)
		require.NoError(t, bad.Close())
	}
	require.EqualValues(t, 2, x.server.Counters().AuthFailures)
}

func TestRegistrationIsRenewed(t *testing.T) {
	x := openExchange(t)
	p, err := New(Config{Server: x.server.Addr("udp"), User: "1001", Password: "secret", Expires: time.Second,
		Media: media.Config{Low: 31000, High: 31999}})
	require.NoError(t, err)
	require.NoError(t, p.Register(soon(t)))
	require.True(t, <-x.reach)
	select {
	case <-x.reach:
		require.Fail(t, "it expired")
	case <-time.After(1500 * time.Millisecond):
	}
	require.NoError(t, p.Close())
	require.False(t, <-x.reach) // nobody renews it any more
}

func TestNoAnswerFromAServerThatIsNotThere(t *testing.T) {
	p, err := New(Config{Server: netip.MustParseAddrPort("127.0.0.1:9"), User: "1001", Media: media.Config{Low: 31000, High: 31999}})
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, p.Register(ctx), context.DeadlineExceeded)
	require.NoError(t, p.Close())
	_, err = New(Config{Server: netip.MustParseAddrPort("127.0.0.1:9"), User: "1001", Network: "smoke"})
	require.ErrorIs(t, err, sip.ErrAddress)
	require.False(t, errors.Is(err, sip.ErrClosed))
}
