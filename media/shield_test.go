package media

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"threering/media/mux"
	"threering/media/srtp"
	"threering/media/webrtctest"
)

func TestASweepComesThroughEveryEncryption(t *testing.T) {
	for name, carriage := range map[string]Carriage{"SDES": SDES, "DTLS": DTLS} {
		for offers, callers := range map[string]bool{"offered by the caller": true, "offered by us": false} {
			t.Run(name+" "+offers, func(t *testing.T) {
				t.Parallel()
				e := newEngine(t)
				a, b := newCaller(t, PCMA), newCaller(t, PCMA)
				var pa *Port
				if callers {
					a.port.Carry(carriage)
					pa = a.dial(e)
				} else {
					var err error
					pa, err = e.NewPort(nil)
					require.NoError(t, err)
					pa.Carry(carriage)
					negotiate(t, pa, a.port)
				}
				join(t, pa, b.dial(e))
				eavesdrop := make(chan []byte, 1000)
				shaken(t, pa, a.port)
				pa.out.attach(spy{pa.out.wire, eavesdrop})

				sound := sweep(time.Second)
				a.port.Play(false, sound)
				requireHeard(t, b, sound)
				b.port.Play(false, sound)
				requireHeard(t, a, sound)
				requireSecret(t, eavesdrop, sound)

				b.port.Play(true, sound)
				require.Eventually(t, func() bool { // reports too are encrypted
					a.port.reportsNow()
					pa.reportsNow()
					return pa.Quality().Received.RoundTrip != nil
				}, patience, 10*time.Millisecond)
				negotiate(t, a.port, pa) // again: keys stay, and packets are counted on
				b.port.Play(false, sound)
				before := pa.Stats().PacketsOut
				require.Eventually(t, func() bool { return pa.Stats().PacketsOut > before+20 && a.port.Stats().Lost == 0 }, patience, time.Millisecond)
				require.Zero(t, a.port.Stats().Ignored)
			})
		}
	}
}

func TestAnEncryptedSweepLosesNothing(t *testing.T) {
	n := newNetwork(0, 0)
	a, b := n.caller(t, PCMA), n.caller(t, G722)
	a.port.Carry(SDES)
	join(t, a.dial(nil), b.dial(nil))
	sound := sweep(time.Second)
	a.port.Play(false, sound)
	requireHeard(t, b, sound)
	b.port.Play(false, sound)
	requireHeard(t, a, sound)
}

// A spy sees what leaves by a wire.
type spy struct {
	wire
	seen chan []byte
}

func (s spy) Send(datagram []byte, to netip.AddrPort) error {
	select {
	case s.seen <- append([]byte(nil), datagram...):
	default:
	}
	return s.wire.Send(datagram, to)
}

// shaken waits until both ports can encrypt.
func shaken(t testing.TB, ports ...*Port) {
	t.Helper()
	for _, p := range ports {
		require.Eventually(t, func() bool {
			p.out.mu.Lock()
			defer p.out.mu.Unlock()
			return p.out.cipher != nil
		}, patience, time.Millisecond)
	}
}

// requireSecret checks that of a sound nothing was sent for all to hear.
func requireSecret(t testing.TB, seen chan []byte, sound *Sound) {
	t.Helper()
	require.NotEmpty(t, seen)
	for range len(seen) {
		datagram := string(<-seen)
		if mux.KindOf([]byte(datagram)) == mux.RTCP {
			continue
		}
		require.Len(t, datagram, 12+frame+srtp.Overhead)
		require.False(t, strings.Contains(string(sound.pcma), datagram[12:12+frame]))
	}
}

func TestPlainPacketsAreNotTakenByAnEncryptedLeg(t *testing.T) {
	e := newEngine(t)
	a := newCaller(t, PCMA)
	a.port.Carry(SDES)
	p := a.dial(e)
	f := newPhone(t, PCMA)
	f.to = p.Addr()
	f.say(Tone(400, 100*time.Millisecond))
	require.Eventually(t, func() bool { return p.Stats().Ignored == 5 }, patience, time.Millisecond)
	require.Zero(t, p.Stats().PacketsIn)
}

func TestAPhoneThatEncryptsWhereItCan(t *testing.T) {
	offer := describePhone(netip.MustParseAddrPort("127.0.0.1:4000"), PCMA,
		"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw")
	p := newTestPort(t, nil)
	answer, err := p.Answer(offer)
	require.NoError(t, err)
	require.Contains(t, string(answer), "RTP/AVP ")
	require.Contains(t, string(answer), "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:")
	again, err := p.Answer(offer)
	require.NoError(t, err)
	require.Equal(t, answer, again, "the key stays")
}

