package media

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/media/webrtctest"
)

// hear lets a port receive a datagram.
func (p *Port) hear(datagram string, from string) {
	p.take([]byte(datagram), netip.MustParseAddrPort(from), time.Now())
}

func TestABrowserThatChecksBeforeItsAnswerComes(t *testing.T) {
	p, err := newEngine(t).NewPort(nil)
	require.NoError(t, err)
	b := webrtctest.New(t)
	p.Carry(Browser)
	offer, err := p.Offer()
	require.NoError(t, err)
	answer := b.Answer(offer)
	require.Eventually(t, p.in.hasWay, patience, time.Millisecond)
	require.NoError(t, p.Accept(answer))
	shaken(t, p)
}

func TestACarriageStaysOnceItIsAgreedUpon(t *testing.T) {
	const key = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw"
	at := netip.MustParseAddrPort("127.0.0.1:4000")
	p := newTestPort(t, nil)
	_, err := p.Answer(describePhone(at, PCMA, key))
	require.NoError(t, err)
	_, err = p.Answer(describePhone(at, PCMA))
	require.ErrorIs(t, err, ErrNoSecurity)
	again, err := p.Answer(describePhone(at, PCMA, key))
	require.NoError(t, err)
	require.Contains(t, string(again), "a=crypto:")

	plain := newTestPort(t, nil)
	_, err = plain.Answer(describePhone(at, PCMA))
	require.NoError(t, err)
	plain.Carry(SDES)
	offer, err := plain.Offer()
	require.NoError(t, err)
	require.NotContains(t, string(offer), "crypto")
}

func TestAnOpportunisticOfferIsTakenEitherWay(t *testing.T) {
	const key = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw"
	at := netip.MustParseAddrPort("127.0.0.1:4000")
	for name, lines := range map[string][]string{"in the clear": nil, "encrypted": {key}} {
		t.Run(name, func(t *testing.T) {
			p := newTestPort(t, nil)
			p.Carry(Opportunistic)
			offer, err := p.Offer()
			require.NoError(t, err)
			require.Contains(t, string(offer), " RTP/AVP ")
			require.Contains(t, string(offer), "a=crypto:")
			require.NoError(t, p.Accept(describePhone(at, PCMA, lines...)))
			require.Equal(t, lines != nil, p.out.sealed)
			require.Equal(t, lines != nil, p.in.sealed)

			again, err := p.Offer()
			require.NoError(t, err)
			require.Contains(t, string(again), " RTP/AVP ", "the transport stays")
			require.Equal(t, lines != nil, strings.Contains(string(again), "a=crypto:"))
			other := map[bool][]string{true: nil, false: {key}}[lines != nil]
			require.ErrorIs(t, p.Accept(describePhone(at, PCMA, other...)), ErrNoSecurity, "what was agreed upon stays")
		})
	}
}

func TestAnOfferYieldsToAPeerWithoutEncryption(t *testing.T) {
	p := newTestPort(t, nil)
	p.Carry(Preferred)
	offer, err := p.Offer()
	require.NoError(t, err)
	require.Contains(t, string(offer), " RTP/SAVP ")
	clear := describePhone(netip.MustParseAddrPort("127.0.0.1:4000"), PCMA)
	require.ErrorIs(t, p.Accept(clear), ErrNoSecurity)
	require.True(t, p.Yield())
	require.False(t, p.Yield(), "once")
	offer, err = p.Offer()
	require.NoError(t, err)
	require.Contains(t, string(offer), " RTP/AVP ")
	require.Contains(t, string(offer), "a=crypto:")
	require.NoError(t, p.Accept(clear))
	require.False(t, p.out.sealed)
	require.False(t, p.in.sealed)
}

func TestAPeerThatAloneChangesItsKey(t *testing.T) {
	const line = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:"
	answer := func(key string) []byte {
		return []byte(strings.Replace(string(describePhone(netip.MustParseAddrPort("127.0.0.1:4000"), PCMA, line+key)), "RTP/AVP", "RTP/SAVP", 1))
	}
	p := newTestPort(t, nil)
	p.Carry(SDES)
	_, err := p.Offer()
	require.NoError(t, err)
	require.NoError(t, p.Accept(answer("MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw")))
	out, in := p.out.cipher, p.in.cipher
	require.NoError(t, p.Accept(answer("MDIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw")))
	require.Same(t, out, p.out.cipher, "what we send is not counted from the start with the same key")
	require.NotSame(t, in, p.in.cipher)
}

func TestAStrangersHandshakeIsNotHeld(t *testing.T) {
	p := newTestPort(t, nil)
	offer := strings.Replace(string(describePhone(netip.MustParseAddrPort("192.0.2.7:4000"), PCMA, "a=setup:actpass",
		"a=fingerprint:sha-256 "+strings.Repeat("AB:", 31)+"AB")), "RTP/AVP", "UDP/TLS/RTP/SAVP", 1)
	_, err := p.Answer([]byte(offer))
	require.NoError(t, err)
	p.hear("\x16x", "203.0.113.9:6666")
	require.False(t, p.in.source.locked.IsValid())
	p.hear("\x16x", "192.0.2.7:4444")
	p.hear("\x16x", "192.0.2.7:4000")
	require.Equal(t, "192.0.2.7:4000", p.in.source.locked.String(), "the address of the SDP goes first")
}

