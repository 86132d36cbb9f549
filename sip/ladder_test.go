package sip

import (
	"fmt"
	"log/slog"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	sipmsg "github.com/emiago/sipgo/sip"
	"threering/store"
	"threering/store/storetest"
)

func TestSecretsAreBlanked(t *testing.T) {
	text := blank([]byte("INVITE sip:a SIP/2.0\r\nAuthorization : Digest username=\"1001\",\r\n response=\"hush\"\r\nproxy-authorization:Basic hush\r\n" +
		"Subject: authorization: shown\r\nContent-Type: application/sdp\r\n\r\nv=0\r\nk=clear:hush\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:hush\r\na=ice-ufrag:shown\r\na=ice-pwd:hush\r\na=fingerprint:sha-256 AA\r\n"))
	require.NotContains(t, text, "hush")
	for _, kept := range []string{"INVITE sip:a SIP/2.0\r\nAuthorization : (blanked)\r\nproxy-authorization: (blanked)\r\n", "Subject: authorization: shown\r\n", "\r\n\r\nv=0\r\nk= (blanked)\r\n", "a=ice-ufrag:shown", "a=fingerprint:sha-256 AA\r\n"} {
		require.Contains(t, text, kept)
	}
	key := blank([]byte("INFO sip:a SIP/2.0\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=7\r\nDuration=160\r\n"))
	require.Contains(t, key, "Signal= (blanked)\r\nDuration=160")
	require.NotContains(t, blank([]byte("INFO sip:a SIP/2.0\r\nContent-Type: application/dtmf\r\nX: y\r\n\r\n7")), "7")
	plain := "SIP/2.0 200 OK\r\nTo: x\r\n\r\nv=0\r\ns=-\r\n"
	require.Equal(t, plain, blank([]byte(plain)))
}

// No secret of a message gets through, whatever is around it.
func FuzzBlank(f *testing.F) {
	f.Add([]byte("A: b\r\n"), []byte("\r\nC: d"))
	f.Fuzz(func(t *testing.T, before, after []byte) {
		text := "INVITE sip:a SIP/2.0\r\nX: " + strings.Map(oneLineRune, string(before)) + "\r\nAuthorization: Digest hushhush\r\nY: " + strings.Map(oneLineRune, string(after)) + "\r\n\r\n"
		require.NotContains(t, blank([]byte(text)), "Digest hushhush")
	})
}

func oneLineRune(r rune) rune {
	if r == '\r' || r == '\n' {
		return '.'
	}
	return r
}

// laddersFor records for a server, in a new database.
func laddersFor(t *testing.T) *Ladders {
	l, err := NewLadders(t.Context(), storetest.Open(t), time.Hour)
	require.NoError(t, err)
	return l
}

func lines(l Ladder) []string {
	var list []string
	for _, m := range l.Messages {
		list = append(list, fmt.Sprintf("%s>%s %s", l.Participants[m.From].Name, l.Participants[m.To].Name, m.Line))
	}
	return list
}

func TestACallIsALadder(t *testing.T) {
	b, ladders := newInbox(), laddersFor(t)
	s, _, w := registrarFor(t, Config{Incoming: b.incoming, Ladders: ladders}, "1001")
	require.Equal(t, 200, w.register("1001", 1, "Expires: 600").StatusCode)
	w.send(letter{method: "INVITE", from: "1001", callID: "in", body: "v=0", headers: []string{"Authorization: hush"}})
	leg := b.next(t)
	leg.Label("c1")
	leg.Ring()
	leg.Answer()
	w.response(180)
	res := w.response(200)
	w.send(letter{method: "ACK", from: "1001", callID: "in", toTag: tagOf(res.To().Params), branch: "z9hG4bK-ack"})
	require.Equal(t, Answered{}, b.diary.next(t))

	agent := newDiary()
	out, err := s.Dial("1001", Dial{From: "2000", Media: newPaper(), Notify: agent.note})
	require.NoError(t, err)
	out.Label("c1")
	invite := w.request(sipmsg.INVITE)
	w.reply(invite, 486, "Busy Here", "busy", "")
	w.request(sipmsg.ACK)
	agent.ended(t, out)

	require.Eventually(t, func() bool {
		l, err := ladders.Of(t.Context(), "c1")
		return err == nil && len(l.Messages) == 7
	}, patienceInTests, time.Millisecond)
	going, err := ladders.Of(t.Context(), "c1")
	require.NoError(t, err)
	leg.Hangup(Reason{})
	w.reply(w.request(sipmsg.BYE), 200, "OK", "", "")
	b.diary.ended(t, leg)
	require.Equal(t, []string{
		"1001>threering INVITE (SDP)", "threering>1001 180 Ringing", "threering>1001 200 OK", "1001>threering ACK",
		"threering>1001 INVITE", "1001>threering 486 Busy Here", "threering>1001 ACK",
	}, lines(going))
	require.NotContains(t, going.Messages[0].Text, "hush")
	require.Equal(t, w.addr(), going.Participants[0].Address)

	more, err := ladders.write(time.Now().Add(time.Minute))
	require.NoError(t, err)
	require.False(t, more)
	require.Empty(t, ladders.rolls)
	require.Zero(t, ladders.size)
	kept, err := ladders.Of(t.Context(), "c1")
	require.NoError(t, err)
	require.Equal(t, append(lines(going), "threering>1001 BYE", "1001>threering 200 OK"), lines(kept))
	_, err = ladders.Of(t.Context(), "c2")
	require.ErrorIs(t, err, ErrNoLadder)
	require.NoError(t, ladders.store.drop(time.Now().Add(time.Hour)))
	_, err = ladders.Of(t.Context(), "c1")
	require.ErrorIs(t, err, ErrNoLadder)
}

