package udp

import (
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait for an event.
const patience = 5 * time.Second

var (
	loopback  = netip.MustParseAddrPort("127.0.0.1:0")
	loopback6 = netip.MustParseAddrPort("[::1]:0")
	any6      = netip.MustParseAddrPort("[::]:0")
)

type arrival struct {
	text string
	size int
	from netip.AddrPort
}

// mailbox keeps what a socket receives, as long as there is room: a loop must not wait for a test.
type mailbox chan arrival

func (m mailbox) take(datagram []byte, from netip.AddrPort, _ time.Time) {
	select {
	case m <- arrival{string(datagram[:min(len(datagram), 100)]), len(datagram), from}:
	default:
	}
}

func (m mailbox) next(t *testing.T) arrival {
	t.Helper()
	select {
	case a := <-m:
		return a
	case <-time.After(patience):
		require.FailNow(t, "nothing came")
		return arrival{}
	}
}

func start(t *testing.T, n int) *Loops {
	t.Helper()
	l, err := Start(n)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	return l
}

func listen(t *testing.T, l *Loops, at netip.AddrPort) (*Socket, mailbox) {
	t.Helper()
	m := make(mailbox, 1000)
	s, err := l.Listen(at, 1<<18, m.take)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s, m
}

func TestDatagramsGoBothWays(t *testing.T) {
	l := start(t, 2)
	for name, at := range map[string]netip.AddrPort{"IPv4": loopback, "IPv6": loopback6} {
		t.Run(name, func(t *testing.T) {
			a, fromB := listen(t, l, at)
			b, fromA := listen(t, l, at)
			require.NoError(t, a.Send([]byte("to b"), b.Addr()))
			require.Equal(t, arrival{"to b", 4, a.Addr()}, fromA.next(t))
			require.NoError(t, b.Send([]byte("to a"), a.Addr()))
			require.Equal(t, arrival{"to a", 4, b.Addr()}, fromB.next(t))
		})
	}
}

func TestAPortIsGivenOn(t *testing.T) {
	l := start(t, 1)
	peer, _ := listen(t, l, loopback)
	first, former := listen(t, l, loopback)
	came := make(mailbox, 10)
	heir := first.Yield(came.take)
	if heir == nil {
		require.ErrorIs(t, first.Send(nil, peer.Addr()), ErrClosed, "of a system where it cannot be")
		return
	}
	defer heir.Close()
	require.Equal(t, first.Addr(), heir.Addr())
	require.NoError(t, peer.Send([]byte("hello"), heir.Addr()))
	require.Equal(t, "hello", came.next(t).text)
	require.Empty(t, former)
	require.ErrorIs(t, first.Send([]byte("late"), peer.Addr()), ErrClosed)
	require.NoError(t, first.Close(), "which is not the heir's end")
	require.Nil(t, first.Yield(former.take))
	require.NoError(t, peer.Send([]byte("again"), heir.Addr()))
	require.Equal(t, "again", came.next(t).text)
	require.NoError(t, heir.Close())
	again, _ := listen(t, l, heir.Addr())
	require.Equal(t, heir.Addr(), again.Addr(), "the port is free")
}

func TestASocketOfBothFamilies(t *testing.T) {
	l := start(t, 1)
	both, came := listen(t, l, any6)
	four, back := listen(t, l, loopback)
	six, back6 := listen(t, l, loopback6)

	require.NoError(t, four.Send([]byte("4"), netip.AddrPortFrom(loopback.Addr(), both.Addr().Port())))
	a := came.next(t)
	require.Equal(t, four.Addr(), a.from, "an IPv4 address, not a mapped one")
	require.NoError(t, both.Send([]byte("back"), a.from))
	require.Equal(t, "back", back.next(t).text)

	require.NoError(t, six.Send([]byte("6"), netip.AddrPortFrom(loopback6.Addr(), both.Addr().Port())))
	a = came.next(t)
	require.Equal(t, six.Addr(), a.from)
	require.NoError(t, both.Send([]byte("back"), a.from))
	require.Equal(t, "back", back6.next(t).text)

	require.Error(t, four.Send([]byte("x"), six.Addr()), "IPv6 cannot be reached from a socket of IPv4")
}

func TestSizes(t *testing.T) {
	l := start(t, 1)
	a, _ := listen(t, l, loopback)
	b, came := listen(t, l, loopback)
	for _, size := range []int{0, 1, MaxDatagram, MaxDatagram + 1, 9000} {
		require.NoError(t, a.Send(make([]byte, size), b.Addr()))
		require.Equal(t, min(size, MaxDatagram+1), came.next(t).size)
	}
}

func TestATakenPortIsAnErrorOfTheSystem(t *testing.T) {
	l := start(t, 1)
	a, _ := listen(t, l, loopback)
	_, err := l.Listen(a.Addr(), 1<<18, nil)
	require.ErrorIs(t, err, syscall.EADDRINUSE)
}

func TestManySocketsAreAllRead(t *testing.T) {
	l := start(t, 2)
	one, _ := listen(t, l, loopback)
	for range 3 { // again with the slots that the round before has freed
		var all []*Socket
		m := make(mailbox, 1000)
		for range 300 {
			s, err := l.Listen(loopback, 1<<16, m.take)
			require.NoError(t, err)
			all = append(all, s)
		}
		for _, s := range all {
			require.NoError(t, one.Send([]byte("x"), s.Addr()))
		}
		for range all {
			m.next(t)
		}
		for _, s := range all {
			require.NoError(t, s.Close())
		}
	}
}

func TestAHandlerMayCloseItsSocket(t *testing.T) {
	l := start(t, 1)
	a, _ := listen(t, l, loopback)
	var b *Socket
	ready, closed := make(chan struct{}), make(chan error, 10)
	b, err := l.Listen(loopback, 1<<18, func([]byte, netip.AddrPort, time.Time) {
		<-ready
		closed <- b.Close()
	})
	require.NoError(t, err)
	close(ready)
	for range 3 {
		require.NoError(t, a.Send([]byte("x"), b.Addr()))
	}
	require.NoError(t, <-closed)
	require.ErrorIs(t, b.Send([]byte("x"), a.Addr()), ErrClosed)
	require.NoError(t, b.Close())

	c, came := listen(t, l, loopback) // others are read on
	require.NoError(t, a.Send([]byte("c"), c.Addr()))
	require.Equal(t, "c", came.next(t).text)
	require.Empty(t, closed, "a closed socket takes nothing more")
}

func TestSocketsComeAndGoInAFlood(t *testing.T) {
	l := start(t, 2)
	target, err := l.Listen(loopback, 1<<18, func([]byte, netip.AddrPort, time.Time) {})
	require.NoError(t, err)
	defer target.Close()
	stop := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				_ = target.Send([]byte("flood"), target.Addr())
				time.Sleep(10 * time.Microsecond)
			}
		}
	}()
	m := make(mailbox, 1000)
	for range 500 {
		s, err := l.Listen(loopback, 1<<16, m.take)
		require.NoError(t, err)
		require.NoError(t, s.Send([]byte("own"), s.Addr()))
		require.Equal(t, "own", m.next(t).text)
		require.NoError(t, s.Close())
	}
	close(stop)
	<-stopped
	require.Empty(t, m, "nobody gets another's datagrams")
}

func TestReadingAndSendingAllocateNothing(t *testing.T) {
	l := start(t, 1)
	came := make(chan struct{}, 1)
	s, err := l.Listen(loopback, 1<<18, func([]byte, netip.AddrPort, time.Time) { came <- struct{}{} })
	require.NoError(t, err)
	defer s.Close()
	datagram := make([]byte, 172)
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		if s.Send(datagram, s.Addr()) != nil {
			panic("not sent")
		}
		<-came
	}))
}
