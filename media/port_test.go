package media

import (
	"net/netip"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"threering/media/mux"
)

// heard is a packet that came by a tap.
type heard struct {
	codec     Codec
	seq       uint16
	timestamp uint32
	payload   string
}

// ear is a Tap that passes on what it hears.
type ear chan heard

func (e ear) Packet(_ time.Time, codec Codec, seq uint16, timestamp uint32, payload []byte) {
	e <- heard{codec, seq, timestamp, string(payload)}
}

func TestTapsHearAllAudioInOrderOfArrival(t *testing.T) {
	e := newEngine(t)
	f := newPhone(t, PCMU)
	p := f.call(e, nil)
	tap, other := make(ear, 10), make(ear, 10)
	off := p.Tap(tap)
	p.Tap(other)
	var sent []*rtp.Packet
	for i := range 4 {
		sent = append(sent, f.packet([]byte{byte(i), 2, 3}))
	}
	f.send(f.pressPackets(1)[0])
	for _, i := range []int{0, 2, 1, 3} {
		f.send(sent[i])
		want := heard{PCMU, sent[i].SequenceNumber, sent[i].Timestamp, string(sent[i].Payload)}
		require.Equal(t, want, await(t, tap))
		require.Equal(t, want, await(t, other))
	}
	off()
	f.say(Tone(400, tick))
	await(t, other)
	require.Empty(t, tap)
}

func TestInjectedPacketsAreIgnored(t *testing.T) {
	e := newEngine(t)
	f, intruder, other := newPhone(t, PCMA), newPhone(t, PCMA), newPhone(t, PCMA)
	notes := newNotes()
	p := f.call(e, notes)
	join(t, p, other.call(e, nil))
	intruder.to = p.Addr()

	f.say(Tone(400, 10*tick))
	intruder.say(Tone(2000, 10*tick))
	intruder.press(1)
	for _, junk := range []string{"", "junk", "\x00\x01\x00\x00STUN", "\x80\xc8\x00\x06RTCP sender report", "\x80\x08 short"} {
		f.raw([]byte(junk))
	}
	wrong := f.packet(make([]byte, frame))
	wrong.Version = 1
	f.send(wrong)
	f.seq--
	f.time -= frame
	f.say(Tone(400, 10*tick))

	got := other.hearN(20)
	requireUnbroken(t, got)
	for i, pkt := range got {
		require.Equal(t, i == 0, pkt.Marker, "the stream was not taken for a new one")
	}
	require.Greater(t, Detect(pcm(PCMA, got), 400), 0.95)
	require.EqualValues(t, 10+8+6, p.Stats().Ignored)
	require.Empty(t, notes.digits)
	p.Play(false, Tone(400, tick))
	f.hear()
	require.Empty(t, intruder.waiting(), "nothing goes to the intruder")
}

func TestAPeerBehindNATIsAnsweredWhereItSendsFrom(t *testing.T) {
	e := newEngine(t)
	f, private := newPhone(t, PCMA), newPhone(t, PCMA)
	p, err := e.NewPort(nil)
	require.NoError(t, err)
	_, err = p.Answer(private.sdp())
	require.NoError(t, err)
	f.to = p.Addr()

	p.Play(true, Tone(400, tick))
	private.hear() // the address of the SDP, as long as nothing has come
	f.say(Tone(400, tick))
	f.hear()
	_, err = p.Answer(private.sdp()) // a refresh changes nothing
	require.NoError(t, err)
	private.waiting()
	f.hear()
	require.Empty(t, private.waiting())

	moved := newPhone(t, PCMA)
	_, err = p.Answer(moved.sdp())
	require.NoError(t, err)
	moved.hear()
}

