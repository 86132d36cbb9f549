package dtls

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	pion "github.com/pion/dtls/v3"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"threering/media/srtp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newCertificate(t testing.TB) (Certificate, Fingerprints) {
	t.Helper()
	c, err := NewCertificate()
	require.NoError(t, err)
	f, err := ParseFingerprints(c.Fingerprint())
	require.NoError(t, err)
	return c, f
}

// A side is one end of a handshake in a test.
type side struct {
	pipe     *Pipe
	role     Role
	own      Certificate
	expected Fingerprints
}

// newSides joins two pipes by a network that loses the datagrams which lose says yes to: who sends, and how many
// that side has sent before.
func newSides(t testing.TB, lose func(from Role, nth int) bool) (active, passive *side) {
	t.Helper()
	active, passive = &side{role: Active}, &side{role: Passive}
	link := func(from, to *side) {
		var sent atomic.Int32
		from.pipe = NewPipe(func(datagram []byte) error {
			if !lose(from.role, int(sent.Add(1))-1) {
				to.pipe.Deliver(datagram)
			}
			return nil
		})
		from.own, to.expected = newCertificate(t)
	}
	link(passive, active)
	link(active, passive)
	t.Cleanup(func() {
		active.pipe.Close()
		passive.pipe.Close()
	})
	return active, passive
}

func loseNothing(Role, int) bool { return false }

func (s *side) handshake(ctx context.Context) (srtp.Keys, error) {
	return Handshake(ctx, s.pipe, s.role, s.own, s.expected)
}

type outcome struct {
	keys srtp.Keys
	err  error
}

// shake holds the handshake of both sides.
func shake(t testing.TB, active, passive *side) (a, p outcome) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	other := make(chan outcome)
	go func() {
		keys, err := passive.handshake(ctx)
		other <- outcome{keys, err}
	}()
	keys, err := active.handshake(ctx)
	return outcome{keys, err}, <-other
}

func requireAgreement(t testing.TB, a, p outcome) {
	t.Helper()
	require.NoError(t, a.err)
	require.NoError(t, p.err)
	require.NotZero(t, a.keys.Local)
	require.NotEqual(t, a.keys.Local, a.keys.Remote)
	require.Equal(t, a.keys.Local, p.keys.Remote)
	require.Equal(t, a.keys.Remote, p.keys.Local)
	require.Equal(t, srtp.Tag80, a.keys.Profile)
	require.Equal(t, srtp.Tag80, p.keys.Profile)
}

func TestHandshake(t *testing.T) {
	active, passive := newSides(t, loseNothing)
	a, p := shake(t, active, passive)
	requireAgreement(t, a, p)
	require.Zero(t, active.pipe.Dropped())

	_, err := active.handshake(t.Context())
	require.ErrorIs(t, err, ErrClosed, "a pipe serves one")
}

// Any one datagram may be lost, the very last too, which only its sender knows was there. The side that has
// finished then has nothing running that could send it again.
func TestAnyOneDatagramMayBeLost(t *testing.T) {
	for _, from := range []Role{Active, Passive} {
		for lost := range 4 {
			t.Run(from.String(), func(t *testing.T) {
				t.Parallel()
				active, passive := newSides(t, func(sender Role, nth int) bool { return sender == from && nth == lost })
				a, p := shake(t, active, passive)
				requireAgreement(t, a, p)
			})
		}
	}
}

func TestAnotherCertificateIsRefused(t *testing.T) {
	for _, deceived := range []Role{Active, Passive} {
		t.Run(deceived.String(), func(t *testing.T) {
			active, passive := newSides(t, loseNothing)
			_, wrong := newCertificate(t)
			if deceived == Active {
				active.expected = wrong
			} else {
				passive.expected = wrong
			}
			a, p := shake(t, active, passive)
			if deceived == Passive {
				a, p = p, a
			}
			require.ErrorIs(t, a.err, ErrFingerprint)
			require.Zero(t, a.keys)
			require.Error(t, p.err, "the other side is told")
		})
	}
}

