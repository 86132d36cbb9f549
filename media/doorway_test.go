package media

import (
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"threering/media/webrtctest"
)

func TestBrowsersShareOnePort(t *testing.T) {
	shared := freeRange(t, 1)
	e := engineAt(t, Config{Browsers: shared})
	var ports []*Port
	var browsers []*webrtctest.Browser
	for range 2 {
		p, err := e.NewPort(nil)
		require.NoError(t, err)
		own := p.pair
		b := webrtctest.New(t)
		p.Carry(Browser)
		offer, err := p.Offer()
		require.NoError(t, err)
		require.EqualValues(t, shared, parse(t, offer).MediaDescriptions[0].MediaName.Port.Value)
		require.ErrorIs(t, own.rtp.Send([]byte("x"), p.Addr()), ErrClosed, "its own port is free for others")
		require.NoError(t, p.Accept(b.Answer(offer)))
		ports, browsers = append(ports, p), append(browsers, b)
	}
	for i, b := range browsers {
		b.Await(webrtc.PeerConnectionStateConnected)
		shaken(t, ports[i])
	}
	join(t, ports[0], ports[1])
	for i, hz := range []float64{440, 1000} {
		browsers[i].Say(Tone(hz, time.Second).pcma)
		require.Greater(t, Detect(decode711(nil, PCMA, browsers[1-i].Hear(50)), hz), 0.99)
	}
	require.Len(t, e.doorway.ways, 2)

	stranger := newPhone(t, PCMA)
	stranger.to = ports[0].session.local
	stranger.raw([]byte("\x80\x08\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03hello"))
	stranger.raw([]byte("\x00\x01\x00\x00\x21\x12\xa4\x42123456789012"))
	browsers[0].Say(Tone(440, 20*time.Millisecond).pcma)
	browsers[1].Hear(1)

	require.NoError(t, ports[0].Close())
	browsers[0].Await(webrtc.PeerConnectionStateClosed)
	require.Len(t, e.doorway.ways, 1)
	require.Len(t, e.doorway.guests, 1)
}

func TestABrowsersPortThatIsTaken(t *testing.T) {
	shared := freeRange(t, 1)
	engineAt(t, Config{Browsers: shared})
	_, err := NewEngine(Config{Browsers: shared})
	require.ErrorContains(t, err, "browsers' port")
}
