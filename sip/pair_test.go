package sip

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Two servers talk with each other, each a trunk of the other's.
func TestPairs(t *testing.T) {
	for _, network := range []string{"udp", "tcp"} {
		call := func(t *testing.T) (*Leg, diary, *inbox) {
			b := newInbox()
			callee := serve(t, Config{Devices: devices().trusting(), Incoming: b.incoming})
			caller := serve(t, Config{})
			d := newDiary()
			leg, err := caller.DialURI("sip:hotline@"+callee.Addr(network).String()+";transport="+network,
				Dial{From: "10086", FromName: `移动 "客服"`, Media: newPaper(), Notify: d.note})
			require.NoError(t, err)
			return leg, d, b
		}
		answered := func(t *testing.T) (*Leg, diary, *Leg, diary) {
			out, d, b := call(t)
			in := b.next(t)
			require.Equal(t, out.ID(), in.ID())
			require.Equal(t, "10086", in.From().Number)
			require.Equal(t, `移动 "客服"`, in.From().Name)
			in.Ring()
			require.Equal(t, Ringing{Code: 180}, d.next(t))
			in.Answer()
			require.Equal(t, Answered{}, d.next(t))
			require.Equal(t, Answered{}, b.diary.next(t))
			return out, d, in, b.diary
		}
		t.Run(network+" caller hangs up", func(t *testing.T) {
			out, d, in, e := answered(t)
			out.Hangup(Reason{Code: 200, Text: "done"})
			require.Equal(t, Ended{Code: 200, Text: "done"}, e.ended(t, in))
			require.Equal(t, Ended{Code: 200, Local: true, Text: "done"}, d.ended(t, out))
		})
		t.Run(network+" callee hangs up", func(t *testing.T) {
			out, d, in, e := answered(t)
			in.Hangup(Reason{})
			require.Equal(t, Ended{Code: 200}, d.ended(t, out))
			require.Equal(t, Ended{Code: 200, Local: true}, e.ended(t, in))
		})
		t.Run(network+" both hang up at once", func(t *testing.T) {
			out, d, in, e := answered(t)
			in.Hangup(Reason{})
			out.Hangup(Reason{})
			require.Equal(t, 200, d.ended(t, out).Code)
			require.Equal(t, 200, e.ended(t, in).Code)
		})
		t.Run(network+" cancelled while ringing", func(t *testing.T) {
			out, d, b := call(t)
			in := b.next(t)
			in.Ring()
			require.Equal(t, Ringing{Code: 180}, d.next(t))
			out.Hangup(Reason{Code: 200, Text: "Call completed elsewhere"})
			require.Equal(t, Ended{Code: 487, Text: "Call completed elsewhere"}, b.diary.ended(t, in))
			require.Equal(t, 487, d.ended(t, out).Code)
		})
		t.Run(network+" cancel and answer cross", func(t *testing.T) {
			for range 20 {
				out, d, b := call(t)
				in := b.next(t)
				in.Ring()
				require.Equal(t, Ringing{Code: 180}, d.next(t))
				go in.Answer()
				out.Hangup(Reason{})
				require.Contains(t, []int{200, 487}, d.ended(t, out).Code)
				require.Contains(t, []int{200, 487}, b.diary.ended(t, in).Code)
			}
		})
		t.Run(network+" refused", func(t *testing.T) {
			out, d, b := call(t)
			in := b.next(t)
			in.Reject(486, "Busy\r\nHere")
			require.Equal(t, Ended{Code: 486, Text: "Busy  Here"}, d.ended(t, out))
			require.Equal(t, 486, b.diary.ended(t, in).Code)
		})
		t.Run(network+" held", func(t *testing.T) {
			out, d, in, e := answered(t)
			told := make(chan error, 10)
			reoffers := []*Leg{in, out, out, in, out} // some of them at once
			for _, leg := range reoffers {
				leg.Reoffer(func(err error) { told <- err })
			}
			for range reoffers {
				require.NoError(t, receive(t, told))
			}
			out.SendInfo("application/dtmf-relay", []byte("Signal=*"), func(err error) { told <- err })
			require.NoError(t, receive(t, told))
			require.Equal(t, Digit{Key: '*'}, e.next(t))
			out.Hangup(Reason{})
			d.ended(t, out)
			e.ended(t, in)
		})
	}
}

func TestClosedConnectionEndsARingingCall(t *testing.T) {
	s, changes, _ := registrarFor(t, Config{T1: 200 * time.Millisecond}, "1001")
	b := newInbox()
	phone, err := Listen(Config{Listen: []string{"tcp://127.0.0.1:0"}, User: "1001", Devices: devices().trusting(), Incoming: b.incoming,
		T1: 10 * time.Millisecond})
	require.NoError(t, err)
	stop, ended := serveUntil(phone)
	account, err := phone.Registration(Account{Registrar: "sip:" + s.Addr("tcp").String() + ";transport=tcp", User: "1001", Password: password})
	require.NoError(t, err)
	_, err = account.Renew(t.Context())
	require.NoError(t, err)
	require.Equal(t, reached{"1001", true}, receive(t, changes))
	d := newDiary()
	leg, err := s.Dial("1001", Dial{Media: newPaper(), Notify: d.note})
	require.NoError(t, err)
	b.next(t).Ring()
	require.Equal(t, Ringing{Code: 180}, d.next(t))
	phone.transport.Pool("tcp").Clear() // the phone loses its power
	require.Equal(t, 503, d.ended(t, leg).Code)
	stop()
	require.NoError(t, receive(t, ended))
}
