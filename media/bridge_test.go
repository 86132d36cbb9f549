package media

import (
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"
)

func join(t testing.TB, a, b *Port) *Bridge {
	t.Helper()
	bridge, err := Join(a, b)
	require.NoError(t, err)
	return bridge
}

func TestAToneGoesThroughARelay(t *testing.T) {
	for _, c := range [][2]Codec{{PCMA, PCMA}, {PCMU, PCMU}, {PCMA, PCMU}, {PCMU, PCMA}} {
		t.Run(fmt.Sprintf("%s to %s", c[0], c[1]), func(t *testing.T) {
			e := newEngine(t)
			from, to := newPhone(t, c[0]), newPhone(t, c[1])
			join(t, from.call(e, nil), to.call(e, nil))

			tone := Tone(1004, time.Second)
			from.say(tone)
			heard := to.hearN(50)

			requireUnbroken(t, heard)
			require.EqualValues(t, c[1], heard[0].PayloadType)
			require.True(t, heard[0].Marker, "a talkspurt begins")
			require.Greater(t, Detect(pcm(c[1], heard), 1004), 0.99)
			require.InDelta(t, level(decode711(nil, c[0], tone.bytes(c[0]))), level(pcm(c[1], heard)), 0.5)
		})
	}
}

func TestARelayGoesBothWays(t *testing.T) {
	e := newEngine(t)
	a, b := newPhone(t, PCMA), newPhone(t, PCMU)
	join(t, a.call(e, nil), b.call(e, nil))
	a.say(Tone(500, 200*time.Millisecond))
	b.say(Tone(900, 200*time.Millisecond))
	require.Greater(t, Detect(pcm(PCMU, b.hearN(10)), 500), 0.99)
	require.Greater(t, Detect(pcm(PCMA, a.hearN(10)), 900), 0.99)
}

func TestALostPacketStaysAGapAndALateOneLate(t *testing.T) {
	e := newEngine(t)
	from, to := newPhone(t, PCMA), newPhone(t, PCMU)
	join(t, from.call(e, nil), to.call(e, nil))
	var sent []*rtp.Packet
	for range 6 {
		sent = append(sent, from.packet(make([]byte, frame)))
	}
	for _, i := range []int{0, 1, 4, 3, 5} { // 2 is lost, 3 comes late
		from.send(sent[i])
	}
	heard := to.hearN(5)
	for k, i := range []int{0, 1, 4, 3, 5} {
		require.Equal(t, heard[0].SequenceNumber+uint16(i), heard[k].SequenceNumber)
		require.Equal(t, heard[0].Timestamp+uint32(i*frame), heard[k].Timestamp)
	}
}

func TestANewStreamGoesOnWhereTheOldOneEnded(t *testing.T) {
	jumps := map[string]func(f *phone){
		"ssrc":                func(f *phone) { f.ssrc, f.seq, f.time = 99, 4711, 1 },
		"sequence":            func(f *phone) { f.seq += 20000 },
		"timestamp back":      func(f *phone) { f.time -= 100000 },
		"timestamp far ahead": func(f *phone) { f.time += 100000 },
	}
	for name, jump := range jumps {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t)
			from, to := newPhone(t, PCMA), newPhone(t, PCMA)
			join(t, from.call(e, nil), to.call(e, nil))
			from.say(Tone(700, 100*time.Millisecond))
			jump(from)
			from.say(Tone(700, 100*time.Millisecond))
			heard := to.hearN(10)
			requireUnbroken(t, heard)
			require.True(t, heard[5].Marker)
			require.Less(t, heard[9].Timestamp-heard[0].Timestamp, uint32(patience.Seconds()*SampleRate))
		})
	}
}

func TestALongRelayDoesNotWearOut(t *testing.T) {
	e := newEngine(t)
	from, to := newPhone(t, PCMA), newPhone(t, PCMA)
	a, b := from.call(e, nil), to.call(e, nil)
	join(t, a, b)
	payload := make([]byte, frame)
	const many = 3 << 15 // sequence numbers wrap at 1<<16
	for i := range many {
		raw, err := from.packet(payload).Marshal()
		require.NoError(t, err)
		a.take(raw, from.addr(), time.Now())
		if i%100 == 0 { // the phone's buffer does not hold all
			for range min(i, 99) + 1 {
				to.hear()
			}
		}
	}
	require.EqualValues(t, many, b.Stats().PacketsOut)
	require.Zero(t, a.Stats().Lost)
}

