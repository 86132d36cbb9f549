package sip

import (
	"fmt"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/require"
)

func TestReinviteHoldsAndMovesTheTarget(t *testing.T) {
	s, b, w := trunk(t, Config{})
	leg, tag := w.call(b, letter{})
	receive(t, b.media.answered)
	elsewhere := newWire(t, s)
	moved := func(l letter) {
		w.write(replace(w.compose(l), "<sip:alice@"+w.addr()+">", "<sip:alice@"+elsewhere.addr()+">"))
	}
	moved(letter{method: "INVITE", cseq: 2, toTag: tag, body: "hold"})
	require.Equal(t, "hold", receive(t, b.media.answered))
	require.Equal(t, "answer to hold", string(w.response(200).Body()))
	w.send(letter{method: "INVITE", cseq: 3, toTag: tag, body: "again"})
	for w.read().(*sipmsg.Response).StatusCode != 491 { // the ACK is still out, so 200 may be repeated
	}
	w.send(letter{method: "ACK", cseq: 2, toTag: tag})
	leg.Hangup(Reason{})
	bye := elsewhere.request(sipmsg.BYE)
	elsewhere.reply(bye, 200, "OK", "", "")
	b.diary.ended(t, leg)
}

func TestUpdateInfoOptionsAndTheRest(t *testing.T) {
	_, b, w := trunk(t, Config{})
	leg, tag := w.call(b, letter{})
	receive(t, b.media.answered)
	cseq := 1
	ask := func(method, kind, body string) *sipmsg.Response {
		cseq++
		w.send(letter{method: method, cseq: cseq, toTag: tag, kind: kind, body: body})
		return w.read().(*sipmsg.Response)
	}
	require.Equal(t, "answer to new", string(ask("UPDATE", "", "new").Body()))
	require.Equal(t, "new", receive(t, b.media.answered))
	res := ask("UPDATE", "", "")
	require.Equal(t, 200, res.StatusCode)
	require.Empty(t, res.Body())

	for body, key := range map[string]rune{"Signal=5\r\nDuration=160\r\n": '5', "Signal= #\r\n": '#', "Signal=10": '*', "signal=d": 'D'} {
		require.Equal(t, 200, ask("INFO", "application/dtmf-relay", body).StatusCode)
		require.Equal(t, Digit{Key: key}, b.diary.next(t))
	}
	require.Equal(t, 200, ask("INFO", "application/dtmf; x=y", "7").StatusCode)
	require.Equal(t, Digit{Key: '7'}, b.diary.next(t))
	require.Equal(t, 400, ask("INFO", "application/dtmf-relay", "Signal=x").StatusCode)
	require.Equal(t, 415, ask("INFO", "text/plain", "hello").StatusCode)
	require.Equal(t, 200, ask("INFO", "", "").StatusCode)

	require.Equal(t, 200, ask("OPTIONS", "", "").StatusCode)
	require.Equal(t, 400, ask("REFER", "", "").StatusCode, "to nobody")
	require.Equal(t, allowed, field(ask("MESSAGE", "text/plain", "hi"), "Allow"))
	require.Equal(t, 481, ask("NOTIFY", "", "").StatusCode)
	cseq = 1
	require.Equal(t, 500, ask("OPTIONS", "", "").StatusCode)

	cseq = 100
	b.media.refuseAll()
	require.Equal(t, 488, ask("UPDATE", "", "worse").StatusCode)
	w.send(letter{method: "BYE", cseq: 200, toTag: tag, fromTag: "somebody-else"})
	w.response(481)
	w.send(letter{method: "BYE", cseq: 201, toTag: tag})
	w.response(200)
	b.diary.ended(t, leg)
	w.send(letter{method: "BYE", cseq: 202, toTag: tag})
	w.response(481)
}

func TestReoffer(t *testing.T) {
	_, b, w := trunk(t, Config{})
	leg, tag := w.call(b, letter{})
	told := make(chan error, 1)
	leg.Reoffer(func(err error) { told <- err })
	invite := w.request(sipmsg.INVITE)
	require.Equal(t, "offer", string(invite.Body()))
	w.send(letter{method: "INVITE", cseq: 2, toTag: tag, body: "mine"})
	w.response(491) // glare: ours is under way
	w.reply(invite, 200, "OK", "", "taken")
	w.request(sipmsg.ACK)
	require.NoError(t, receive(t, told))
	require.Equal(t, "taken", receive(t, b.media.accepted))

	leg.Reoffer(func(err error) { told <- err })
	w.reply(w.request(sipmsg.INVITE), 488, "Not Acceptable Here", "", "")
	require.ErrorIs(t, receive(t, told), ErrRefused)
	leg.Reoffer(func(err error) { told <- err })
	w.reply(w.request(sipmsg.INVITE), 491, "Request Pending", "", "")
	w.request(sipmsg.ACK)
	w.reply(w.request(sipmsg.INVITE), 200, "OK", "", "at last") // tried again
	require.NoError(t, receive(t, told))
	leg.Reoffer(func(err error) { told <- err })
	w.reply(w.request(sipmsg.INVITE), 481, "Gone", "", "")
	require.ErrorIs(t, receive(t, told), ErrRefused)
	require.Equal(t, 481, b.diary.ended(t, leg).Code)
	leg.Reoffer(func(err error) { told <- err })
	require.ErrorIs(t, receive(t, told), ErrClosed)
}

