package sip

import (
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/require"
)

func trunk(t *testing.T, c Config) (*Server, *inbox, *wire) {
	b := newInbox()
	c.Devices, c.Incoming = devices().trusting(), b.incoming
	s := serve(t, c)
	return s, b, newWire(t, s)
}

func TestOneToTagInAllResponses(t *testing.T) {
	_, b, w := trunk(t, Config{})
	w.send(letter{method: "INVITE", body: "hello"})
	leg := b.next(t)
	require.Equal(t, "hotline", leg.To())
	require.Equal(t, Party{Number: "alice", Name: "A", Source: leg.From().Source}, leg.From())
	leg.Ring()
	ringing := w.response(180)
	leg.Answer()
	ok := w.response(200)
	require.NotEmpty(t, tagOf(ok.To().Params))
	require.Equal(t, tagOf(ringing.To().Params), tagOf(ok.To().Params))
	require.Equal(t, "answer to hello", string(ok.Body()))
	require.Equal(t, "hello", receive(t, b.media.answered))
	w.send(letter{method: "ACK", toTag: tagOf(ok.To().Params)})
	require.Equal(t, Answered{}, b.diary.next(t))
	w.send(letter{method: "BYE", cseq: 2, toTag: tagOf(ok.To().Params), headers: []string{`Reason: SIP;cause=200;text="bye \"now\""`}})
	w.response(200)
	require.Equal(t, Ended{Code: 200, Text: `bye "now"`}, b.diary.ended(t, leg))
}

func TestCancelBearsTheSameToTag(t *testing.T) {
	_, b, w := trunk(t, Config{})
	invite := letter{method: "INVITE", body: "hello", branch: "z9hG4bK-one"}
	w.send(invite)
	leg := b.next(t)
	leg.Ring()
	tag := tagOf(w.response(180).To().Params)
	w.send(letter{method: "CANCEL", branch: "z9hG4bK-one", headers: []string{"Reason: SIP;cause=200;text=\"Call completed elsewhere\""}})
	ok, terminated := w.read().(*sipmsg.Response), w.response(487)
	require.Equal(t, 200, ok.StatusCode)
	require.Equal(t, tag, tagOf(ok.To().Params))
	require.Equal(t, tag, tagOf(terminated.To().Params))
	w.send(letter{method: "ACK", branch: "z9hG4bK-one", toTag: tag})
	require.Equal(t, Ended{Code: 487, Text: "Call completed elsewhere"}, b.diary.ended(t, leg))
	leg.Answer() // too late, and harmless
	leg.Hangup(Reason{})
}

// A CANCEL that comes while the call is about to ring says why all the same.
func TestRingAndCancelCross(t *testing.T) {
	_, b, w := trunk(t, Config{})
	w.send(letter{method: "INVITE", body: "hello", branch: "z9hG4bK-one"})
	leg := b.next(t)
	w.response(100)
	cancelled := make(chan struct{})
	leg.box.post(func() { <-cancelled; leg.ring() })
	w.send(letter{method: "CANCEL", branch: "z9hG4bK-one", headers: []string{"Reason: SIP;cause=200;text=\"Call completed elsewhere\""}})
	w.response(200) // to the CANCEL
	w.response(487)
	close(cancelled)
	require.Equal(t, Ended{Code: 487, Text: "Call completed elsewhere"}, b.diary.ended(t, leg))
}

func TestAnswerAndCancelCross(t *testing.T) {
	_, b, w := trunk(t, Config{})
	w.send(letter{method: "INVITE", body: "hello", branch: "z9hG4bK-one"})
	leg := b.next(t)
	w.response(100)
	w.send(letter{method: "CANCEL", branch: "z9hG4bK-one"})
	leg.Answer()
	for {
		res := w.read().(*sipmsg.Response)
		switch {
		case res.CSeq().MethodName == sipmsg.CANCEL:
		case res.StatusCode == 487:
			require.Equal(t, 487, b.diary.ended(t, leg).Code)
			return
		case res.StatusCode == 200:
			tag := tagOf(res.To().Params)
			w.send(letter{method: "ACK", toTag: tag})
			w.send(letter{method: "BYE", cseq: 2, toTag: tag})
			require.Equal(t, 200, b.diary.ended(t, leg).Code)
			return
		}
	}
}

func TestAnswerIsRepeatedUntilTheAck(t *testing.T) {
	_, b, w := trunk(t, Config{T1: 10 * time.Millisecond})
	w.send(letter{method: "INVITE", body: "hello"})
	leg := b.next(t)
	leg.Answer()
	w.response(200)
	w.response(200)
	tag := tagOf(w.response(200).To().Params)
	w.send(letter{method: "ACK", toTag: tag})
	require.Equal(t, Answered{}, b.diary.next(t))
	leg.Hangup(Reason{Code: 200, Text: "done"})
	bye := w.request(sipmsg.BYE)
	require.Equal(t, `SIP;cause=200;text="done"`, field(bye, "Reason"))
	require.Equal(t, tag, tagOf(bye.From().Params))
	w.reply(bye, 481, "Gone", "", "")
	require.Equal(t, Ended{Code: 200, Local: true, Text: "done"}, b.diary.ended(t, leg))
}

