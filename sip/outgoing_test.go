package sip

import (
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/require"
)

// phone is a leg that calls a wire.
type phone struct {
	*wire
	server *Server
	leg    *Leg
	media  *paper
	diary  diary
}

func ringPhone(t *testing.T, c Config, d Dial) (phone, *sipmsg.Request) {
	t.Helper()
	s := serve(t, c)
	p := phone{wire: newWire(t, s), server: s, media: newPaper(), diary: newDiary()}
	d.Media, d.Notify = p.media, p.diary.note
	leg, err := s.DialURI("sip:1001@"+p.addr(), d)
	require.NoError(t, err)
	p.leg = leg
	return p, p.request(sipmsg.INVITE)
}

func (p phone) answer(invite *sipmsg.Request, tag string) {
	p.t.Helper()
	p.reply(invite, 200, "OK", tag, "their answer")
	ack := p.request(sipmsg.ACK)
	require.Equal(p.t, tag, tagOf(ack.To().Params))
	require.Equal(p.t, "their answer", receive(p.t, p.media.accepted))
	for {
		e := p.diary.next(p.t)
		if _, late := e.(Ringing); !late { // provisional responses may overtake each other
			require.Equal(p.t, Answered{}, e)
			return
		}
	}
}

func TestOutgoingInvite(t *testing.T) {
	p, invite := ringPhone(t, Config{}, Dial{
		From: "95588;x\r\nEvil: 1", FromName: "张三 \"Big\" \\ \r\nEvil: 2", Headers: map[string]string{"X-Call": "7"},
	})
	require.Nil(t, invite.GetHeader("Evil"))
	require.Equal(t, `张三 "Big" \   Evil: 2`, unquoted(invite.From().DisplayName))
	require.Equal(t, "95588", userOf(sipmsg.Uri{User: "95588;phone-context=x"}))
	require.Equal(t, "95588%3Bx%0D%0AEvil%3A%201", invite.From().Address.User)
	require.Contains(t, field(invite, "P-Asserted-Identity"), "95588%3Bx%0D%0AEvil%3A%201@127.0.0.1>")
	require.Equal(t, "7", field(invite, "X-Call"))
	require.Equal(t, allowed, field(invite, "Allow"))
	require.Equal(t, supported, field(invite, "Supported"))
	require.Equal(t, "1800", field(invite, "Session-Expires"))
	require.EqualValues(t, 70, invite.MaxForwards().Val())
	require.Equal(t, "offer", string(invite.Body()))
	require.True(t, invite.Via().Params.Has("rport"))
	require.Equal(t, p.server.Addr("udp").Port(), uint16(invite.Contact().Address.Port))

	p.reply(invite, 100, "Trying", "", "")
	p.reply(invite, 180, "Ringing", "a", "")
	require.Equal(t, Ringing{Code: 180}, p.diary.next(t))
	for range 15 { // any number of them
		p.reply(invite, 180, "Ringing", "a", "")
	}
	p.reply(invite, 183, "Session Progress", "a", "early")
	require.Equal(t, Ringing{Code: 183, Heard: true}, p.diary.next(t))
	require.Equal(t, "early", receive(t, p.media.accepted))
	p.answer(invite, "a")
	p.reply(invite, 180, "Ringing", "a", "") // overtaken by the 200
	p.leg.Hangup(Reason{})
	bye := p.request(sipmsg.BYE)
	require.Nil(t, bye.GetHeader("Reason"))
	require.Greater(t, bye.CSeq().SeqNo, invite.CSeq().SeqNo)
	p.reply(bye, 200, "OK", "", "")
	require.Equal(t, Ended{Code: 200, Local: true}, p.diary.ended(t, p.leg))
}

