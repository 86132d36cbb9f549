package media

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// freeRange finds n even ports in a row that nobody uses, and gives the first.
func freeRange(t *testing.T, n int) int {
	t.Helper()
	for low := 31000; low < 60000; low += 2 * n {
		free := true
		for i := range n {
			conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: low + 2*i})
			if err == nil {
				conn.Close()
			}
			free = free && err == nil
		}
		if free {
			return low
		}
	}
	require.FailNow(t, "no free ports")
	return 0
}

func TestPortsAreEvenDistinctAndRest(t *testing.T) {
	low := freeRange(t, 3)
	e, err := NewEngine(Config{Low: low - 1, High: low + 5, Rest: 50 * time.Millisecond})
	require.NoError(t, err)
	defer e.Close()
	taken, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: low + 2})
	require.NoError(t, err)
	defer taken.Close()

	a, err := e.NewPort(nil)
	require.NoError(t, err)
	b, err := e.NewPort(nil)
	require.NoError(t, err)
	require.ElementsMatch(t, []int{low, low + 4}, []int{int(a.Addr().Port()), int(b.Addr().Port())})
	_, err = e.NewPort(nil)
	require.ErrorIs(t, err, ErrNoPort)

	closedAt := time.Now()
	require.NoError(t, a.Close())
	_, err = e.NewPort(nil)
	if time.Since(closedAt) < 50*time.Millisecond {
		require.ErrorIs(t, err, ErrNoPort, "the port rests")
	}
	require.Eventually(t, func() bool {
		c, err := e.NewPort(nil)
		return err == nil && c.Addr() == a.Addr()
	}, patience, time.Millisecond)
	require.GreaterOrEqual(t, time.Since(closedAt), 50*time.Millisecond)
}

func TestAClosedEngine(t *testing.T) {
	e, err := NewEngine(Config{})
	require.NoError(t, err)
	p, err := e.NewPort(nil)
	require.NoError(t, err)
	playing := p.Play(true, Tone(400, time.Second))
	require.NoError(t, e.Close())
	require.NoError(t, e.Close())
	require.True(t, isDone(playing))
	_, err = e.NewPort(nil)
	require.ErrorIs(t, err, ErrClosed)
}

func TestConfig(t *testing.T) {
	whole, err := Config{}.complete()
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1", whole.Advertise.String())
	require.Equal(t, 5*time.Second, whole.Rest)

	for name, c := range map[string]Config{
		"reversed":      {Low: 20, High: 10},
		"no even port":  {Low: 11, High: 11},
		"too high":      {Low: 60000, High: 70000},
		"negative":      {Low: -4, High: 10},
		"no address":    {Bind: netip.IPv4Unspecified()},
		"not advertise": {Advertise: netip.IPv6Unspecified()},
	} {
		_, err := NewEngine(c)
		require.Error(t, err, name)
	}

	e, err := NewEngine(Config{Bind: netip.IPv4Unspecified(), Advertise: netip.MustParseAddr("203.0.113.5")})
	require.NoError(t, err)
	defer e.Close()
	p, err := e.NewPort(nil)
	require.NoError(t, err)
	require.Equal(t, "203.0.113.5", p.Addr().Addr().String())
}

func TestAPortThatCannotBeBoundSaysWhy(t *testing.T) {
	e, err := NewEngine(Config{Bind: netip.MustParseAddr("192.0.2.1")}) // an address of nobody
	require.NoError(t, err)
	defer e.Close()
	_, err = e.NewPort(nil)
	require.ErrorContains(t, err, "192.0.2.1")
	require.NotErrorIs(t, err, ErrNoPort)
}