func TestAHandshakeThatNobodyAnswersEnds(t *testing.T) {
	active, passive := newSides(t, func(Role, int) bool { return true })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := active.handshake(ctx)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	_, err = passive.handshake(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

func TestClosingThePipeEndsTheHandshake(t *testing.T) {
	active, passive := newSides(t, loseNothing)
	begun := make(chan struct{}, 100)
	active.pipe.send = func([]byte) error { begun <- struct{}{}; return nil }
	failed := make(chan error)
	go func() {
		_, err := active.handshake(t.Context())
		failed <- err
	}()
	<-begun
	require.NoError(t, active.pipe.Close())
	require.ErrorIs(t, <-failed, ErrClosed)

	require.NoError(t, passive.pipe.Close())
	_, err := passive.handshake(t.Context())
	require.ErrorIs(t, err, ErrClosed)
	passive.pipe.Deliver([]byte{recordHandshake})
	require.NoError(t, passive.pipe.Close())
}

func TestAHandshakeWantsARole(t *testing.T) {
	active, _ := newSides(t, loseNothing)
	active.role = ActPass
	_, err := active.handshake(t.Context())
	require.ErrorIs(t, err, ErrBadRole)
}

func TestASocketThatFailsEndsTheHandshake(t *testing.T) {
	active, _ := newSides(t, loseNothing)
	broken := errors.New("no route")
	active.pipe.send = func([]byte) error { return broken }
	_, err := active.handshake(t.Context())
	require.ErrorIs(t, err, broken)
}

// stranger is pion/dtls itself, over UDP, at the other end of a pipe.
func stranger(t testing.TB, options ...pion.ClientOption) (*Pipe, *pion.Conn, Fingerprints) {
	t.Helper()
	near, far := listen(t), listen(t)
	pipe := NewPipe(func(datagram []byte) error {
		_, err := near.WriteTo(datagram, far.LocalAddr())
		return err
	})
	go func() {
		buffer := make([]byte, 2000)
		for {
			n, _, err := near.ReadFrom(buffer)
			if err != nil {
				return
			}
			pipe.Deliver(buffer[:n])
		}
	}()
	own, expected := newCertificate(t)
	options = append(options, pion.WithCertificates(own.pair), pion.WithInsecureSkipVerify(true))
	conn, err := pion.ClientWithOptions(far, near.LocalAddr(), options...)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return pipe, conn, expected
}

func listen(t testing.TB) net.PacketConn {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return conn
}

func TestThePeerIsToldThatTheConnectionEnds(t *testing.T) {
	pipe, conn, expected := stranger(t, pion.WithSRTPProtectionProfiles(pion.SRTP_AES128_CM_HMAC_SHA1_32))
	theirs := make(chan error)
	go func() { theirs <- conn.HandshakeContext(t.Context()) }()
	own, _ := newCertificate(t)
	keys, err := Handshake(t.Context(), pipe, Passive, own, expected)
	require.NoError(t, err)
	require.Equal(t, srtp.Tag32, keys.Profile, "the only one it had")
	require.NoError(t, <-theirs)

	require.NoError(t, conn.SetReadDeadline(time.Now().Add(50*time.Millisecond)))
	_, err = conn.Read(make([]byte, 1))
	require.ErrorIs(t, err, context.DeadlineExceeded, "nothing is said before its time")
	require.NoError(t, conn.SetReadDeadline(time.Time{}))
	require.NoError(t, pipe.Close())
	_, err = conn.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF)
}

func TestAPeerWithoutSRTPIsRefused(t *testing.T) {
	pipe, conn, expected := stranger(t)
	theirs := make(chan error)
	go func() { theirs <- conn.HandshakeContext(t.Context()) }()
	own, _ := newCertificate(t)
	_, err := Handshake(t.Context(), pipe, Passive, own, expected)
	require.ErrorIs(t, err, ErrNoSRTP)
	<-theirs
}

func TestNothingRunsAfterTheHandshake(t *testing.T) {
	before := runtime.NumGoroutine()
	active, passive := newSides(t, loseNothing)
	a, p := shake(t, active, passive)
	requireAgreement(t, a, p)
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+1 }, 5*time.Second, time.Millisecond,
		"Eventually itself has one")
	require.Nil(t, active.pipe.wire)
	require.Nil(t, active.pipe.last)
	require.Less(t, len(passive.pipe.last), 200)
	require.Less(t, len(passive.pipe.farewell), 100)
}

func TestAPipeTakesSoMuch(t *testing.T) {
	pipe := NewPipe(func([]byte) error { return nil })
	for range queueSize + 7 {
		pipe.Deliver([]byte{recordHandshake})
	}
	require.EqualValues(t, 7, pipe.Dropped())
	require.NoError(t, pipe.Close())
}

func TestDeadlinesOfAWire(t *testing.T) {
	pipe := NewPipe(func([]byte) error { return nil })
	w, err := pipe.begin()
	require.NoError(t, err)
	buffer := make([]byte, 10)

	pipe.Deliver([]byte("one"))
	require.NoError(t, w.SetReadDeadline(time.Unix(1, 0)))
	_, _, err = w.ReadFrom(buffer)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.NoError(t, w.SetDeadline(time.Time{}))
	n, _, err := w.ReadFrom(buffer)
	require.NoError(t, err)
	require.Equal(t, "one", string(buffer[:n]))

	failed := make(chan error)
	read := func() {
		_, _, err := w.ReadFrom(make([]byte, 10))
		failed <- err
	}
	require.NoError(t, w.SetReadDeadline(time.Now().Add(time.Hour)))
	go read()
	require.NoError(t, w.SetReadDeadline(time.Now().Add(time.Millisecond)))
	require.ErrorIs(t, <-failed, os.ErrDeadlineExceeded, "brought forward while someone reads")

	require.NoError(t, w.SetReadDeadline(time.Time{}))
	go read()
	require.NoError(t, w.SetWriteDeadline(time.Unix(1, 0)))
	require.NoError(t, w.Close())
	require.ErrorIs(t, <-failed, net.ErrClosed)
	_, err = w.WriteTo(buffer, nil)
	require.ErrorIs(t, err, net.ErrClosed)
	require.NoError(t, w.Close())
}

func BenchmarkHandshake(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		active, passive := newSides(b, loseNothing)
		b.StartTimer()
		if a, p := shake(b, active, passive); a.err != nil || p.err != nil {
			b.Fatal(a.err, p.err)
		}
	}
}
