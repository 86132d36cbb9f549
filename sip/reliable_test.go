package sip

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/require"
)

func TestReliableRingingIsRepeatedUntilItsPrack(t *testing.T) {
	_, b, w := trunk(t, Config{T1: 10 * time.Millisecond})
	w.send(letter{method: "INVITE", body: "hello", headers: []string{"Require: 100rel"}})
	leg := b.next(t)
	leg.Ring()
	ringing := w.response(180)
	require.Equal(t, "100rel", field(ringing, "Require"))
	w.response(180)
	tag := tagOf(ringing.To().Params)
	rack := "RAck: " + field(ringing, "RSeq") + " 1 INVITE"
	w.send(letter{method: "PRACK", cseq: 2, toTag: tag, headers: []string{"RAck: 1 1 INVITE"}})
	w.final(481)
	w.send(letter{method: "PRACK", cseq: 3, toTag: tag, headers: []string{rack}})
	w.final(200)
	leg.Answer()
	ok := w.final(200)
	require.Equal(t, sipmsg.INVITE, ok.CSeq().MethodName)
	require.Equal(t, "answer to hello", string(ok.Body()))
	w.send(letter{method: "ACK", toTag: tag})
	require.Equal(t, Answered{}, b.diary.next(t))
	leg.Hangup(Reason{})
	w.reply(w.request(sipmsg.BYE), 200, "OK", "", "")
	b.diary.ended(t, leg)
}

func TestReliableRingingWithoutPrackEndsTheCall(t *testing.T) {
	_, b, w := trunk(t, Config{T1: 5 * time.Millisecond})
	w.send(letter{method: "INVITE", body: "hello", headers: []string{"Require: 100rel"}})
	leg := b.next(t)
	leg.Ring()
	w.final(504)
	require.Equal(t, Ended{Code: 504, Local: true, Text: "Server Time-out"}, b.diary.ended(t, leg))
}

func TestALateOfferGoesWithTheReliableRinging(t *testing.T) {
	_, b, w := trunk(t, Config{})
	w.send(letter{method: "INVITE", headers: []string{"Require: 100rel"}})
	leg := b.next(t)
	leg.Ring()
	leg.Answer() // has to wait for the PRACK
	ringing := w.response(180)
	require.Equal(t, "offer", string(ringing.Body()))
	tag := tagOf(ringing.To().Params)
	w.send(letter{method: "UPDATE", cseq: 2, toTag: tag, body: "too early"})
	early := w.final(500)
	require.NotEmpty(t, field(early, "Retry-After"))
	w.send(letter{method: "PRACK", cseq: 3, toTag: tag, body: "their answer", headers: []string{"RAck: " + field(ringing, "RSeq") + " 1 INVITE"}})
	require.Equal(t, sipmsg.PRACK, w.final(200).CSeq().MethodName)
	require.Equal(t, "their answer", receive(t, b.media.accepted))
	ok := w.final(200)
	require.Empty(t, ok.Body())
	w.send(letter{method: "ACK", toTag: tag})
	require.Equal(t, Answered{}, b.diary.next(t))
	leg.Hangup(Reason{})
	w.reply(w.request(sipmsg.BYE), 200, "OK", "", "")
	b.diary.ended(t, leg)
}

