package sip

import (
	"fmt"
	"net"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/require"
)

// house is a device with several phones.
func house(t *testing.T, c Config, phones int) (*Server, []*wire) {
	t.Helper()
	s, _, first := registrarFor(t, c, "1001")
	wires := []*wire{first}
	for len(wires) < phones {
		wires = append(wires, newWire(t, s))
	}
	for _, w := range wires {
		require.Equal(t, 200, w.register("1001", 1, "Expires: 600").StatusCode)
	}
	return s, wires
}

func dialDevice(t *testing.T, s *Server) (*Leg, *paper, diary) {
	t.Helper()
	media, d := newPaper(), newDiary()
	leg, err := s.Dial("1001", Dial{From: "13800138000", Media: media, Notify: d.note})
	require.NoError(t, err)
	return leg, media, d
}

func TestAllPhonesOfADeviceRingAndTheFirstAnswerWins(t *testing.T) {
	s, phones := house(t, Config{}, 3)
	leg, _, d := dialDevice(t, s)
	var invites []*sipmsg.Request
	for n, p := range phones {
		invite := p.request(sipmsg.INVITE)
		invites = append(invites, invite)
		require.Equal(t, p.addr(), fmt.Sprintf("%s:%d", invite.Recipient.Host, invite.Recipient.Port))
		require.Equal(t, leg.ID(), invite.CallID().Value())
		if n < 2 {
			p.reply(invite, 180, "Ringing", fmt.Sprint("tag-", n), "")
		}
	}
	require.Equal(t, Ringing{Code: 180}, d.next(t))
	phones[1].reply(invites[1], 200, "OK", "tag-1", "their answer")
	phones[1].request(sipmsg.ACK)
	require.Equal(t, Answered{}, d.next(t))

	cancel := phones[0].request(sipmsg.CANCEL)
	require.Equal(t, `SIP;cause=200;text="Call completed elsewhere"`, field(cancel, "Reason"))
	phones[0].reply(cancel, 200, "OK", "tag-0", "")
	phones[0].reply(invites[0], 487, "Request Terminated", "tag-0", "")
	phones[0].request(sipmsg.ACK)

	phones[2].reply(invites[2], 180, "Ringing", "tag-2", "") // heard only now
	phones[2].reply(phones[2].request(sipmsg.CANCEL), 200, "OK", "tag-2", "")
	phones[2].reply(invites[2], 200, "OK", "tag-2", "too late")
	require.Equal(t, "tag-2", tagOf(phones[2].request(sipmsg.ACK).To().Params))
	phones[2].reply(phones[2].request(sipmsg.BYE), 200, "OK", "", "")

	leg.Hangup(Reason{})
	bye := phones[1].request(sipmsg.BYE)
	require.Equal(t, "tag-1", tagOf(bye.To().Params))
	phones[1].reply(bye, 200, "OK", "", "")
	require.Equal(t, Ended{Code: 200, Local: true}, d.ended(t, leg))
}

func TestTheMostTellingRefusalOfSeveralPhonesIsTold(t *testing.T) {
	for name, c := range map[string]struct{ codes, want [2]int }{
		"busy after unknown":  {[2]int{404, 486}, [2]int{404}},
		"the same phone":      {[2]int{482, 486}, [2]int{486}},
		"busy after overload": {[2]int{503, 486}, [2]int{486}},
	} {
		t.Run(name, func(t *testing.T) {
			s, phones := house(t, Config{}, 2)
			leg, _, d := dialDevice(t, s)
			for n, p := range phones {
				invite := p.request(sipmsg.INVITE)
				p.reply(invite, 180, "Ringing", "a", "")
				p.reply(invite, c.codes[n], "No", "a", "")
				p.request(sipmsg.ACK)
				refusals(t, leg, n+1)
			}
			require.Equal(t, c.want[0], d.ended(t, leg).Code)
		})
	}
}

// refusals waits until a leg has taken so many, or has ended.
func refusals(t *testing.T, leg *Leg, count int) {
	t.Helper()
	require.Eventually(t, func() bool {
		taken := make(chan int, 1)
		leg.box.post(func() {
			n := 0
			for _, a := range leg.attempts {
				if a.over {
					n++
				}
			}
			taken <- n
		})
		select {
		case n := <-taken:
			return n >= count
		case <-leg.ctx.Done():
			return true
		}
	}, patienceInTests, time.Millisecond)
}

func TestADeclineEndsTheRingingOfAllPhones(t *testing.T) {
	s, phones := house(t, Config{}, 2)
	leg, _, d := dialDevice(t, s)
	other := phones[1].request(sipmsg.INVITE)
	phones[1].reply(other, 180, "Ringing", "b", "")
	phones[0].reply(phones[0].request(sipmsg.INVITE), 603, "Decline", "a", "")
	cancel := phones[1].request(sipmsg.CANCEL)
	phones[1].reply(cancel, 200, "OK", "b", "")
	phones[1].reply(other, 487, "Request Terminated", "b", "")
	require.Equal(t, Ended{Code: 603, Text: "Decline"}, d.ended(t, leg))
}

