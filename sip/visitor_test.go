package sip

import (
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/icholy/digest"
	"github.com/stretchr/testify/require"

	sipmsg "github.com/emiago/sipgo/sip"
)

func TestStrangersGetNothing(t *testing.T) {
	s, _, w := registrarFor(t, Config{Incoming: func(*Leg) { t.Error("a stranger got in") }}, "1001")
	var n uint64
	for _, method := range []string{"INVITE", "OPTIONS", "BYE", "MESSAGE", "SUBSCRIBE", "CANCEL", "DANCE", "ACK"} {
		for _, user := range []string{"1001", "nobody"} {
			w.send(letter{method: method, from: user, callID: fmt.Sprint(method, user), body: "x"})
			n++
		}
	}
	w.write("hello\r\n\r\n")
	w.write(replace(w.compose(letter{method: "INVITE"}), "CSeq", "Sequence")) // the library would answer that
	w.write("SIP/2.0 200 OK\r\n\r\n")
	n += 3
	require.Eventually(t, func() bool { return s.Counters().Dropped == n }, patienceInTests, time.Millisecond, "%+v", s.Counters())
	w.silent()
	require.LessOrEqual(t, s.transport.Pool("udp").Size(), 1, "something is kept for a stranger")
}

func TestStrangersOnTCPGetNothing(t *testing.T) {
	s, _, w := registrarFor(t, Config{}, "1001")
	conn, err := net.Dial("tcp", s.Addr("tcp").String())
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte(w.compose(letter{method: "OPTIONS"})))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return s.Counters().Dropped == 1 }, patienceInTests, time.Millisecond)
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Millisecond)))
	_, err = conn.Read(make([]byte, 1))
	require.ErrorContains(t, err, "timeout")
}

func TestRegisteredDeviceMayCall(t *testing.T) {
	b := newInbox()
	s, _, w := registrarFor(t, Config{Incoming: b.incoming}, "1001", "1002")
	require.Equal(t, 200, w.register("1001", 1, "Expires: 600").StatusCode)
	leg, _ := w.call(b, letter{from: "1001", callID: "own"})
	require.Equal(t, "1001", leg.From().Device)
	leg.Hangup(Reason{})
	w.reply(w.request(sipmsg.BYE), 200, "OK", "", "")
	b.diary.ended(t, leg)

	w.send(letter{method: "OPTIONS", from: "1001"})
	w.response(200)
	dropped := s.Counters().Dropped
	w.send(letter{method: "INVITE", from: "1002", callID: "others", body: "x"}) // not its own name
	w.send(letter{method: "INVITE", from: "ghost", callID: "ghost", body: "x"})
	require.Eventually(t, func() bool { return s.Counters().Dropped == dropped+2 }, patienceInTests, time.Millisecond)
	w.silent()
}

func TestDeviceFromAnotherPortMustProveItself(t *testing.T) {
	b := newInbox()
	s, _, w := registrarFor(t, Config{Incoming: b.incoming}, "1001")
	require.Equal(t, 200, w.register("1001", 1, "Expires: 600").StatusCode)
	other := newWire(t, s)
	invite := letter{method: "INVITE", from: "1001", body: "x", cseq: 1}
	other.send(invite)
	challenge := other.response(401)
	other.send(letter{method: "ACK", from: "1001", branch: challenge.Via().Params.GetOr("branch", ""), toTag: tagOf(challenge.To().Params)})
	invite.cseq = 2
	invite.headers = []string{credentials(t, challenge, "MD5", digest.Options{Method: "INVITE", Username: "1001", Password: password})}
	other.send(invite)
	leg := b.next(t)
	require.Equal(t, "1001", leg.From().Device)
	leg.Reject(603, "Decline")
	other.response(603)
	b.diary.ended(t, leg)
}

func TestFixedDevice(t *testing.T) {
	b := newInbox()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer conn.Close()
	directory := directory{devices: map[string]Device{"desk": {Name: "desk", Fixed: "sip:desk@" + conn.LocalAddr().String()}}}
	s := serve(t, Config{Devices: directory, Incoming: b.incoming})
	w := &wire{t: t, conn: conn, to: net.UDPAddrFromAddrPort(s.Addr("udp"))}
	require.True(t, s.Reachable("desk"))

	leg, _ := w.call(b, letter{from: "desk"})
	require.Equal(t, "desk", leg.From().Device)
	leg.Hangup(Reason{})
	w.reply(w.request(sipmsg.BYE), 200, "OK", "", "")
	b.diary.ended(t, leg)

	d := newDiary()
	out, err := s.Dial("desk", Dial{Media: newPaper(), Notify: d.note})
	require.NoError(t, err)
	invite := w.request(sipmsg.INVITE)
	w.reply(invite, 480, "Away", "a", "")
	require.Equal(t, Ended{Code: 480, Text: "Away"}, d.ended(t, out))
}

func TestListenErrors(t *testing.T) {
	s := serve(t, Config{})
	taken := "udp://" + s.Addr("udp").String()
	_, err := Listen(Config{Listen: []string{"tcp://127.0.0.1:0", taken}})
	require.ErrorContains(t, err, "listen on "+taken)
	for _, bad := range []string{"127.0.0.1:5060", "sctp://127.0.0.1:5060", "udp://localhost:5060", "udp://127.0.0.1"} {
		_, err := Listen(Config{Listen: []string{bad}})
		require.ErrorIs(t, err, ErrAddress, bad)
	}
	require.False(t, s.Addr("tls").IsValid())
}

func TestPublicAddressIsTold(t *testing.T) {
	p, invite := ringPhone(t, Config{Public: netip.MustParseAddr("203.0.113.7"), Listen: []string{"udp://0.0.0.0:0"}}, Dial{From: "1"})
	require.Equal(t, "203.0.113.7", invite.Via().Host)
	require.Equal(t, "203.0.113.7", invite.Contact().Address.Host)
	require.EqualValues(t, p.server.Addr("udp").Port(), invite.Via().Port)
	p.answer(invite, "a")
	p.leg.Hangup(Reason{})
	p.reply(p.request(sipmsg.BYE), 200, "OK", "", "")
	p.diary.ended(t, p.leg)
}