func TestKeysAreRelayedWithTheOtherLegsPayloadType(t *testing.T) {
	e := newEngine(t)
	from, to := newPhone(t, PCMA), newPhone(t, PCMU)
	heard := newNotes()
	a, b := from.call(e, heard), to.call(e, nil)
	_, err := b.Answer([]byte("v=0\no=- 1 2 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio " +
		fmt.Sprint(to.addr().Port()) + " RTP/AVP 0 101\na=rtpmap:101 telephone-event/8000\n"))
	require.NoError(t, err)
	join(t, a, b)

	from.say(Tone(700, 40*time.Millisecond))
	from.press(5)
	from.say(Tone(700, 40*time.Millisecond))

	require.Equal(t, '5', heard.key(t))
	packets := to.hearN(2 + 8 + 2)
	for i, pkt := range packets[2:10] {
		require.EqualValues(t, 101, pkt.PayloadType)
		require.Equal(t, packets[2].Timestamp, pkt.Timestamp, "packet %d of the press", i)
		require.Equal(t, packets[0].SequenceNumber+2+uint16(i), pkt.SequenceNumber)
		e, ok := parseKeyEvent(pkt.Payload)
		require.True(t, ok)
		require.EqualValues(t, 5, e.code)
		require.Equal(t, i >= 5, e.end)
	}
	require.Equal(t, packets[1].Timestamp+frame, packets[2].Timestamp)
	require.Equal(t, packets[2].Timestamp+8*frame, packets[10].Timestamp)
}

func TestKeysAndNoiseThatTheOtherLegDoesNotTakeLeaveNoGap(t *testing.T) {
	e := newEngine(t)
	from, to := newPhone(t, PCMA), newPhone(t, PCMU)
	a, b := from.call(e, nil), to.call(e, nil)
	_, err := b.Answer([]byte("v=0\no=- 1 2 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio " +
		fmt.Sprint(to.addr().Port()) + " RTP/AVP 0\n"))
	require.NoError(t, err)
	join(t, a, b)

	from.say(Tone(700, 40*time.Millisecond))
	from.press(5)
	noise := from.packet([]byte{60})
	noise.PayloadType = 13
	from.send(noise)
	from.say(Tone(700, 40*time.Millisecond))

	heard := to.hearN(4)
	requireUnbroken(t, heard)
	require.Greater(t, Detect(pcm(PCMU, heard), 700), 0.95)
	require.EqualValues(t, 1, a.Stats().Ignored)
	require.EqualValues(t, 2+8+1+2, a.Stats().PacketsIn)
}

func TestJoinKnowsWhoIsTaken(t *testing.T) {
	e := newEngine(t)
	var ports [3]*Port
	for i := range ports {
		ports[i] = newPhone(t, PCMA).call(e, nil)
	}
	a, b, c := ports[0], ports[1], ports[2]
	_, err := Join(a, a)
	require.ErrorIs(t, err, ErrJoined)
	bridge := join(t, a, b)
	_, err = Join(c, a)
	require.ErrorIs(t, err, ErrJoined)
	_, err = Join(b, c)
	require.ErrorIs(t, err, ErrJoined)
	bridge.Close()
	bridge.Close()
	join(t, b, c)
	require.NoError(t, b.Close()) // which ends the bridge
	join(t, a, c).Close()
	_, err = Join(a, b)
	require.ErrorIs(t, err, ErrClosed)
	join(t, a, c)
}

// press sends a key of 100 ms, RFC 4733.
func (f *phone) press(code byte) {
	for _, pkt := range f.pressPackets(code) {
		f.send(pkt)
	}
}

func (f *phone) pressPackets(code byte) []*rtp.Packet {
	var packets []*rtp.Packet
	for i := range 8 {
		e := keyEvent{code: code, end: i >= 5, duration: uint16(min(i+1, 5) * frame)}
		payload := make([]byte, keyEventSize)
		e.put(payload)
		packets = append(packets, &rtp.Packet{
			Header: rtp.Header{
				Version: 2, Marker: i == 0, PayloadType: 96,
				SequenceNumber: f.seq, Timestamp: f.time, SSRC: f.ssrc,
			},
			Payload: payload,
		})
		f.seq++
	}
	f.time += 8 * frame
	return packets
}

// BenchmarkRelay takes one packet through sockets, tap, translation and relay.
func BenchmarkRelay(b *testing.B) {
	relay := relayOnePacket(b)
	b.ReportAllocs()
	for b.Loop() {
		relay()
	}
}

func TestRelayingAllocatesNothing(t *testing.T) {
	require.Zero(t, testing.AllocsPerRun(2000, relayOnePacket(t)))
}

// relayOnePacket prepares a call and returns what sends a packet through it and waits for it.
func relayOnePacket(t testing.TB) func() {
	e := newEngine(t)
	from, to := newPhone(t, PCMA), newPhone(t, PCMU)
	in, out := from.call(e, nil), to.call(e, nil)
	join(t, in, out)
	in.Tap(discard{})
	raw, err := from.packet(make([]byte, frame)).Marshal()
	require.NoError(t, err)
	buffer := make([]byte, maxPacket)
	require.NoError(t, to.conn.SetReadDeadline(time.Now().Add(time.Minute)))
	return func() {
		_, sendErr := from.conn.WriteToUDPAddrPort(raw, from.to)
		_, _, hearErr := to.conn.ReadFromUDPAddrPort(buffer)
		if sendErr != nil || hearErr != nil {
			t.Fatal(sendErr, hearErr)
		}
		binary.BigEndian.PutUint16(raw[2:], binary.BigEndian.Uint16(raw[2:])+1)
		binary.BigEndian.PutUint32(raw[4:], binary.BigEndian.Uint32(raw[4:])+frame)
	}
}

type discard struct{}

func (discard) Packet(time.Time, Codec, uint16, uint32, []byte) {}
