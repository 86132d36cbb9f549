package webrtctest

import (
	"bytes"
	"runtime"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"threering/media"
	"threering/media/dtls"
	"threering/media/ice"
	"threering/media/mux"
	"threering/media/srtp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// called has the browser begin a call that the leg answers in a role.
func called(t testing.TB, l *leg, b *Browser, role dtls.Role) {
	t.Helper()
	offer := b.Offer()
	l.role = role
	answer := l.describe(l.learn(offer))
	l.runs.Go(l.read)
	b.Accept(answer)
}

// calls has the leg begin a call.
func calls(t testing.TB, l *leg, b *Browser) {
	t.Helper()
	answer := b.Answer(l.describe("0"))
	l.learn(answer)
	l.runs.Go(l.read)
}

func answersAs(t testing.TB, role webrtc.DTLSRole) func(*webrtc.SettingEngine) {
	return func(s *webrtc.SettingEngine) { require.NoError(t, s.SetAnsweringDTLSRole(role)) }
}

// requireTalk has both sides say a tone, and hear it.
func requireTalk(t testing.TB, l *leg, b *Browser) {
	t.Helper()
	const hz, packets = 440, 25
	tone := new(media.Encoder).Encode(nil, media.PCMA, media.Tone(hz, packets*20*time.Millisecond).PCM(), media.SampleRate)
	l.say(tone)
	b.Say(tone)
	for who, heard := range map[string][]byte{"browser": b.Hear(packets), "leg": l.hear(packets)} {
		pcm := new(media.Decoder).Decode(nil, media.PCMA, heard)
		require.Greater(t, media.Detect(pcm, hz), 0.99, who)
		require.Less(t, media.Detect(pcm, 2*hz), 0.01, who)
	}
}

func TestATalkWithABrowser(t *testing.T) {
	for name, begin := range map[string]func(*leg) *Browser{
		"browser calls, leg begins DTLS": func(l *leg) *Browser {
			b := New(t)
			called(t, l, b, dtls.Active)
			return b
		},
		"browser calls and begins DTLS": func(l *leg) *Browser {
			b := New(t)
			called(t, l, b, dtls.Passive)
			return b
		},
		"leg calls, browser begins DTLS": func(l *leg) *Browser {
			b := New(t, answersAs(t, webrtc.DTLSRoleClient))
			calls(t, l, b)
			require.Equal(t, dtls.Passive, l.role)
			return b
		},
		"leg calls and begins DTLS": func(l *leg) *Browser {
			b := New(t, answersAs(t, webrtc.DTLSRoleServer))
			calls(t, l, b)
			require.Equal(t, dtls.Active, l.role)
			return b
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLeg(t)
			b := begin(l)
			require.NoError(t, await(t, l.shaken))
			b.Await(webrtc.PeerConnectionStateConnected)
			requireTalk(t, l, b)
			requireReports(t, l, b)

			require.NoError(t, l.pipe.Close())
			b.Await(webrtc.PeerConnectionStateClosed)
		})
	}
}

// requireReports has both sides send RTCP.
func requireReports(t testing.TB, l *leg, b *Browser) {
	t.Helper()
	sent := &rtcp.SenderReport{SSRC: 0x1E6, PacketCount: 25}
	raw, err := sent.Marshal()
	require.NoError(t, err)
	l.mu.Lock()
	l.send(l.session.SealControl, raw)
	l.mu.Unlock()
	require.Contains(t, b.Reported(), sent)

	b.Report(&rtcp.PictureLossIndication{SenderSSRC: ssrc, MediaSSRC: 0x1E6})
	packets, err := rtcp.Unmarshal(await(t, l.report))
	require.NoError(t, err)
	require.Contains(t, packets, &rtcp.PictureLossIndication{SenderSSRC: ssrc, MediaSSRC: 0x1E6})
}

func TestSomeoneElsesCertificateIsRefused(t *testing.T) {
	l, b := newLeg(t), New(t)
	other, err := dtls.NewCertificate()
	require.NoError(t, err)
	offer := b.Offer()
	answer := l.describe(l.learn(offer))
	l.peer, err = dtls.ParseFingerprints(other.Fingerprint())
	require.NoError(t, err)
	l.runs.Go(l.read)
	b.Accept(answer)
	require.ErrorIs(t, await(t, l.shaken), dtls.ErrFingerprint)
}