func TestHeadersThatMayNotBeSent(t *testing.T) {
	s := serve(t, Config{})
	for name, value := range map[string]string{"Via": "x", "X-A": "a\r\nB: c", "X B": "c", "": "c", "From": "x"} {
		_, err := s.DialURI("sip:1@127.0.0.1:9", Dial{Media: newPaper(), Notify: newDiary().note, Headers: map[string]string{name: value}})
		require.ErrorIs(t, err, ErrHeader, name)
	}
	_, err := s.Dial("nobody", Dial{Media: newPaper(), Notify: newDiary().note})
	require.ErrorIs(t, err, ErrUnreachable)
	_, err = s.DialURI("no uri", Dial{Media: newPaper(), Notify: newDiary().note})
	require.ErrorIs(t, err, ErrAddress)
}

func TestCancelWaitsForAProvisionalResponse(t *testing.T) {
	p, invite := ringPhone(t, Config{}, Dial{})
	p.leg.Hangup(Reason{Code: 200, Text: "Call completed elsewhere"})
	p.reply(invite, 180, "Ringing", "a", "")
	cancel := p.request(sipmsg.CANCEL)
	require.Equal(t, `SIP;cause=200;text="Call completed elsewhere"`, field(cancel, "Reason"))
	require.Equal(t, invite.Via().Value(), cancel.Via().Value())
	require.Equal(t, invite.CSeq().SeqNo, cancel.CSeq().SeqNo)
	p.reply(cancel, 200, "OK", "a", "")
	p.reply(invite, 487, "Request Terminated", "a", "")
	p.request(sipmsg.ACK)
	require.Equal(t, Ended{Code: 487, Local: true, Text: "Request Terminated"}, p.diary.ended(t, p.leg))
}

func TestAnswerAfterCancelIsHungUp(t *testing.T) {
	p, invite := ringPhone(t, Config{}, Dial{})
	p.reply(invite, 180, "Ringing", "a", "")
	require.Equal(t, Ringing{Code: 180}, p.diary.next(t))
	p.leg.Hangup(Reason{Code: 200, Text: "elsewhere"})
	cancel := p.request(sipmsg.CANCEL)
	p.reply(invite, 200, "OK", "a", "their answer")
	p.request(sipmsg.ACK)
	bye := p.request(sipmsg.BYE)
	p.reply(cancel, 481, "Gone", "a", "")
	p.reply(bye, 200, "OK", "", "")
	require.Equal(t, Ended{Code: 487, Local: true, Text: "elsewhere"}, p.diary.ended(t, p.leg))
}

func TestAnswerThatCrossesTheCancelCanBeTaken(t *testing.T) {
	p, invite := ringPhone(t, Config{}, Dial{Crossed: true})
	p.reply(invite, 180, "Ringing", "a", "")
	require.Equal(t, Ringing{Code: 180}, p.diary.next(t))
	p.leg.Hangup(Reason{})
	p.request(sipmsg.CANCEL)
	p.answer(invite, "a")
	p.leg.Hangup(Reason{})
	p.reply(p.request(sipmsg.BYE), 200, "OK", "", "")
	require.Equal(t, Ended{Code: 200, Local: true}, p.diary.ended(t, p.leg))
}

func TestCancelThatNobodyHears(t *testing.T) {
	p, invite := ringPhone(t, Config{T1: 5 * time.Millisecond}, Dial{})
	p.reply(invite, 180, "Ringing", "a", "")
	require.Equal(t, Ringing{Code: 180}, p.diary.next(t))
	p.leg.Hangup(Reason{})
	require.Equal(t, Ended{Code: 487, Local: true}, p.diary.ended(t, p.leg))
}

func TestSecondAnswerOfAForkIsHungUp(t *testing.T) {
	p, invite := ringPhone(t, Config{}, Dial{})
	p.reply(invite, 180, "Ringing", "a", "")
	p.reply(invite, 180, "Ringing", "b", "")
	require.Equal(t, Ringing{Code: 180}, p.diary.next(t))
	p.answer(invite, "a")
	p.reply(invite, 200, "OK", "b", "another answer")
	require.Equal(t, "b", tagOf(p.request(sipmsg.ACK).To().Params))
	bye := p.request(sipmsg.BYE)
	require.Equal(t, "b", tagOf(bye.To().Params))
	p.reply(bye, 200, "OK", "", "")

	p.reply(invite, 200, "OK", "a", "their answer") // our ACK was lost
	require.Equal(t, "a", tagOf(p.request(sipmsg.ACK).To().Params))
	require.Empty(t, p.diary)
	p.leg.Hangup(Reason{})
	p.reply(p.request(sipmsg.BYE), 200, "OK", "", "")
	p.diary.ended(t, p.leg)
	require.Empty(t, p.media.accepted)

	p.reply(invite, 200, "OK", "c", "a late one") // after the leg has gone
	require.Equal(t, "c", tagOf(p.request(sipmsg.ACK).To().Params))
	require.Equal(t, "c", tagOf(p.request(sipmsg.BYE).To().Params))
}

