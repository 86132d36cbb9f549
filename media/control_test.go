package media

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// reportsNow has a port send a report at once.
func (p *Port) reportsNow() {
	p.control.mu.Lock()
	p.control.due = time.Now()
	p.control.mu.Unlock()
	p.control.report(time.Now())
}

func TestReportsTellEachSideWhatTheOtherHears(t *testing.T) {
	beside := func(sdp string) string { return sdp }
	apart := func(sdp string) string { return strings.ReplaceAll(sdp, "a=rtcp-mux\r\n", "") }
	for name, way := range map[string]struct {
		edit     func(string) string
		carriage Carriage
		keyed    bool // the reports have keys of their own
	}{
		"on a port of their own":                           {apart, Plain, false},
		"beside the audio":                                 {beside, Plain, false},
		"on a port of their own, with keys from the SDP":   {apart, SDES, false},
		"on a port of their own, with keys by a handshake": {apart, DTLS, true},
		"beside the audio, with keys by a handshake":       {beside, DTLS, false},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t)
			a, err := e.NewPort(nil)
			require.NoError(t, err)
			b, err := e.NewPort(nil)
			require.NoError(t, err)
			a.Carry(way.carriage)
			negotiate(t, a, b, way.edit)
			tap := make(ear, 100)
			b.Tap(tap)
			a.Play(true, Tone(400, time.Second))
			for range 10 {
				await(t, tap)
			}
			require.Nil(t, a.Quality().Sent, "nothing was said yet")

			require.Eventually(t, func() bool { // b learns when a spoke, and says how long ago that is
				a.reportsNow()
				b.reportsNow()
				return a.Quality().Received.RoundTrip != nil
			}, patience, 10*time.Millisecond)
			q := a.Quality()
			require.GreaterOrEqual(t, q.Sent.Packets, uint64(10))
			require.Zero(t, q.Sent.Lost)
			require.Less(t, q.Sent.RoundTrip.Max, 1000.0)
			require.Greater(t, q.Sent.MOS, 4.3)
			require.Zero(t, a.Stats().Ignored+b.Stats().Ignored)
			require.Equal(t, way.keyed, a.control.cipher != nil && b.control.cipher != nil)
		})
	}
}

func TestReportsOfStrangersAndJunkAreIgnored(t *testing.T) {
	e := newEngine(t)
	f := newPhone(t, PCMA)
	p := f.call(e, nil)
	control := netip.AddrPortFrom(p.Addr().Addr(), p.Addr().Port()+1)
	for i, junk := range []string{"", "junk", "\x80\xc8", "\x81\xc9\x00\x07too short"} {
		f.to = control
		f.raw([]byte(junk))
		require.Eventually(t, func() bool { return p.Stats().Ignored == uint64(i+1) }, patience, time.Millisecond)
	}
	p.takeControl([]byte("\x80\xc9\x00\x01abcd"), netip.MustParseAddrPort("192.0.2.7:9"), time.Now())
	require.EqualValues(t, 5, p.Stats().Ignored, "an address that the peer never had")
	p.takeControl([]byte("\x80\xc9\x00\x01abcd"), f.addr(), time.Now())
	require.EqualValues(t, 5, p.Stats().Ignored)
}

func TestAReportIsASignOfLife(t *testing.T) {
	e := newEngine(t)
	p := newPhone(t, PCMA).call(e, nil)
	later := time.Now().Add(time.Hour)
	p.takeControl([]byte("\x80\xc9\x00\x01abcd"), netip.MustParseAddrPort("127.0.0.1:9"), later)
	require.Zero(t, p.in.look(later.Add(9*time.Second), 10*time.Second))
	require.NotZero(t, p.in.look(later.Add(10*time.Second), 10*time.Second))
}

func TestWhereAPeerTakesReports(t *testing.T) {
	for lines, want := range map[string]string{
		"":                               "127.0.0.1:4001",
		"a=rtcp:5000":                    "127.0.0.1:5000",
		"a=rtcp:5000 IN IP4 192.0.2.1":   "192.0.2.1:5000",
		"a=rtcp:5000 IN IP6 2001:db8::1": "[2001:db8::1]:5000",
		"a=rtcp:junk":                    "127.0.0.1:4001",
		"a=rtcp:99999":                   "127.0.0.1:4001",
	} {
		_, audio, err := parseSDP(describePhone(netip.MustParseAddrPort("127.0.0.1:4000"), PCMA, lines))
		require.NoError(t, err)
		require.Equal(t, want, audio.control.String(), lines)
	}
	_, audio, err := parseSDP(describePhone(netip.MustParseAddrPort("127.0.0.1:0"), PCMA))
	require.NoError(t, err)
	require.False(t, audio.control.IsValid(), "who takes no audio takes no reports")

	dtls := string(describePhone(netip.MustParseAddrPort("127.0.0.1:4000"), PCMA, "a=fingerprint:sha-256 AB"))
	dtls = strings.Replace(dtls, "RTP/AVP", "UDP/TLS/RTP/SAVP", 1)
	_, audio, err = parseSDP([]byte(dtls))
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:4001", audio.control.String(), "after a handshake of its own")
}

func TestTheQualityOfALossyLine(t *testing.T) {
	e := newEngine(t)
	f := newPhone(t, PCMA)
	p := f.call(e, nil)
	for i := range 200 {
		pkt := f.packet(make([]byte, frame))
		if i%10 < 9 {
			f.send(pkt)
		}
		if i%50 == 20 {
			f.send(pkt)
		}
	}
	require.Eventually(t, func() bool { return p.Stats().PacketsIn == 184 }, patience, time.Millisecond)
	q := p.Quality()
	require.EqualValues(t, 180, q.Received.Packets)
	require.EqualValues(t, 4, q.Received.Duplicates)
	require.EqualValues(t, 19, q.Received.Lost, "the last one nobody knows of")
	require.InDelta(t, 0.0955, q.Received.LossShare, 0.001)
	require.Less(t, q.Received.MOS, 3.6)
	require.Nil(t, q.Received.RoundTrip)
	require.Equal(t, "PCMA", q.Codec)
}