func TestSessionTimerOfThePeer(t *testing.T) {
	_, b, w := trunk(t, Config{MinSession: time.Second})
	w.send(letter{method: "INVITE", body: "hello", headers: []string{"Session-Expires: 0"}, callID: "brief"})
	brief := w.response(422)
	require.Equal(t, "1", field(brief, "Min-SE"))
	w.send(letter{method: "ACK", branch: "z9hG4bK-brief-INVITE-1", callID: "brief", toTag: tagOf(brief.To().Params)})

	w.send(letter{method: "INVITE", body: "hello", headers: []string{"Session-Expires: 1", "Supported: timer"}})
	leg := b.next(t)
	leg.Answer()
	ok := w.response(200)
	require.Equal(t, "1;refresher=uac", field(ok, "Session-Expires"))
	require.Equal(t, "timer", field(ok, "Require"))
	tag := tagOf(ok.To().Params)
	w.send(letter{method: "ACK", toTag: tag})
	require.Equal(t, Answered{}, b.diary.next(t))
	often := time.NewTicker(300 * time.Millisecond)
	defer often.Stop()
	for cseq := 2; cseq < 6; cseq++ { // refreshed in time: it lives on
		<-often.C
		w.send(letter{method: "UPDATE", cseq: cseq, toTag: tag, headers: []string{"Session-Expires: 1;refresher=uac"}})
		require.Equal(t, "1;refresher=uac", field(w.response(200), "Session-Expires"))
	}
	bye := w.request(sipmsg.BYE)
	w.reply(bye, 200, "OK", "", "")
	require.Equal(t, Ended{Code: 408, Local: true, Text: "Session timer expired"}, b.diary.ended(t, leg))
}

func TestSessionTimerOfOurs(t *testing.T) {
	_, b, w := trunk(t, Config{MinSession: time.Second})
	w.send(letter{method: "INVITE", body: "hello", headers: []string{"Session-Expires: 1;refresher=uas", "Supported: timer"}})
	leg := b.next(t)
	leg.Answer()
	ok := w.response(200)
	require.Equal(t, "1;refresher=uas", field(ok, "Session-Expires"))
	w.send(letter{method: "ACK", toTag: tagOf(ok.To().Params)})
	for range 2 {
		refresh := w.request(sipmsg.INVITE)
		require.Equal(t, "1;refresher=uac", field(refresh, "Session-Expires"))
		w.reply(refresh, 200, "OK", "", "same", "Session-Expires: 1;refresher=uac")
		w.request(sipmsg.ACK)
	}
	w.request(sipmsg.INVITE) // not answered
	bye := w.request(sipmsg.BYE)
	w.reply(bye, 200, "OK", "", "")
	b.diary.next(t)
	require.Equal(t, 408, b.diary.ended(t, leg).Code)
}