func TestNobodyThere(t *testing.T) {
	p, _ := ringPhone(t, Config{T1: 5 * time.Millisecond}, Dial{})
	require.Equal(t, Ended{Code: 408, Text: "no response"}, p.diary.ended(t, p.leg))
}

func TestHangupWhileNobodyIsThere(t *testing.T) {
	p, _ := ringPhone(t, Config{T1: 5 * time.Millisecond}, Dial{})
	p.leg.Hangup(Reason{Text: "enough"})
	require.Equal(t, Ended{Code: 487, Local: true, Text: "enough"}, p.diary.ended(t, p.leg))
}

func TestFinalResponsesEndTheLeg(t *testing.T) {
	for code, reason := range map[int]string{302: "Moved", 486: "Busy Here", 603: "Decline", 503: "Overload"} {
		p, invite := ringPhone(t, Config{}, Dial{})
		p.reply(invite, code, reason, "a", "")
		p.request(sipmsg.ACK)
		require.Equal(t, Ended{Code: code, Text: reason}, p.diary.ended(t, p.leg))
	}
}

func TestRefusedConnectionIs503(t *testing.T) {
	s := serve(t, Config{})
	d := newDiary()
	leg, err := s.DialURI("sip:1001@127.0.0.1:1;transport=tcp", Dial{Media: newPaper(), Notify: d.note})
	require.NoError(t, err)
	require.Equal(t, 503, d.ended(t, leg).Code)
}

func TestRecordRouteIsFollowed(t *testing.T) {
	p, invite := ringPhone(t, Config{}, Dial{})
	proxy := newWire(t, p.server)
	p.reply(invite, 200, "OK", "a", "their answer",
		"Record-Route: <sip:192.0.2.9;lr>", "Record-Route: <sip:"+proxy.addr()+";lr>")
	ack := proxy.request(sipmsg.ACK)
	routes := ack.GetHeaders("Route")
	require.Len(t, routes, 2)
	require.Equal(t, "<sip:"+proxy.addr()+";lr>", routes[0].Value())
	require.Equal(t, "phone", ack.Recipient.User)
	p.leg.Hangup(Reason{})
	proxy.reply(proxy.request(sipmsg.BYE), 200, "OK", "", "")
	p.diary.ended(t, p.leg)
}

// proud has a second offer.
type proud struct {
	*paper
	offers []string
}

func (p *proud) Offer() ([]byte, error) { return []byte(p.offers[0]), nil }

func (p *proud) Yield() bool {
	more := len(p.offers) > 1
	if more {
		p.offers = p.offers[1:]
	}
	return more
}

func TestAnotherOfferForAPeerThatRefusesTheFirst(t *testing.T) {
	s := serve(t, Config{})
	w, d := newWire(t, s), newDiary()
	_, err := s.DialURI("sip:1001@"+w.addr(), Dial{Media: &proud{newPaper(), []string{"first", "second"}}, Notify: d.note})
	require.NoError(t, err)
	for n, offer := range []string{"first", "second"} {
		invite := w.request(sipmsg.INVITE)
		require.Equal(t, offer, string(invite.Body()))
		require.EqualValues(t, n+1, invite.CSeq().SeqNo)
		w.reply(invite, 488, "Not Acceptable Here", "theirs", "")
		w.request(sipmsg.ACK)
	}
	require.Equal(t, 488, d.next(t).(Ended).Code)
}