func TestNobodyIsHeardInAnotherCallByNamingItsPort(t *testing.T) {
	for name, config := range map[string]Config{
		"of one address": {},
		"of all":         {Bind: netip.IPv4Unspecified(), Advertise: netip.MustParseAddr("127.0.0.1")},
	} {
		t.Run(name, func(t *testing.T) {
			e := engineAt(t, config)
			f, private := newPhone(t, PCMA), newPhone(t, PCMA)
			victim, err := e.NewPort(nil)
			require.NoError(t, err)
			_, err = victim.Answer(private.sdp()) // behind NAT: whoever sends first is believed
			require.NoError(t, err)
			intruder, err := e.NewPort(nil)
			require.NoError(t, err)
			_, err = intruder.Answer(describePhone(victim.Addr(), PCMA))
			require.NoError(t, err)

			intruder.Play(true, Tone(900, time.Second))
			require.Eventually(t, func() bool { return victim.Stats().Ignored > 3 }, patience, time.Millisecond)
			require.Zero(t, victim.Stats().PacketsIn)
			f.to = victim.Addr()
			f.say(Tone(400, tick))
			require.Eventually(t, func() bool { return victim.Stats().PacketsIn == 1 }, patience, time.Millisecond)
			victim.Play(false, Tone(400, tick))
			f.hear()
			require.Zero(t, intruder.Stats().PacketsIn)
		})
	}
}

func TestTheCodecMayChangeInACall(t *testing.T) {
	e := newEngine(t)
	f := newPhone(t, PCMA)
	p := f.call(e, nil)
	p.Play(true, Tone(500, 100*time.Millisecond))
	all := f.hearN(5)
	f.codec = PCMU
	_, err := p.Answer(f.sdp())
	require.NoError(t, err)
	require.Equal(t, PCMU, p.Codec())
	all = append(all, f.waiting()...)
	after := f.hearN(5)
	require.EqualValues(t, PCMU, after[0].PayloadType)
	require.Greater(t, Detect(pcm(PCMU, after), 500), 0.98)
	requireUnbroken(t, append(all, after...))
}

func TestTwoPortsAgreeAndTalk(t *testing.T) {
	e := newEngine(t)
	a, b := connect(t, e, nil, nil)
	tap := make(ear, 100)
	b.Tap(tap)
	a.Play(false, Tone(800, 200*time.Millisecond))
	var samples []int16
	for range 10 {
		h := await(t, tap)
		samples = decode711(samples, h.codec, []byte(h.payload))
	}
	require.Greater(t, Detect(samples, 800), 0.99)
	require.Equal(t, a.Stats().PacketsOut, b.Stats().PacketsIn)
	require.Equal(t, a.Stats().OctetsOut, b.Stats().OctetsIn)
	require.Zero(t, b.Stats().Lost)
	require.WithinDuration(t, time.Now(), b.Stats().LastPacket, patience)
}

// impatient closes its port at the first key.
type impatient struct{ closed chan error }

func (i impatient) Digit(p *Port, _ rune)       { i.closed <- p.Close() }
func (i impatient) Held(*Port, bool)            {}
func (i impatient) Silent(*Port, time.Duration) {}

func TestAListenerMayCloseItsPort(t *testing.T) {
	e := newEngine(t)
	f := newPhone(t, PCMA)
	l := impatient{make(chan error, 1)}
	p := f.call(e, l)
	f.press(1)
	require.NoError(t, await(t, l.closed))
	require.NoError(t, p.Close())
	require.EqualValues(t, 1, p.Stats().PacketsIn)
}

func FuzzDatagram(f *testing.F) {
	e := newEngine(f)
	in, out := newPhone(f, PCMA), newPhone(f, PCMU)
	p, q := in.call(e, newNotes()), out.call(e, nil)
	join(f, p, q)
	for _, pkt := range append(in.pressPackets(3), in.packet([]byte("audio"))) {
		raw, err := pkt.Marshal()
		require.NoError(f, err)
		f.Add(raw)
	}
	f.Add([]byte("\xb0\x08\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03\xbe\xde\x00\x01\x10\x01\x00\x00ab\x02"))
	l := newNotes()
	p.listener = l
	f.Fuzz(func(t *testing.T, datagram []byte) {
		before := p.Stats()
		p.take(datagram, in.addr(), time.Now())
		after := p.Stats()
		if mux.KindOf(datagram) == mux.RTCP {
			return // a report is counted only if it is none
		}
		require.Greater(t, after.PacketsIn+after.Ignored, before.PacketsIn+before.Ignored, "counted one way or another")
		select {
		case <-l.digits:
		default:
		}
	})
}
