package sip

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/require"
)

// fromHost connects to a server over TCP from another of the loopback's addresses, that of nobody it knows.
func fromHost(t *testing.T, s *Server, host string) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(host)}}
	conn, err := d.Dial("tcp", s.Addr("tcp").String())
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patienceInTests)))
	return conn
}

// closedByPeer waits until the other side has closed a connection.
func closedByPeer(t *testing.T, conn net.Conn) {
	t.Helper()
	_, err := io.Copy(io.Discard, conn)
	if err != nil {
		require.NotErrorIs(t, err, net.ErrClosed)
		require.False(t, strings.Contains(err.Error(), "i/o timeout"), "still open")
	}
}

func TestStrangersOverTCPAreSentAway(t *testing.T) {
	s := serve(t, Config{Devices: devices("1001"), T1: 10 * time.Millisecond})
	silent := fromHost(t, s, "127.0.0.2")
	slow := fromHost(t, s, "127.0.0.3") // a byte now and then
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		for _, c := range []byte(strings.Repeat("X", 10000)) {
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
				if _, err := slow.Write([]byte{c}); err != nil {
					return
				}
			}
		}
	}()
	closedByPeer(t, silent)
	closedByPeer(t, slow)

	began := time.Now()
	w := newStream(t, fromHost(t, s, "127.0.0.4"))
	require.Equal(t, 200, w.register("1001", 1, "Expires: 600").StatusCode)
	require.Eventually(t, func() bool { return time.Since(began) > 2*s.doorstep.proof }, patienceInTests, time.Millisecond)
	leg, _, d := dialDevice(t, s) // when a stranger would have been sent away
	w.reply(w.request(sipmsg.INVITE), 486, "Busy Here", "a", "")
	require.Equal(t, 486, d.ended(t, leg).Code)
}

func TestStrangersOverTCPAreFew(t *testing.T) {
	c := newDoorstep(func(host netip.Addr) bool { return host == netip.MustParseAddr("192.0.2.1") }, nobodyIs, func() {}, time.Second)
	conn := func(host string) net.Conn { return addressed{at: host} }
	var first *caller
	for n := range mostFromAHost {
		k := c.admit(conn("192.0.2.9:" + fmt.Sprint(n+1)))
		require.NotNil(t, k)
		if n == 0 {
			first = k
		}
	}
	require.Nil(t, c.admit(conn("192.0.2.9:999")))
	require.NotNil(t, c.admit(conn("192.0.2.1:999")), "one of ours")
	c.leave(first)
	c.leave(first)
	again := c.admit(conn("192.0.2.9:999"))
	require.NotNil(t, again)
	require.Nil(t, c.admit(conn("192.0.2.9:1000")))
	for n := mostFromAHost; n < mostCallers; n++ {
		require.NotNil(t, c.admit(conn(fmt.Sprintf("198.51.%d.%d:1", n/250, n%250+1))))
	}
	require.Nil(t, c.admit(conn("203.0.113.1:1")))
	require.NotNil(t, c.admit(conn("192.0.2.1:1000")))
}

func TestWhoIsShutOutIsNotEvenLetIn(t *testing.T) {
	s := serve(t, Config{Devices: devices("1001")})
	inside := fromHost(t, s, "127.0.0.66")
	challenged := func(conn net.Conn) {
		t.Helper()
		w := newStream(t, conn)
		w.send(registration("1001", 1))
		require.Equal(t, 401, w.read().(*sipmsg.Response).StatusCode)
	}
	challenged(inside)
	who := netip.MustParseAddr("127.0.0.66")
	s.bans.impose(origin{network: who}, FaultPassword, false, time.Now())
	challenged(fromHost(t, s, "127.0.0.66")) // who it was is not sure

	s.bans.impose(origin{network: who}, FaultPassword, true, time.Now())
	before := s.Counters().Banned
	closedByPeer(t, fromHost(t, s, "127.0.0.66"))
	require.Greater(t, s.Counters().Banned, before)
	_, err := inside.Write([]byte("\r\n\r\n"))
	require.NoError(t, err)
	closedByPeer(t, inside)
	require.True(t, s.LiftBan(who))
	challenged(fromHost(t, s, "127.0.0.66"))
}

func nobodyIs(netip.Addr) bool { return false }

// addressed is a connection that has nothing but a peer's address.
type addressed struct {
	net.Conn
	at string
}

func (a addressed) RemoteAddr() net.Addr { return tcpAddr(a.at) }

func TestWhoDoesNotReadHoldsUpNobodyElse(t *testing.T) {
	s, _, w := registrarFor(t, Config{}, "1001", "1002")
	require.Equal(t, 200, w.register("1001", 1, "Expires: 600").StatusCode)
	deaf := newStream(t, dialTCP(t, s))
	require.Equal(t, 200, deaf.register("1002", 1, "Expires: 600").StatusCode)
	asked := make(chan error, 1)
	go func() { // asks and asks, and reads no answer
		for n := range 2000 {
			l := letter{method: "OPTIONS", from: "1002", cseq: n + 1, callID: "deaf" + strings.Repeat("x", 4000)} // which the answer has too
			if _, err := deaf.conn.WriteTo([]byte(deaf.compose(l)), nil); err != nil {
				asked <- err
				return
			}
		}
		asked <- nil
	}()
	half := dialTCP(t, s)
	_, err := half.Write([]byte("REGISTER sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1\r\nContent-Le"))
	require.NoError(t, err)
	reader := newStream(t, dialTCP(t, s))
	for n := range 50 {
		w.send(letter{method: "OPTIONS", from: "1001", cseq: n + 1, callID: "udp"})
		w.response(200)
		reader.send(letter{method: "OPTIONS", from: "1001", cseq: n + 1, callID: "tcp"})
		reader.response(200)
	}
	deaf.conn.Close()
	receive(t, asked)
}