func TestWhereAudioIsNotSent(t *testing.T) {
	for _, address := range []string{"224.0.0.5", "255.255.255.255", "ff02::1"} {
		family := "IP4"
		if strings.Contains(address, ":") {
			family = "IP6"
		}
		_, err := newTestPort(t, nil).Answer(offering("c=IN " + family + " " + address))
		require.ErrorIs(t, err, ErrBadSDP, address)
	}
}

func TestDescriptionsThatAreTooLong(t *testing.T) {
	at := netip.MustParseAddrPort("127.0.0.1:4000")
	long := string(describePhone(at, PCMA))
	_, err := newTestPort(t, nil).Answer([]byte(long + strings.Repeat("m=video 0 RTP/AVP 96\r\n", maxLines)))
	require.ErrorIs(t, err, ErrBadSDP)
	_, err = newTestPort(t, nil).Answer([]byte(strings.Replace(long, "RTP/AVP 8", "RTP/AVP 8"+strings.Repeat(" 0", maxFormats), 1)))
	require.ErrorIs(t, err, ErrBadSDP)
	_, audio, err := parseSDP([]byte(long + strings.Repeat("a=crypto:\r\n", 5000)))
	require.NoError(t, err)
	require.Len(t, audio.security.crypto, maxKeys)
	require.Equal(t, Plain, audio.security.carriage, "encryption that nobody can take is not asked for")
}

func TestNobodyJamsALegWithKeys(t *testing.T) {
	n := newNetwork(0, 0)
	a := n.caller(t, PCMA)
	p := a.dial(nil)
	for range 1000 {
		p.SendDigit('5')
	}
	require.Len(t, p.out.digits.queue, mostKeys)
	p.out.unfeed()
	require.Empty(t, p.out.digits.queue)
}

func TestNobodyTakesAnothersPlaceInTheDoorway(t *testing.T) {
	d := &doorway{guests: map[string]*Port{}, ways: map[netip.AddrPort]*Port{}, places: map[*Port]*place{}}
	owner, thief := new(Port), new(Port)
	here, there := netip.MustParseAddrPort("192.0.2.1:1"), netip.MustParseAddrPort("192.0.2.1:2")
	d.expect("own", owner)
	d.expect("thf", thief)
	require.True(t, d.enter(here, owner))
	require.True(t, d.enter(here, owner))
	require.False(t, d.enter(here, thief))
	require.True(t, d.enter(there, owner), "the owner may move")
	require.True(t, d.enter(here, thief), "to what nobody has")
	d.leave(owner)
	d.leave(owner)
	require.False(t, d.enter(there, owner), "who has left is gone")
	require.Len(t, d.ways, 1)
	require.Len(t, d.guests, 1)
}

func TestAClosedPortAgreesToNothing(t *testing.T) {
	p := newTestPort(t, nil)
	require.NoError(t, p.Close())
	offer := describePhone(netip.MustParseAddrPort("127.0.0.1:4000"), PCMA)
	_, err := p.Answer(offer)
	require.ErrorIs(t, err, ErrClosed)
	_, err = p.Offer()
	require.ErrorIs(t, err, ErrClosed)
	require.ErrorIs(t, p.Accept(offer), ErrClosed)
}

func TestNothingIsTakenInTheClearBeforeTheAnswer(t *testing.T) {
	n := newNotes()
	p := newTestPort(t, n)
	p.Carry(SDES)
	_, err := p.Offer()
	require.NoError(t, err)
	p.hear("\x80\x65\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03\x05\x0a\x00\xa0", "127.0.0.1:4000") // key 5, as an event
	require.Empty(t, n.digits)
	require.Zero(t, p.Stats().PacketsIn)
}

func TestARefusedDescriptionChangesNothing(t *testing.T) {
	p, err := engineOfBoth(t).NewPort(nil)
	require.NoError(t, err)
	_, err = p.Answer(describePhone(netip.MustParseAddrPort("127.0.0.1:4000"), PCMA))
	require.NoError(t, err)
	before, err := p.Offer()
	require.NoError(t, err)
	six := strings.Replace(string(describePhone(netip.MustParseAddrPort("[::1]:4000"), PCMA)), "RTP/AVP", "RTP/SAVP", 1)
	_, err = p.Answer([]byte(six))
	require.ErrorIs(t, err, ErrNoSecurity)
	after, err := p.Offer()
	require.NoError(t, err)
	require.Equal(t, before, after)
}

func TestAListenerWhoGivesNoSignOfLife(t *testing.T) {
	e, err := NewEngine(Config{Low: 20000, High: 29999, Silence: 20 * time.Millisecond})
	require.NoError(t, err)
	defer e.Close()
	n := newNotes()
	p, err := e.NewPort(n)
	require.NoError(t, err)
	_, err = p.Answer(newPhone(t, PCMA).sdp("a=recvonly"))
	require.NoError(t, err)
	require.GreaterOrEqual(t, await(t, n.silent), 60*time.Millisecond)
}
