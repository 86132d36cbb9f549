package sip

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/require"
)

// What the library does that we cannot have, and what stands before it.

// bulky is a Media whose descriptions fill several datagrams of a usual network.
type bulky struct{ *paper }

func (bulky) body() []byte { return []byte(strings.Repeat("a=x-filler\r\n", 400)) }

func (b bulky) Offer() ([]byte, error)        { return b.body(), nil }
func (b bulky) Answer([]byte) ([]byte, error) { return b.body(), nil }

// It would refuse to send more than 1,300 bytes over UDP (RFC 3261 18.1.1 would have TCP for that, which many phones do not
// listen for).
func TestLongMessagesGoOverUDP(t *testing.T) {
	b := newInbox()
	s := serve(t, Config{Devices: devices().trusting(), Incoming: func(l *Leg) { l.Attach(bulky{b.media}, b.diary.note); b.legs <- l }})
	out := newWire(t, s)
	d := newDiary()
	leg, err := s.DialURI("sip:1001@"+out.addr(), Dial{Media: bulky{newPaper()}, Notify: d.note})
	require.NoError(t, err)
	invite := out.request(sipmsg.INVITE)
	require.Equal(t, bulky{}.body(), invite.Body())
	out.reply(invite, 200, "OK", "theirs", "their answer")
	out.request(sipmsg.ACK)
	leg.Reoffer(func(error) {})
	again := out.request(sipmsg.INVITE)
	require.Equal(t, bulky{}.body(), again.Body())
	out.reply(again, 200, "OK", "", "their answer")
	out.request(sipmsg.ACK)

	in := newWire(t, s)
	in.send(letter{method: "INVITE", body: string(bulky{}.body())})
	b.next(t).Answer()
	require.Equal(t, bulky{}.body(), in.response(200).Body())
}

// It would keep an entry for each source that has ever sent a datagram.
func TestJunkFromManySourcesLeavesNothing(t *testing.T) {
	s := serve(t, Config{Devices: devices("1001"), Incoming: func(*Leg) {}})
	before := s.transport.Pool("udp").Size()
	for n := range 200 {
		w := newWireAt(t, s, fmt.Sprintf("127.0.%d.%d", 1+n/100, 2+n%100))
		w.write("junk")
		w.write("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x\r\n\r\n")
		for _, method := range []string{"OPTIONS", "INVITE", "REGISTER", "BYE", "ACK"} {
			w.send(letter{method: method, from: "1001", to: "1001"})
		}
		w.conn.Close()
	}
	known := newWireAt(t, s, "127.0.3.1") // it is answered, so all before it has been looked at
	require.Eventually(t, func() bool {   // there may have been too much at once, for the socket or for the gate
		known.send(letter{method: "REGISTER", from: "1001", to: "1001"})
		require.NoError(t, known.conn.SetReadDeadline(time.Now().Add(200*time.Millisecond)))
		size, _, err := known.conn.ReadFrom(make([]byte, 65536))
		return err == nil && size > 0
	}, patienceInTests, time.Millisecond)
	require.Equal(t, before, s.transport.Pool("udp").Size())
}

// It hands over each message in a goroutine of its own, so that a 200 may come before the 180 and the 183 that were sent before it.
func TestA200ThatOvertakesProvisionalResponses(t *testing.T) {
	for range 20 {
		p, invite := ringPhone(t, Config{}, Dial{})
		p.reply(invite, 200, "OK", "theirs", "the answer")
		p.reply(invite, 183, "Session Progress", "theirs", "an early answer")
		p.reply(invite, 180, "Ringing", "theirs", "")
		p.reply(invite, 180, "Ringing", "another", "an early answer of another")
		p.request(sipmsg.ACK)
		p.leg.Hangup(Reason{})
		p.reply(p.request(sipmsg.BYE), 200, "OK", "", "")
		answered, last := false, ""
		for over := false; !over; {
			switch e := p.diary.next(t).(type) {
			case Answered:
				answered = true
			case Ringing:
				require.False(t, answered, "it rings after it was answered")
			case Ended:
				require.Equal(t, 200, e.Code)
				over = true
			}
		}
		require.True(t, answered)
		for len(p.media.accepted) > 0 {
			last = <-p.media.accepted
		}
		require.Equal(t, "the answer", last, "no early answer takes the place of the final one")
	}
}

// noted is what was logged.
type noted struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (n *noted) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.Write(p)
}

func (n *noted) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

// It would log every message that it cannot read, whole.
func TestPayloadsAreNotLogged(t *testing.T) {
	var log noted
	s, err := Listen(Config{
		Listen: []string{"udp://127.0.0.1:0", "tcp://127.0.0.1:0"}, Devices: devices().trusting(), Incoming: func(*Leg) {},
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	require.NoError(t, err)
	stop, ended := serveUntil(s)
	w := newWire(t, s)
	tcp := newWire(t, s)
	stranger := dialTCP(t, s)
	for n := range 200 {
		for _, bad := range []string{
			"INVITE sip:400@127.0.0.1 SIP/2.0\r\nVia: no via\r\n%s\r\n\r\n", "SIP/2.0 no status\r\n%s\r\n\r\n",
			"INVITE sip:400@127.0.0.1 SIP/2.0\r\nCSeq: %s INVITE\r\nAuthorization: Digest response=\"%[1]s\"\r\n\r\n",
			"MESSAGE sip:400@127.0.0.1 SIP/2.0\r\nFrom: <%s\r\nContent-Length: x%[1]s\r\n\r\n%[1]s",
		} {
			text := fmt.Sprintf(bad, fmt.Sprint("hunter2-", n))
			w.write(text)
			_, _ = stranger.Write([]byte(text)) // until it is cut off
		}
	}
	tcp.send(letter{method: "OPTIONS"})
	tcp.final(200)
	stop()
	require.NoError(t, receive(t, ended))
	require.NotContains(t, log.String(), "hunter2")
	require.LessOrEqual(t, strings.Count(log.String(), "level=WARN"), 5*burst, "as many a second at most")
}
