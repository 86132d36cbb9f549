// Package webrtctest is a browser for tests: a whole WebRTC peer, pion's, that speaks A-law and so can be called.
// It has nothing in common with how this project makes an encrypted leg, and is therefore a judge of it.
package webrtctest

import (
	"net"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"
)

const (
	patience = 10 * time.Second // bounds every wait
	frame    = 160              // bytes of A-law in a packet of 20 ms
	ssrc     = 0xB0B
)

// A Browser is one end of a call. It is found on loopback only; the test's end closes it.
type Browser struct {
	t     testing.TB
	pc    *webrtc.PeerConnection
	track *webrtc.TrackLocalStaticRTP
	seq   uint16

	states  chan webrtc.PeerConnectionState
	heard   chan []byte
	reports chan []rtcp.Packet
}

// New opens a browser; settings, if any, change it before.
func New(t testing.TB, settings ...func(*webrtc.SettingEngine)) *Browser {
	t.Helper()
	b := &Browser{
		t: t, states: make(chan webrtc.PeerConnectionState, 100),
		heard: make(chan []byte, 10000), reports: make(chan []rtcp.Packet, 100),
	}
	var err error
	b.pc, err = newAPI(t, settings).NewPeerConnection(webrtc.Configuration{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.pc.Close()) })
	b.track, err = webrtc.NewTrackLocalStaticRTP(pcma, "audio", "browser")
	require.NoError(t, err)
	_, err = b.pc.AddTrack(b.track)
	require.NoError(t, err)
	b.pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) { b.states <- s })
	b.pc.OnTrack(b.listen)
	return b
}

var pcma = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMA, ClockRate: 8000}

func newAPI(t testing.TB, settings []func(*webrtc.SettingEngine)) *webrtc.API {
	t.Helper()
	codecs := new(webrtc.MediaEngine)
	require.NoError(t, codecs.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: pcma, PayloadType: 8}, webrtc.RTPCodecTypeAudio))
	var engine webrtc.SettingEngine
	engine.SetIncludeLoopbackCandidate(true)
	engine.SetIPFilter(net.IP.IsLoopback)
	engine.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	engine.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	for _, set := range settings {
		set(&engine)
	}
	return webrtc.NewAPI(webrtc.WithMediaEngine(codecs), webrtc.WithSettingEngine(engine), webrtc.WithInterceptorRegistry(new(interceptor.Registry)))
}

// Offer is the browser's SDP for a call that it begins, with all its candidates.
func (b *Browser) Offer() []byte {
	b.t.Helper()
	offer, err := b.pc.CreateOffer(nil)
	require.NoError(b.t, err)
	return b.gather(offer)
}

// Accept gives the browser the answer to its Offer.
func (b *Browser) Accept(answer []byte) {
	b.t.Helper()
	require.NoError(b.t, b.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: string(answer)}))
}

// Answer is the browser's SDP for a call that another begins.
func (b *Browser) Answer(offer []byte) []byte {
	b.t.Helper()
	require.NoError(b.t, b.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: string(offer)}))
	answer, err := b.pc.CreateAnswer(nil)
	require.NoError(b.t, err)
	return b.gather(answer)
}

func (b *Browser) gather(d webrtc.SessionDescription) []byte {
	b.t.Helper()
	gathered := webrtc.GatheringCompletePromise(b.pc)
	require.NoError(b.t, b.pc.SetLocalDescription(d))
	<-gathered
	return []byte(b.pc.LocalDescription().SDP)
}

// Await waits until the browser has come to a state: connected, failed, closed.
func (b *Browser) Await(want webrtc.PeerConnectionState) {
	b.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case s := <-b.states:
			if s == want {
				return
			}
		case <-deadline:
			require.FailNow(b.t, "the browser's state has not come", "%s", want)
		}
	}
}

// Say sends A-law as packets of 20 ms, all at once.
func (b *Browser) Say(alaw []byte) {
	b.t.Helper()
	for ; len(alaw) >= frame; alaw = alaw[frame:] {
		b.seq++
		require.NoError(b.t, b.track.WriteRTP(&rtp.Packet{
			Header:  rtp.Header{Version: 2, PayloadType: 8, SSRC: ssrc, SequenceNumber: b.seq, Timestamp: uint32(b.seq) * frame},
			Payload: alaw[:frame],
		}))
	}
}

// Report sends RTCP.
func (b *Browser) Report(packets ...rtcp.Packet) {
	b.t.Helper()
	require.NoError(b.t, b.pc.WriteRTCP(packets))
}

// Hear waits for the next n packets and returns their A-law.
func (b *Browser) Hear(n int) []byte {
	b.t.Helper()
	var alaw []byte
	for range n {
		alaw = append(alaw, await(b.t, b.heard)...)
	}
	return alaw
}

// Reported waits for RTCP about the track that is heard.
func (b *Browser) Reported() []rtcp.Packet {
	b.t.Helper()
	return await(b.t, b.reports)
}

// listen takes in a track until it ends, with the connection.
func (b *Browser) listen(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	go func() {
		for {
			packets, _, err := receiver.ReadRTCP()
			if err != nil {
				return
			}
			b.reports <- packets
		}
	}()
	for {
		packet, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		b.heard <- packet.Payload
	}
}

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
