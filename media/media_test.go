package media

import (
	"math"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait for an event.
const patience = 5 * time.Second

func newEngine(t testing.TB) *Engine {
	t.Helper()
	e, err := NewEngine(Config{Low: 20000, High: 29999})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return e
}

// notes is a Listener that passes on what it hears.
type notes struct {
	digits chan rune
	held   chan bool
	silent chan time.Duration
}

func newNotes() notes {
	return notes{make(chan rune, 100), make(chan bool, 100), make(chan time.Duration, 100)}
}

func (n notes) Digit(_ *Port, key rune)             { n.digits <- key }
func (n notes) Held(_ *Port, held bool)             { n.held <- held }
func (n notes) Silent(_ *Port, lasts time.Duration) { n.silent <- lasts }
func (n notes) key(t testing.TB) rune               { return await(t, n.digits) }

func await[T any](t testing.TB, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		require.FailNow(t, "nothing came")
		panic("unreachable")
	}
}

// A phone is a peer made by hand: a socket that sends what a test tells it to.
type phone struct {
	t     testing.TB
	conn  *net.UDPConn
	codec Codec
	to    netip.AddrPort
	ssrc  uint32
	seq   uint16
	time  uint32
}

func newPhone(t testing.TB, codec Codec) *phone {
	t.Helper()
	return newPhoneAt(t, net.IPv4(127, 0, 0, 1), codec)
}

func newPhoneAt(t testing.TB, ip net.IP, codec Codec) *phone {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: ip})
	require.NoError(t, err)
	require.NoError(t, conn.SetReadBuffer(receiveBuffer))
	t.Cleanup(func() { conn.Close() })
	return &phone{t: t, conn: conn, codec: codec, ssrc: 7, seq: 65530, time: 1 << 31}
}

func (f *phone) addr() netip.AddrPort {
	at := f.conn.LocalAddr().(*net.UDPAddr).AddrPort()
	return netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
}

// sdp describes the phone; lines replace the direction.
func (f *phone) sdp(lines ...string) []byte {
	return describePhone(f.addr(), f.codec, lines...)
}

func describePhone(at netip.AddrPort, codec Codec, lines ...string) []byte {
	family := "IP4 "
	if at.Addr().Is6() {
		family = "IP6 "
	}
	text := []string{
		"v=0", "o=phone 1 1 IN IP4 127.0.0.1", "s=call", "c=IN " + family + at.Addr().String(), "t=0 0",
		"m=audio " + strconv.Itoa(int(at.Port())) + " RTP/AVP " + strconv.Itoa(int(codec)) + " 96",
		"a=rtpmap:96 telephone-event/8000",
	}
	return []byte(strings.Join(append(text, lines...), "\r\n") + "\r\n")
}

// call connects a phone to a new port.
func (f *phone) call(e *Engine, l Listener) *Port {
	f.t.Helper()
	p, err := e.NewPort(l)
	require.NoError(f.t, err)
	_, err = p.Answer(f.sdp())
	require.NoError(f.t, err)
	f.to = p.Addr()
	return p
}

// packet is the phone's next audio packet.
func (f *phone) packet(payload []byte) *rtp.Packet {
	pkt := &rtp.Packet{
		Header:  rtp.Header{Version: 2, PayloadType: uint8(f.codec), SequenceNumber: f.seq, Timestamp: f.time, SSRC: f.ssrc},
		Payload: payload,
	}
	f.seq++
	f.time += uint32(len(payload))
	return pkt
}

func (f *phone) send(pkt *rtp.Packet) {
	f.t.Helper()
	raw, err := pkt.Marshal()
	require.NoError(f.t, err)
	f.raw(raw)
}

func (f *phone) raw(datagram []byte) {
	f.t.Helper()
	_, err := f.conn.WriteToUDPAddrPort(datagram, f.to)
	require.NoError(f.t, err)
}

// say sends a sound, all its frames at once.
func (f *phone) say(s *Sound) {
	f.t.Helper()
	for data := s.bytes(f.codec); len(data) >= frame; data = data[frame:] {
		f.send(f.packet(data[:frame]))
	}
}

// hear waits for the next packet.
func (f *phone) hear() *rtp.Packet {
	f.t.Helper()
	pkt, ok := f.listen(patience)
	require.True(f.t, ok, "nothing heard")
	return pkt
}

func (f *phone) hearN(n int) []*rtp.Packet {
	f.t.Helper()
	var all []*rtp.Packet
	for range n {
		all = append(all, f.hear())
	}
	return all
}

// requireSays has the phone say a sound, and checks that a listener is sent all of it, to a bit.
func (f *phone) requireSays(s *Sound, listen func(packets int) []byte) {
	f.t.Helper()
	f.say(s)
	data := s.bytes(f.codec)
	require.Equal(f.t, data, listen(len(data)/frame))
}

// hearBytes waits for the payload of the next packets.
func (f *phone) hearBytes(packets int) (data []byte) {
	f.t.Helper()
	for _, pkt := range f.hearN(packets) {
		data = append(data, pkt.Payload...)
	}
	return data
}

// listen waits for a packet, but only so long.
func (f *phone) listen(wait time.Duration) (*rtp.Packet, bool) {
	f.t.Helper()
	buffer := make([]byte, maxPacket)
	require.NoError(f.t, f.conn.SetReadDeadline(time.Now().Add(wait)))
	n, err := f.conn.Read(buffer)
	if err != nil {
		return nil, false
	}
	pkt := new(rtp.Packet)
	require.NoError(f.t, pkt.Unmarshal(buffer[:n]))
	return pkt, true
}

// pcm decodes what was heard.
func pcm(codec Codec, packets []*rtp.Packet) []int16 {
	var samples []int16
	var d Decoder
	for _, pkt := range packets {
		samples = d.Decode(samples, codec, pkt.Payload)
	}
	return samples
}

// level is the power of samples in dB.
func level(pcm []int16) float64 {
	var power float64
	for _, s := range pcm {
		power += float64(s) * float64(s)
	}
	return 10 * math.Log10(power/float64(len(pcm)))
}

// requireUnbroken checks what RFC 3550 lets a receiver expect: one SSRC, each sequence number one more than
// that before, timestamps that never run back and audio that never overlaps.
func requireUnbroken(t testing.TB, packets []*rtp.Packet) {
	t.Helper()
	for i, pkt := range packets[1:] {
		last := packets[i]
		require.Equal(t, last.SSRC, pkt.SSRC)
		require.Equal(t, last.SequenceNumber+1, pkt.SequenceNumber, "packet %d", i+1)
		step := int32(pkt.Timestamp - last.Timestamp)
		if pkt.PayloadType == last.PayloadType && pkt.PayloadType != 96 {
			require.GreaterOrEqual(t, step, int32(len(last.Payload)), "packet %d", i+1)
		}
		require.GreaterOrEqual(t, step, int32(0), "packet %d", i+1)
		require.Less(t, step, int32(patience.Seconds()*SampleRate), "packet %d", i+1)
	}
}