func TestEncryptionThatCannotBeAgreedUpon(t *testing.T) {
	const key = "inline:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw"
	at := netip.MustParseAddrPort("127.0.0.1:4000")
	savp := func(lines ...string) []byte {
		return []byte(strings.Replace(string(describePhone(at, PCMA, lines...)), "RTP/AVP", "RTP/SAVP", 1))
	}
	dtls := func(lines ...string) []byte {
		return []byte(strings.Replace(string(describePhone(at, PCMA, lines...)), "RTP/AVP", "UDP/TLS/RTP/SAVPF", 1))
	}
	for name, offer := range map[string][]byte{
		"unknown suite":        savp("a=crypto:1 AES_256_CM_HMAC_SHA1_80 " + key),
		"broken key":           savp("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:short"),
		"no fingerprint":       dtls("a=setup:actpass"),
		"a broken fingerprint": dtls("a=setup:actpass", "a=fingerprint:sha-256 AB"),
		"no role":              dtls("a=fingerprint:sha-256 " + strings.Repeat("AB:", 31) + "AB"),
		"a broken user name":   dtls("a=setup:actpass", "a=ice-ufrag:?", "a=fingerprint:sha-256 "+strings.Repeat("AB:", 31)+"AB"),
	} {
		t.Run(name, func(t *testing.T) {
			p := newTestPort(t, nil)
			_, err := p.Answer(offer)
			require.ErrorIs(t, err, ErrNoSecurity)
			_, err = p.Answer(describePhone(at, PCMA))
			require.NoError(t, err, "nothing has changed")
			require.False(t, p.out.sealed)
		})
	}
	t.Run("an answer in the clear", func(t *testing.T) {
		p := newTestPort(t, nil)
		p.Carry(SDES)
		_, err := p.Offer()
		require.NoError(t, err)
		require.ErrorIs(t, p.Accept(describePhone(at, PCMA)), ErrNoSecurity)
	})
}

func TestATalkWithABrowser(t *testing.T) {
	for name, byBrowser := range map[string]bool{"that calls": true, "that is called": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEngine(t)
			p, err := e.NewPort(newNotes())
			require.NoError(t, err)
			b := webrtctest.New(t)
			if byBrowser {
				answer, err := p.Answer(b.Offer())
				require.NoError(t, err)
				b.Accept(answer)
			} else {
				p.Carry(Browser)
				offer, err := p.Offer()
				require.NoError(t, err)
				require.NoError(t, p.Accept(b.Answer(offer)))
			}
			b.Await(webrtc.PeerConnectionStateConnected)
			shaken(t, p)

			other := newPhone(t, PCMA)
			join(t, p, other.call(e, nil))
			sound := sweep(time.Second)
			other.requireSays(sound, b.Hear)
			b.Say(sound.pcma)
			require.Equal(t, sound.pcma, other.hearBytes(50), "to a bit")
			require.Eventually(t, func() bool { p.reportsNow(); return len(b.Reported()) > 0 }, patience, 10*time.Millisecond)

			require.NoError(t, p.Close())
			b.Await(webrtc.PeerConnectionStateClosed)
		})
	}
}

func TestABrowserThatChecksNoMoreIsNotSentTo(t *testing.T) {
	e := newEngine(t)
	p, err := e.NewPort(nil)
	require.NoError(t, err)
	b := webrtctest.New(t)
	answer, err := p.Answer(b.Offer())
	require.NoError(t, err)
	b.Accept(answer)
	b.Await(webrtc.PeerConnectionStateConnected)
	shaken(t, p)
	p.Play(true, Tone(440, time.Second))
	b.Hear(5)
	p.in.consents(time.Now().Add(time.Minute))
	require.Eventually(t, func() bool { return p.out.hasRemote() }, patience, time.Millisecond, "until it checks again")
	b.Hear(5)
}

func (s *sender) hasRemote() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.remote.IsValid()
}

func FuzzEncryptedLeg(f *testing.F) {
	e := newEngine(f)
	a := newCaller(f, PCMA)
	a.port.Carry(SDES)
	p := a.dial(e)
	raw, err := (&rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: 8}, Payload: make([]byte, frame)}).Marshal()
	require.NoError(f, err)
	f.Add(raw)
	f.Add([]byte("\x80\xc9\x00\x01abcd"))
	f.Add([]byte("\x16\xfe\xfd"))
	f.Fuzz(func(t *testing.T, datagram []byte) {
		p.take(datagram, a.port.Addr(), time.Now())
		require.Zero(t, p.Stats().PacketsIn, "nobody can make a packet without the key")
	})
}