func TestLostAckEndsWithBye(t *testing.T) {
	_, b, w := trunk(t, Config{T1: 5 * time.Millisecond})
	w.send(letter{method: "INVITE", body: "hello"})
	leg := b.next(t)
	leg.Answer()
	repeats := 0
	for {
		msg := w.read()
		if res, ok := msg.(*sipmsg.Response); ok && res.StatusCode == 200 {
			repeats++
			continue
		}
		if req, ok := msg.(*sipmsg.Request); ok {
			require.Equal(t, sipmsg.BYE, req.Method)
			w.reply(req, 200, "OK", "", "")
			break
		}
	}
	require.GreaterOrEqual(t, repeats, 5)
	require.Equal(t, Ended{Code: 408, Local: true, Text: "no ACK"}, b.diary.ended(t, leg))
}

func TestInviteWithoutOfferIsAnsweredInTheAck(t *testing.T) {
	_, b, w := trunk(t, Config{})
	w.send(letter{method: "INVITE"})
	leg := b.next(t)
	leg.Answer()
	ok := w.response(200)
	require.Equal(t, "offer", string(ok.Body()))
	w.send(letter{method: "ACK", toTag: tagOf(ok.To().Params), body: "their answer"})
	require.Equal(t, "their answer", receive(t, b.media.accepted))
	require.Equal(t, Answered{}, b.diary.next(t))
	leg.Hangup(Reason{})
	w.reply(w.request(sipmsg.BYE), 200, "OK", "", "")
	b.diary.ended(t, leg)
}

func TestNoCommonCodecIs488(t *testing.T) {
	_, b, w := trunk(t, Config{})
	b.media.refuseAll()
	w.send(letter{method: "INVITE", body: "hello"})
	leg := b.next(t)
	leg.Answer()
	w.response(488)
	require.Equal(t, 488, b.diary.ended(t, leg).Code)
}

func TestHangupBeforeAnswerRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		reason Reason
		code   int
	}{
		"busy":      {Reason{Code: 486, Text: "Busy Here"}, 486},
		"decline":   {Reason{Code: 603, Text: "Decline"}, 603},
		"elsewhere": {Reason{Code: 200, Text: "Call completed elsewhere"}, 480},
		"no reason": {Reason{}, 480},
	} {
		t.Run(name, func(t *testing.T) {
			_, b, w := trunk(t, Config{})
			w.send(letter{method: "INVITE", body: "hello"})
			leg := b.next(t)
			leg.Hangup(c.reason)
			leg.Hangup(c.reason)
			w.response(c.code)
			require.Equal(t, Ended{Code: c.code, Local: true, Text: c.reason.Text}, b.diary.ended(t, leg))
		})
	}
}

func TestHangupBeforeTheAckWaitsForIt(t *testing.T) {
	_, b, w := trunk(t, Config{})
	w.send(letter{method: "INVITE", body: "hello"})
	leg := b.next(t)
	leg.Answer()
	leg.Hangup(Reason{Code: 200, Text: "done"})
	ok := w.response(200)
	w.send(letter{method: "ACK", toTag: tagOf(ok.To().Params)})
	w.reply(w.request(sipmsg.BYE), 200, "OK", "", "")
	require.Equal(t, Answered{}, b.diary.next(t))
	require.Equal(t, Ended{Code: 200, Local: true, Text: "done"}, b.diary.ended(t, leg))
}

func TestByeBeforeTheAnswer(t *testing.T) {
	_, b, w := trunk(t, Config{})
	w.send(letter{method: "INVITE", body: "hello"})
	leg := b.next(t)
	leg.Ring()
	tag := tagOf(w.response(180).To().Params)
	w.send(letter{method: "BYE", cseq: 2, toTag: tag})
	w.response(200)
	w.response(487)
	require.Equal(t, 487, b.diary.ended(t, leg).Code)
}

func TestAttachAfterTheEndStillTells(t *testing.T) {
	legs := make(chan *Leg, 1)
	s := serve(t, Config{Devices: devices().trusting(), Incoming: func(l *Leg) { legs <- l }})
	w := newWire(t, s)
	w.send(letter{method: "INVITE", body: "hello", branch: "z9hG4bK-one"})
	leg := receive(t, legs)
	w.response(100)
	w.send(letter{method: "CANCEL", branch: "z9hG4bK-one"})
	<-leg.done
	d := newDiary()
	leg.Attach(newPaper(), d.note)
	require.Equal(t, 487, d.ended(t, leg).Code)
}

func TestShutDownHangsUp(t *testing.T) {
	b := newInbox()
	s, err := Listen(Config{Listen: []string{"udp://127.0.0.1:0"}, Devices: devices().trusting(), Incoming: b.incoming,
		T1: 20 * time.Millisecond})
	require.NoError(t, err)
	stop, ended := serveUntil(s)
	w := newWire(t, s)
	leg, _ := w.call(b, letter{})
	stop()
	w.request(sipmsg.BYE) // unanswered
	require.NoError(t, receive(t, ended))
	require.Equal(t, Ended{Code: 503, Local: true, Text: "server shut down"}, b.diary.ended(t, leg))
	_, err = s.DialURI("sip:x@127.0.0.1:9", Dial{Media: newPaper(), Notify: newDiary().note})
	require.ErrorIs(t, err, ErrClosed)
}
