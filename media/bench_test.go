package media

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A line is a port as a benchmark uses it: packets are put in where its socket would, and what it sends goes to a phone
// that never reads.
type line struct {
	*Port
	phone    *phone
	datagram []byte
}

func newLine(t testing.TB, e *Engine, lines ...string) *line {
	t.Helper()
	l := &line{phone: newPhone(t, PCMA)}
	var err error
	l.Port, err = e.NewPort(nil)
	require.NoError(t, err)
	_, err = l.Answer(l.phone.sdp(lines...))
	require.NoError(t, err)
	datagram, err := l.phone.packet(make([]byte, frame)).Marshal()
	require.NoError(t, err)
	l.datagram = datagram
	return l
}

// hear takes in the phone's next packet.
func (l *line) hear() {
	binary.BigEndian.PutUint16(l.datagram[2:], binary.BigEndian.Uint16(l.datagram[2:])+1)
	binary.BigEndian.PutUint32(l.datagram[4:], binary.BigEndian.Uint32(l.datagram[4:])+frame)
	l.take(l.datagram, l.phone.addr(), time.Now())
}

// listenedTo counts the packets that a tap is given.
type listenedTo struct{ packets int }

func (l *listenedTo) Packet(time.Time, Codec, uint16, uint32, []byte) { l.packets++ }

// The ways of a packet that are measured: step takes one there, and check says whether they went.
var packetWays = []struct {
	name string
	open func(t testing.TB, e *Engine) (step func(), check func(packets int))
}{
	{"relayed", func(t testing.TB, e *Engine) (func(), func(int)) {
		from, to := newLine(t, e), newLine(t, e)
		join(t, from.Port, to.Port)
		return from.hear, func(n int) { require.EqualValues(t, n, to.Stats().PacketsOut) }
	}},
	{"encrypted and relayed", func(t testing.TB, e *Engine) (func(), func(int)) {
		from := newLine(t, e)
		to := newLine(t, e, "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw")
		join(t, from.Port, to.Port)
		return from.hear, func(n int) { require.EqualValues(t, n, to.Stats().PacketsOut) }
	}},
	{"tapped", func(t testing.TB, e *Engine) (func(), func(int)) {
		from, tap := newLine(t, e), &listenedTo{}
		from.Tap(tap)
		return from.hear, func(n int) { require.Equal(t, n, tap.packets) }
	}},
	{"played", func(t testing.TB, e *Engine) (func(), func(int)) {
		to, at := newLine(t, e), time.Now()
		e.pacers.stop() // the grid is the caller's
		to.Play(true, Tone(440, time.Second))
		return func() {
			at = at.Add(tick)
			to.out.tick(at)
		}, func(n int) { require.EqualValues(t, n, to.Stats().PacketsOut) }
	}},
}

// BenchmarkPacket is what a packet costs on its way, the system call that sends it included where it is sent. The tap
// takes it from the socket's buffer and sends nothing.
func BenchmarkPacket(b *testing.B) {
	for _, way := range packetWays {
		b.Run(way.name, func(b *testing.B) {
			step, check := way.open(b, newEngine(b))
			b.ReportAllocs()
			packets := 0
			for b.Loop() {
				step()
				packets++
			}
			check(packets)
		})
	}
}

func TestAPacketAllocatesNothing(t *testing.T) {
	for _, way := range packetWays {
		t.Run(way.name, func(t *testing.T) {
			step, check := way.open(t, newEngine(t))
			const packets = 1000
			require.Zero(t, testing.AllocsPerRun(packets-1, step))
			check(packets) // the first one is a warm-up
		})
	}
}