func TestAPhoneThatIsGoneDoesNotHoldUpABusyOne(t *testing.T) {
	s, phones := house(t, Config{T1: 20 * time.Millisecond}, 2)
	phones[1].conn.Close()
	leg, _, d := dialDevice(t, s)
	began := time.Now()
	phones[0].reply(phones[0].request(sipmsg.INVITE), 486, "Busy Here", "a", "")
	require.Equal(t, 486, d.ended(t, leg).Code)
	require.Less(t, time.Since(began), 64*20*time.Millisecond)
}

func TestHangupCancelsAllPhones(t *testing.T) {
	s, phones := house(t, Config{}, 2)
	leg, _, d := dialDevice(t, s)
	for _, p := range phones {
		p.reply(p.request(sipmsg.INVITE), 180, "Ringing", "a", "")
	}
	require.Equal(t, Ringing{Code: 180}, d.next(t))
	leg.Hangup(Reason{Code: 200, Text: "taken by 1002"})
	for _, p := range phones {
		cancel := p.request(sipmsg.CANCEL)
		require.Equal(t, `SIP;cause=200;text="taken by 1002"`, field(cancel, "Reason"))
		p.reply(cancel, 200, "OK", "a", "")
		p.write(replaceAll(replace(p.compose(letter{method: "X"}), "X sip:hotline@127.0.0.1 SIP/2.0", "SIP/2.0 200 OK"), "X", "Y")) // junk
	}
	require.Equal(t, 487, d.ended(t, leg).Code)
}

func TestEarlyDialogsOfAFork(t *testing.T) {
	p, invite := ringPhone(t, Config{}, Dial{})
	p.reply(invite, 183, "Session Progress", "a", "early of a")
	require.Equal(t, Ringing{Code: 183, Heard: true}, p.diary.next(t))
	require.Equal(t, "early of a", receive(t, p.media.accepted))
	p.reply(invite, 183, "Session Progress", "b", "early of b")
	require.Equal(t, "early of b", receive(t, p.media.accepted))
	p.reply(invite, 200, "OK", "a", "") // whose answer was in the 183
	p.request(sipmsg.ACK)
	require.Equal(t, "early of a", receive(t, p.media.accepted))
	require.Equal(t, Answered{}, p.diary.next(t))
	p.leg.Hangup(Reason{})
	p.reply(p.request(sipmsg.BYE), 200, "OK", "", "")
	p.diary.ended(t, p.leg)
}

func TestANameIsNotLookedUpByTheCaller(t *testing.T) {
	s := serve(t, Config{Listen: []string{"udp://0.0.0.0:0", "tcp://0.0.0.0:0"}})
	d := newDiary()
	began := time.Now()
	leg, err := s.DialURI("sip:1001@a-name-that-is-none.invalid", Dial{Media: newPaper(), Notify: d.note})
	require.NoError(t, err)
	require.Less(t, time.Since(began), 100*time.Millisecond)
	e := receiveWithin(t, d, 2*lookUpMost).(Ended)
	require.Equal(t, 503, e.Code)
	<-leg.done

	w := newWire(t, serve(t, Config{}))
	s = serve(t, Config{Listen: []string{"udp://127.0.0.1:0"}})
	_, port, err := net.SplitHostPort(w.addr())
	require.NoError(t, err)
	leg, err = s.DialURI("sip:1001@localhost:"+port, Dial{Media: newPaper(), Notify: d.note})
	require.NoError(t, err)
	w.to = net.UDPAddrFromAddrPort(s.Addr("udp"))
	w.reply(w.request(sipmsg.INVITE), 486, "Busy Here", "a", "")
	require.Equal(t, 486, d.ended(t, leg).Code)
}

// A proxy forks a call to us by two ways: one of them is enough (RFC 3261 8.2.2.2).
func TestACallThatComesTwiceIsOne(t *testing.T) {
	_, b, w := trunk(t, Config{})
	invite := letter{method: "INVITE", body: "hello", branch: "z9hG4bK-one"}
	w.send(invite)
	leg := b.next(t)
	invite.branch = "z9hG4bK-other"
	w.send(invite)
	w.final(482)
	require.Empty(t, b.legs)

	leg.Reject(486, "Busy Here")
	w.final(486)
	b.diary.ended(t, leg)
	invite.branch, invite.cseq = "z9hG4bK-again", 2
	w.send(invite)
	again := b.next(t)
	again.Reject(486, "Busy Here")
	b.diary.ended(t, again)
}