func TestReliableResponsesOfThePeerAreAcknowledged(t *testing.T) {
	p, invite := ringPhone(t, Config{}, Dial{})
	require.Contains(t, field(invite, "Supported"), "100rel")
	reliably := func(tag string, rseq int, body string) {
		p.reply(invite, 183, "Session Progress", tag, body, "Require: 100rel", "RSeq: "+strconv.Itoa(rseq))
	}
	acknowledged := func(tag string, rseq int) {
		t.Helper()
		prack := p.request(sipmsg.PRACK)
		require.Equal(t, fmt.Sprintf("%d %d INVITE", rseq, invite.CSeq().SeqNo), field(prack, "RAck"))
		require.Equal(t, tag, tagOf(prack.To().Params))
		p.reply(prack, 200, "OK", "", "")
	}
	reliably("a", 7, "early answer")
	acknowledged("a", 7)
	require.Equal(t, Ringing{Code: 183, Heard: true}, p.diary.next(t))
	require.Equal(t, "early answer", receive(t, p.media.accepted))
	reliably("a", 7, "early answer") // again
	reliably("a", 17, "")            // those before it are missing
	reliably("a", 8, "")
	acknowledged("a", 8)
	reliably("b", 100, "") // another fork
	acknowledged("b", 100)

	// The answer is final: the peer may offer anew before it answers the call.
	p.send(letter{method: "UPDATE", from: "1001", to: "anonymous", fromTag: "a", toTag: p.leg.tag, callID: p.leg.id, cseq: 500, body: "another offer"})
	require.Equal(t, "another offer", receive(t, p.media.answered))
	require.Equal(t, "answer to another offer", string(p.response(200).Body()))
	p.reply(invite, 200, "OK", "a", "not to be read")
	p.request(sipmsg.ACK)
	require.Equal(t, Answered{}, p.diary.next(t))
	require.Empty(t, p.media.accepted)
	p.send(letter{method: "BYE", from: "1001", to: "anonymous", fromTag: "a", toTag: p.leg.tag, callID: p.leg.id, cseq: 501})
	p.response(200)
	p.diary.ended(t, p.leg)
}

func TestAnEarlyUpdateBeforeAnAnswerIsRefused(t *testing.T) {
	p, invite := ringPhone(t, Config{}, Dial{})
	p.reply(invite, 180, "Ringing", "a", "")
	require.Equal(t, Ringing{Code: 180}, p.diary.next(t))
	p.send(letter{method: "UPDATE", from: "1001", to: "anonymous", fromTag: "a", toTag: p.leg.tag, callID: p.leg.id, body: "an offer"})
	p.response(491)
	p.reply(invite, 486, "Busy Here", "a", "")
	p.diary.ended(t, p.leg)
}

func TestASessionIntervalThatIsTooSmallForThePeer(t *testing.T) {
	p, invite := ringPhone(t, Config{Session: 100 * time.Second}, Dial{})
	require.Equal(t, "100", field(invite, "Session-Expires"))
	p.reply(invite, 422, "Session Interval Too Small", "a", "", "Min-SE: 300")
	p.request(sipmsg.ACK)
	again := p.request(sipmsg.INVITE)
	require.Equal(t, "300", field(again, "Session-Expires"))
	require.Equal(t, "300", field(again, "Min-SE"))
	require.Equal(t, invite.CallID().Value(), again.CallID().Value())
	require.Greater(t, again.CSeq().SeqNo, invite.CSeq().SeqNo)
	require.Equal(t, string(invite.Body()), string(again.Body()))
	p.reply(again, 422, "Session Interval Too Small", "a", "", "Min-SE: 300") // that makes no sense
	require.Equal(t, 422, p.diary.ended(t, p.leg).Code)
}

func TestWhoRefreshesTheSessionOfOurCalls(t *testing.T) {
	for name, c := range map[string]struct {
		says string
		ours bool
	}{"we": {"1;refresher=uac", true}, "the peer": {"1;refresher=uas", false}, "nobody said": {"1", true}} {
		t.Run(name, func(t *testing.T) {
			p, invite := ringPhone(t, Config{}, Dial{})
			p.reply(invite, 200, "OK", "a", "their answer", "Session-Expires: "+c.says, "Require: timer")
			p.request(sipmsg.ACK)
			require.Equal(t, Answered{}, p.diary.next(t))
			if c.ours {
				refresh := p.request(sipmsg.INVITE)
				require.Equal(t, "1;refresher=uac", field(refresh, "Session-Expires"))
				p.reply(refresh, 200, "OK", "", "their answer", "Session-Expires: 1;refresher=uas")
				p.request(sipmsg.ACK)
			}
			bye := p.request(sipmsg.BYE) // the peer, whose turn it is, sends no refresh
			require.Contains(t, field(bye, "Reason"), "Session timer expired")
			p.reply(bye, 200, "OK", "", "")
			require.Equal(t, 408, p.diary.ended(t, p.leg).Code)
		})
	}
}