func TestLaddersAreBounded(t *testing.T) {
	l := laddersFor(t)
	peer := netip.MustParseAddrPort("192.0.2.1:5060")
	invite := func(n int) []byte {
		return fmt.Appendf(nil, "INVITE sip:a SIP/2.0\r\nCall-ID: %d\r\nTo: <sip:b>\r\n\r\n", n)
	}
	for n := range mostRolls + 10 {
		l.begun = 0 // they come at leisure
		l.heard("udp", peer, invite(n))
	}
	require.Len(t, l.rolls, mostRolls)
	for range 2 * mostRungs {
		l.heard("udp", peer, invite(1))
	}
	require.Len(t, l.rolls["1"].rungs, mostRungs)
	require.Equal(t, mostRungs+1, l.rolls["1"].more)
	l.heard("udp", peer, []byte("BYE sip:a SIP/2.0\r\nCall-ID: unknown\r\nTo: <sip:b>;tag=x\r\n\r\n"))
	require.Nil(t, l.rolls["unknown"], "a leg begins with its INVITE")
	l.tidy(time.Now().Add(unclaimed+time.Minute), slog.New(slog.DiscardHandler))
	require.Empty(t, l.rolls)
	require.Zero(t, l.size)
}

func TestNoMoreLegsAreRecordedThanCanBeWritten(t *testing.T) {
	l := laddersFor(t)
	now := time.Now()
	begin := func(first, count int) (begun int) {
		for n := first; n < first+count; n++ {
			if r := l.open(strconv.Itoa(n), now); r != nil {
				begun++
				r.call, r.rungs = "c", []rung{{At: now}}
				l.close(r.leg)
			}
		}
		return begun
	}
	require.Equal(t, mostBegun+1, begin(0, 2*mostBegun), "of many at once")
	now = now.Add(2 * rollWrites)
	require.InDelta(t, 2*mostWritten, begin(2*mostBegun, mostBegun), 1, "later, as many as could have been written")
	written := 0
	for more := true; more; written++ {
		var err error
		more, err = l.write(time.Now().Add(time.Minute))
		require.NoError(t, err)
	}
	require.GreaterOrEqual(t, written, mostBegun/mostWritten)
	require.Empty(t, l.rolls)
	kept, err := l.Of(t.Context(), "c")
	require.NoError(t, err)
	require.Len(t, kept.Messages, mostBegun+1+2*mostWritten)
}

func TestALadderIsDrawn(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)
	peer := netip.MustParseAddrPort("192.0.2.1:5060")
	l := ladderOf([]roll{
		{leg: "b", who: "1001", began: at.Add(time.Second), rungs: []rung{{At: at.Add(time.Second), Sent: true, Peer: peer, Text: "INVITE sip:1001 SIP/2.0\r\n\r\n"}}},
		{leg: "a", who: "13800138000", asks: true, began: at, rungs: []rung{
			{At: at, Peer: peer, Text: "INVITE sip:400 SIP/2.0\r\n\r\nv=0\r\n"}, {At: at, Peer: peer, Text: "INVITE sip:400 SIP/2.0\r\n\r\nv=0\r\n"},
			{At: at, Sent: true, Peer: peer, Text: "SIP/2.0 180 Ringing\r\n\r\n"}}},
	})
	var b strings.Builder
	require.NoError(t, l.Draw(&b, false))
	require.Equal(t, strings.TrimPrefix(`
                       13800138000                    threering                        1001
                      192.0.2.1:5060                                              192.0.2.1:5060
03:04:05.678                 │─────── INVITE (SDP) ───────>│                             │
03:04:05.678                 │── INVITE (SDP), repeated ──>│                             │
03:04:05.678                 │<─────── 180 Ringing ────────│                             │
03:04:06.678                 │                             │────────── INVITE ──────────>│
`, "\n"), trimmed(b.String()))
	b.Reset()
	require.NoError(t, l.Draw(&b, true))
	require.Contains(t, b.String(), "  INVITE sip:400 SIP/2.0\n")
	require.NoError(t, Ladder{}.Draw(&b, true))
}

func trimmed(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return b.String()
}

// What a call's messages cost: a call of twelve messages, recorded or not, and written.
func BenchmarkLadder(b *testing.B) {
	db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "sip.db"))
	require.NoError(b, err)
	defer db.Close()
	peer := netip.MustParseAddrPort("192.0.2.1:5060")
	message := []byte("INVITE sip:400@192.0.2.9 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK-1\r\nMax-Forwards: 70\r\nFrom: <sip:1@x>;tag=1\r\n" +
		"To: <sip:400@192.0.2.9>\r\nCall-ID: one\r\nCSeq: 1 INVITE\r\nContact: <sip:1@192.0.2.1>\r\nContent-Type: application/sdp\r\n\r\n" +
		"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n")
	on, err := NewLadders(b.Context(), db, time.Hour)
	require.NoError(b, err)
	for name, l := range map[string]*Ladders{"off": nil, "on": on} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for range 12 {
					l.heard("udp", peer, message)
				}
				if l != nil {
					l.rolls, l.size, l.begun = map[string]*roll{}, 0, 0
				}
			}
		})
	}
	b.Run("written", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			for range 12 {
				on.heard("udp", peer, message)
			}
			on.claim("one", fmt.Sprint(n), "1")
			on.close("one")
			on.begun = 0
			_, err := on.write(time.Now().Add(time.Minute))
			require.NoError(b, err)
		}
	})
}