func TestTheBrowserRefusesAnotherLeg(t *testing.T) {
	l, b := newLeg(t), New(t)
	other, err := dtls.NewCertificate()
	require.NoError(t, err)
	offer := b.Offer()
	answer := l.describe(l.learn(offer))
	l.cert = other
	l.runs.Go(l.read)
	b.Accept(answer)
	require.ErrorContains(t, await(t, l.shaken), "BadCertificate")
}

func TestChecksWithAWrongPasswordAreIgnored(t *testing.T) {
	l, b := newLeg(t), New(t)
	answer := l.describe(l.learn(b.Offer()))
	wrong := bytes.Replace(answer, []byte("ice-pwd:"), []byte("ice-pwd:x"), 1)
	l.runs.Go(l.read)
	b.Accept(wrong)
	for range 3 {
		require.ErrorIs(t, await(t, l.checks), ice.ErrAuth)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	require.False(t, l.agent.Selected().IsValid())
	require.False(t, l.started)
	require.False(t, l.agent.Alive(time.Now()))
}

func TestALostFlightIsSentAgain(t *testing.T) {
	for name, c := range map[string]struct {
		role   dtls.Role
		fromUs bool
	}{
		"the leg's first":      {dtls.Active, true},
		"the browser's answer": {dtls.Active, false},
		"the browser's first":  {dtls.Passive, false},
		"the leg's answer":     {dtls.Passive, true},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLeg(t)
			lost := 0
			l.lose = func(fromUs bool, datagram []byte) bool {
				if fromUs == c.fromUs && mux.KindOf(datagram) == mux.DTLS && lost < 1 {
					lost++
					return true
				}
				return false
			}
			b := New(t, func(s *webrtc.SettingEngine) { s.SetDTLSRetransmissionInterval(100 * time.Millisecond) })
			called(t, l, b, c.role)
			require.NoError(t, await(t, l.shaken))
			b.Await(webrtc.PeerConnectionStateConnected)
			requireTalk(t, l, b)
			l.mu.Lock()
			defer l.mu.Unlock()
			require.Equal(t, 1, lost)
		})
	}
}

// What a leg costs between calls of its methods: an agent, a pipe that is done and a session that has sealed and
// opened a packet.
func BenchmarkMemoryOfALeg(b *testing.B) {
	type parts struct {
		agent   *ice.Agent
		pipe    *dtls.Pipe
		session *srtp.Session
	}
	cert, err := dtls.NewCertificate()
	require.NoError(b, err)
	announced, err := dtls.ParseFingerprints(cert.Fingerprint())
	require.NoError(b, err)
	raw := append([]byte{0x80, 8, 0, 1}, make([]byte, 168)...)
	kept := make([]parts, 0, 2*b.N)
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return s.HeapInuse + s.StackInuse
	}
	before, running := heap(), runtime.NumGoroutine()
	b.ResetTimer()
	for range b.N {
		var active, passive *dtls.Pipe
		active = dtls.NewPipe(func(d []byte) error { passive.Deliver(d); return nil })
		passive = dtls.NewPipe(func(d []byte) error { active.Deliver(d); return nil })
		keys := make(chan srtp.Keys)
		go func() {
			k, _ := dtls.Handshake(b.Context(), passive, dtls.Passive, cert, announced)
			keys <- k
		}()
		theirs, err := dtls.Handshake(b.Context(), active, dtls.Active, cert, announced)
		require.NoError(b, err)
		near, err := srtp.NewSession(theirs)
		require.NoError(b, err)
		far, err := srtp.NewSession(<-keys)
		require.NoError(b, err)
		for _, way := range [][2]*srtp.Session{{near, far}, {far, near}} {
			sealed, err := way[0].Seal(nil, raw)
			require.NoError(b, err)
			_, err = way[1].Open(nil, sealed)
			require.NoError(b, err)
		}
		kept = append(kept, parts{ice.NewAgent(), active, near}, parts{ice.NewAgent(), passive, far})
	}
	b.StopTimer()
	b.ReportMetric(float64(int64(heap()-before))/float64(2*b.N), "heap-B/leg")
	b.ReportMetric(float64(runtime.NumGoroutine()-running)/float64(2*b.N), "goroutines/leg")
	runtime.KeepAlive(kept)
}
