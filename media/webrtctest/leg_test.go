package webrtctest

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/stretchr/testify/require"

	"threering/media/dtls"
	"threering/media/ice"
	"threering/media/mux"
	"threering/media/srtp"
)

// A leg is the least that makes an encrypted leg of the parts: a socket, and a goroutine that reads it.
type leg struct {
	t    testing.TB
	conn *net.UDPConn
	cert dtls.Certificate
	pipe *dtls.Pipe
	role dtls.Role
	peer dtls.Fingerprints

	runs   sync.WaitGroup
	shaken chan error // how the handshake ended
	heard  chan []byte
	report chan []byte
	checks chan error // what became of each check

	mu      sync.Mutex // guards the fields below
	agent   *ice.Agent
	session *srtp.Session
	started bool
	lose    func(fromUs bool, datagram []byte) bool
	seq     uint16
}

func newLeg(t testing.TB) *leg {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	cert, err := dtls.NewCertificate()
	require.NoError(t, err)
	l := &leg{
		t: t, conn: conn, cert: cert, role: dtls.ActPass, agent: ice.NewAgent(),
		shaken: make(chan error, 1), heard: make(chan []byte, 10000), report: make(chan []byte, 100), checks: make(chan error, 1000),
		lose: func(bool, []byte) bool { return false },
	}
	l.pipe = dtls.NewPipe(l.sendDTLS)
	t.Cleanup(func() {
		l.pipe.Close()
		l.conn.Close()
		l.runs.Wait()
	})
	return l
}

func (l *leg) addr() netip.AddrPort { return l.conn.LocalAddr().(*net.UDPAddr).AddrPort() }

// describe is the leg's SDP. It names its SSRC: pion loses the first packets of one that it was not told of.
func (l *leg) describe(mid string) []byte {
	lines := []string{
		"v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE " + mid, "a=msid-semantic: WMS *",
	}
	for _, a := range ice.SessionAttributes() {
		lines = append(lines, "a="+a)
	}
	lines = append(lines, fmt.Sprintf("m=audio %d UDP/TLS/RTP/SAVPF 8", l.addr().Port()), "c=IN IP4 127.0.0.1",
		"a=rtpmap:8 PCMA/8000", "a=mid:"+mid, "a=rtcp-mux", "a=sendrecv", "a=ssrc:486 cname:leg",
		"a=setup:"+l.role.String(), "a=fingerprint:"+l.cert.Fingerprint())
	for _, a := range l.agent.Attributes(l.addr()) {
		lines = append(lines, "a="+a)
	}
	return []byte(strings.Join(lines, "\r\n") + "\r\n")
}

// learn reads the browser's SDP and returns the mid of its m-line. Where our role is still open, it settles it.
func (l *leg) learn(description []byte) (mid string) {
	l.t.Helper()
	var d sdp.SessionDescription
	require.NoError(l.t, d.Unmarshal(description))
	get := func(key string) string {
		if value, ok := d.MediaDescriptions[0].Attribute(key); ok {
			return value
		}
		value, _ := d.Attribute(key)
		return value
	}
	theirs, err := dtls.ParseRole(get("setup"))
	require.NoError(l.t, err)
	if l.role == dtls.ActPass {
		l.role = theirs.Other()
	}
	l.peer, err = dtls.ParseFingerprints(get("fingerprint"))
	require.NoError(l.t, err)
	require.NoError(l.t, l.agent.Expect(get("ice-ufrag")))
	return get("mid")
}

// read tells the datagrams apart until the socket is closed.
func (l *leg) read() {
	buffer := make([]byte, 1500)
	for {
		n, from, err := l.conn.ReadFromUDPAddrPort(buffer)
		if err != nil {
			return
		}
		l.take(buffer[:n], netip.AddrPortFrom(from.Addr().Unmap(), from.Port()))
	}
}

func (l *leg) take(datagram []byte, from netip.AddrPort) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lose(false, datagram) {
		return
	}
	kind := mux.KindOf(datagram)
	if kind != mux.STUN && from != l.agent.Selected() {
		return
	}
	switch kind {
	case mux.STUN:
		l.check(datagram, from)
	case mux.DTLS:
		l.mu.Unlock() // sends
		l.pipe.Deliver(datagram)
		l.mu.Lock()
	case mux.RTP, mux.RTCP:
		if l.session != nil {
			l.open(kind, datagram)
		}
	}
}

func (l *leg) check(datagram []byte, from netip.AddrPort) {
	reply, selected, err := l.agent.Take(datagram, from, time.Now())
	if reply != nil {
		l.conn.WriteToUDPAddrPort(reply, from)
	}
	l.checks <- err
	if selected && !l.started {
		l.started = true
		l.runs.Go(l.handshake)
	}
}

func (l *leg) handshake() {
	keys, err := dtls.Handshake(l.t.Context(), l.pipe, l.role, l.cert, l.peer)
	if err == nil {
		l.mu.Lock()
		l.session, err = srtp.NewSession(keys)
		l.mu.Unlock()
	}
	l.shaken <- err
}

func (l *leg) open(kind mux.Kind, datagram []byte) {
	open, heard := l.session.Open, l.heard
	if kind == mux.RTCP {
		open, heard = l.session.OpenControl, l.report
	}
	packet, err := open(nil, datagram)
	if err == nil {
		heard <- packet
	}
}

func (l *leg) sendDTLS(datagram []byte) error {
	l.mu.Lock()
	lost, to := l.lose(true, datagram), l.agent.Selected()
	l.mu.Unlock()
	if lost {
		return nil
	}
	_, err := l.conn.WriteToUDPAddrPort(datagram, to)
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// send seals a packet and sends it.
func (l *leg) send(seal func(dst, packet []byte) ([]byte, error), packet []byte) {
	l.t.Helper()
	sealed, err := seal(nil, packet)
	require.NoError(l.t, err)
	_, err = l.conn.WriteToUDPAddrPort(sealed, l.agent.Selected())
	require.NoError(l.t, err)
}

// say sends A-law as packets of 20 ms, all at once.
func (l *leg) say(alaw []byte) {
	l.t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for ; len(alaw) >= frame; alaw = alaw[frame:] {
		l.seq++
		packet := rtp.Packet{
			Header:  rtp.Header{Version: 2, PayloadType: 8, SSRC: 0x1E6, SequenceNumber: l.seq, Timestamp: uint32(l.seq) * frame},
			Payload: alaw[:frame],
		}
		raw, err := packet.Marshal()
		require.NoError(l.t, err)
		l.send(l.session.Seal, raw)
	}
}

// hear waits for the next n packets and returns their A-law.
func (l *leg) hear(n int) []byte {
	l.t.Helper()
	var alaw []byte
	for range n {
		var packet rtp.Packet
		require.NoError(l.t, packet.Unmarshal(await(l.t, l.heard)))
		alaw = append(alaw, packet.Payload...)
	}
	return alaw
}
