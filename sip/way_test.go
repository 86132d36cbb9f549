package sip

import (
	"context"
	"net/netip"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/require"
)

// stages is a Way of some servers, of which the next is tried after any failure.
type stages struct {
	left     []Stage
	failures chan Failure
}

func (w *stages) Next(context.Context) (Stage, bool) {
	if len(w.left) == 0 {
		return Stage{}, false
	}
	next := w.left[0]
	w.left = w.left[1:]
	return next, true
}

func (w *stages) Failed(f Failure) bool {
	w.failures <- f
	return len(w.left) > 0
}

// carriers is a leg that calls by some wires, each of which is a server.
type carriersCall struct {
	wires []*wire
	way   *stages
	leg   *Leg
	media *paper
	diary diary
}

func callCarriers(t *testing.T, n int) carriersCall {
	t.Helper()
	s := serve(t, Config{})
	c := carriersCall{way: &stages{failures: make(chan Failure, 10)}, media: newPaper(), diary: newDiary()}
	for i := range n {
		w := newWire(t, s)
		c.wires = append(c.wires, w)
		c.way.left = append(c.way.left, Stage{
			Hop:   Hop{Network: "udp", Addr: netip.MustParseAddrPort(w.addr()), Host: "carrier.example", User: "acct", Password: "secret"},
			Trunk: []string{"one", "two", "three"}[i], Called: "+8613800138000", Caller: "+861066557700",
		})
	}
	leg, err := s.DialWay("13800138000", c.way, Dial{Media: c.media, Notify: c.diary.note, FromName: "张三"})
	require.NoError(t, err)
	c.leg = leg
	return c
}

func TestTheNextServerIsTriedAfterARefusal(t *testing.T) {
	c := callCarriers(t, 2)
	first := c.wires[0].request(sipmsg.INVITE)
	require.Equal(t, "sip:+8613800138000@carrier.example", first.Recipient.String())
	require.Equal(t, "+861066557700", first.From().Address.User)
	require.Equal(t, "carrier.example", first.From().Address.Host)
	require.Empty(t, first.From().DisplayName, "a carrier gets no name")
	c.wires[0].reply(first, 503, "Service Unavailable", "a", "", "Retry-After: 30 (busy)", `Reason: Q.850;cause=42;text="congestion"`)
	require.Equal(t, Failure{Code: 503, Cause: 42, RetryAfter: 30 * time.Second}, receive(t, c.way.failures))

	second := c.wires[1].request(sipmsg.INVITE)
	require.Equal(t, first.CallID().Value(), second.CallID().Value())
	require.Greater(t, second.CSeq().SeqNo, first.CSeq().SeqNo)
	c.wires[1].reply(second, 180, "Ringing", "b", "")
	require.Equal(t, Ringing{Code: 180}, c.diary.next(t), "of the refusal before nothing is told")
	c.wires[1].reply(second, 200, "OK", "b", "their answer")
	c.wires[1].request(sipmsg.ACK)
	require.Equal(t, Answered{}, c.diary.next(t))
	require.Equal(t, "two", c.leg.Via())
	c.leg.Hangup(Reason{})
	c.wires[1].reply(c.wires[1].request(sipmsg.BYE), 200, "OK", "b", "")
	require.Equal(t, 200, c.diary.ended(t, c.leg).Code)
}

func TestTheNextServerIsTriedAfterSilence(t *testing.T) {
	c := callCarriers(t, 2)
	stale := c.wires[0].request(sipmsg.INVITE)
	require.Equal(t, Failure{Code: 408, Silent: true}, receive(t, c.way.failures))
	second := c.wires[1].request(sipmsg.INVITE)

	// The first awakes and answers: it is hung up on, and the call goes on where it is.
	c.wires[0].reply(stale, 200, "OK", "late", "their answer")
	c.wires[0].request(sipmsg.ACK)
	c.wires[0].reply(c.wires[0].request(sipmsg.BYE), 200, "OK", "late", "")

	c.wires[1].reply(second, 200, "OK", "b", "their answer")
	c.wires[1].request(sipmsg.ACK)
	require.Equal(t, Answered{}, c.diary.next(t))
	c.leg.Hangup(Reason{})
	c.wires[1].reply(c.wires[1].request(sipmsg.BYE), 200, "OK", "b", "")
	c.diary.ended(t, c.leg)
}

func TestTheLastFailureOfAWayEndsTheLeg(t *testing.T) {
	c := callCarriers(t, 2)
	c.wires[0].reply(c.wires[0].request(sipmsg.INVITE), 503, "Service Unavailable", "a", "")
	c.wires[1].reply(c.wires[1].request(sipmsg.INVITE), 486, "Busy Here", "b", "")
	ended := c.diary.ended(t, c.leg)
	require.Equal(t, 486, ended.Code, "as the server said that spoke last")
}

func TestAChallengeOfACarrierIsAnswered(t *testing.T) {
	c := callCarriers(t, 1)
	w := c.wires[0]
	first := w.request(sipmsg.INVITE)
	w.reply(first, 407, "Proxy Authentication Required", "a", "", `Proxy-Authenticate: Digest realm="carrier", nonce="n1", qop="auth", algorithm=SHA-256`)
	w.request(sipmsg.ACK)
	proof := w.request(sipmsg.INVITE)
	require.Contains(t, field(proof, "Proxy-Authorization"), `username="acct"`)
	require.Contains(t, field(proof, "Proxy-Authorization"), `uri="sip:+8613800138000@carrier.example"`)
	require.Greater(t, proof.CSeq().SeqNo, first.CSeq().SeqNo)

	// Wrong still: the third time we are taken to be refused.
	w.reply(proof, 407, "Proxy Authentication Required", "b", "", `Proxy-Authenticate: Digest realm="carrier", nonce="n2", stale=true, qop="auth"`)
	again := w.request(sipmsg.INVITE)
	require.NotContains(t, field(again, "Proxy-Authorization"), "SHA-256")
	w.reply(again, 407, "Proxy Authentication Required", "c", "", `Proxy-Authenticate: Digest realm="carrier", nonce="n3", qop="auth"`)
	require.Equal(t, 407, receive(t, c.way.failures).Code)
	require.Equal(t, 407, c.diary.ended(t, c.leg).Code)
}

func TestHangupBetweenTwoServers(t *testing.T) {
	c := callCarriers(t, 2)
	first := c.wires[0].request(sipmsg.INVITE)
	c.leg.Hangup(Reason{})
	c.wires[0].reply(first, 503, "Service Unavailable", "a", "")
	ended := c.diary.ended(t, c.leg)
	require.True(t, ended.Local)
	c.wires[1].silent()
	require.Empty(t, c.way.failures, "who hangs up does not want another try")
}

func TestNoWayAtAll(t *testing.T) {
	c := callCarriers(t, 0)
	require.Equal(t, 503, c.diary.ended(t, c.leg).Code)
}