func TestMalformedRequests(t *testing.T) {
	s, _, w := trunk(t, Config{})
	base := func(n int) string {
		return w.compose(letter{method: "OPTIONS", callID: fmt.Sprint("m", n), headers: []string{"X-Mark: 1"}})
	}
	for n, c := range []struct {
		old, new string
		code     int
	}{
		{"CSeq: 1 OPTIONS", "CSeq: 1 INVITE", 400},
		{"X-Mark: 1", "Call-ID: second", 400},
		{"X-Mark: 1", "i: second", 400},
		{"X-Mark: 1", "CSeq: 2 OPTIONS", 400},
		{"X-Mark: 1", "From: <sip:x@y>;tag=2", 400},
		{"X-Mark: 1", "To: <sip:x@y>", 400},
		{"X-Mark: 1", "Max-Forwards: 2", 400},
		{"X-Mark: 1", "Content-Length: 0", 400},
		{";tag=from-1", "", 400},
		{"X-Mark: 1", "Require: timer, magic, 100rel", 420},
		{"SIP/2.0\r\n", "SIP/3.0\r\n", 0},
		{"OPTIONS", "DANCE", 405},
		{"OPTIONS", "SUBSCRIBE", 405},
		{"OPTIONS", "BYE", 481},
	} {
		before := s.Counters().Dropped
		w.write(replaceAll(base(n), c.old, c.new))
		if c.code == 0 {
			require.Eventually(t, func() bool { return s.Counters().Dropped > before }, patienceInTests, time.Millisecond)
			continue
		}
		res := w.response(c.code)
		switch c.code {
		case 420:
			require.Equal(t, "magic", field(res, "Unsupported"))
		case 405:
			require.Equal(t, allowed, field(res, "Allow"))
		}
	}
	w.write(replaceAll(w.compose(letter{method: "INVITE", callID: "hops", body: "x"}), "Max-Forwards: 70", "Max-Forwards: 0"))
	w.response(483)
	for _, junk := range []string{"", "\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "INVITE sip:x SIP/2.0\r\n", "INVITE sip:x SIP/2.0\r\n\r\n",
		"OPTIONS sip:a@b SIP/2.0\r\nVia: \r\n\r\n", "SIP/2.0 200 OK\r\n\r\n", "SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK1\r\n\r\n"} {
		w.write(junk)
	}
	w.send(letter{method: "OPTIONS", callID: "alive"})
	for {
		if res, ok := w.read().(*sipmsg.Response); ok && res.CallID() != nil && res.CallID().Value() == "alive" {
			require.Equal(t, 200, res.StatusCode)
			return
		}
	}
}

// Each datagram is handled in a goroutine of its own: those that come at once must not change places.
func TestRequestsAtOnceKeepTheirOrder(t *testing.T) {
	b := newInbox()
	s := serve(t, Config{Devices: devices().trusting(), Incoming: b.incoming})
	w := newWire(t, s)
	_, tag := w.call(b, letter{})
	seq := 1
	for range 20 {
		for _, key := range []string{"1", "2", "3"} {
			seq++
			w.send(letter{method: "INFO", toTag: tag, cseq: seq, body: key, kind: "application/dtmf"})
		}
		for range 3 {
			require.Equal(t, 200, w.read().(*sipmsg.Response).StatusCode)
		}
		for _, key := range "123" {
			require.Equal(t, Digit{Key: key}, b.diary.next(t))
		}
	}
}

func TestAMissingRequestHoldsNobodyUpForLong(t *testing.T) {
	_, b, w := trunk(t, Config{})
	_, tag := w.call(b, letter{})
	info := letter{method: "INFO", toTag: tag, body: "5", kind: "application/dtmf"}
	often := time.NewTicker(overtaking / 4)
	defer often.Stop()
	for info.cseq = 3; len(b.diary) == 0; info.cseq++ { // 2 never comes, and each of these is soon followed by another
		require.Less(t, info.cseq, 3+mostTurns, "they put each other off")
		w.send(info)
		<-often.C
	}
	require.Equal(t, Digit{Key: '5'}, b.diary.next(t))
}

func TestRequestsThatWaitAreBounded(t *testing.T) {
	_, b, w := trunk(t, Config{})
	leg, tag := w.call(b, letter{})
	busy, done := make(chan struct{}), make(chan struct{})
	leg.box.post(func() { close(busy); <-done })
	<-busy
	for n := range mostTurns {
		w.send(letter{method: "INFO", toTag: tag, cseq: n + 3, body: "5", kind: "application/dtmf"})
	}
	require.Eventually(t, func() bool {
		leg.box.mu.Lock()
		defer leg.box.mu.Unlock()
		return len(leg.box.items) == mostTurns
	}, patienceInTests, time.Millisecond)
	left := make(chan int, 1)
	leg.box.post(func() { left <- len(leg.turns) })
	close(done)
	require.Zero(t, receive(t, left), "nobody has waited for the clock")
}

func TestAByeThatOvertakesTheAckSaysThatTheCallWasUp(t *testing.T) {
	b := newInbox()
	s := serve(t, Config{Devices: devices().trusting(), Incoming: b.incoming})
	w := newWire(t, s)
	w.send(letter{method: "INVITE", body: "hello"})
	leg := b.next(t)
	leg.Answer()
	tag := tagOf(w.response(200).To().Params)
	w.send(letter{method: "BYE", toTag: tag, cseq: 2})
	require.Equal(t, Answered{}, b.diary.next(t))
	require.Equal(t, 200, b.diary.ended(t, leg).Code)
}
