package media

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAPairThatStaysBoundIsNewToWhoHasItNext(t *testing.T) {
	low := freeRange(t, 2)
	e, err := NewEngine(Config{Low: low, High: low + 3, Rest: time.Hour})
	require.NoError(t, err)
	defer e.Close()
	first, err := e.NewPort(nil)
	require.NoError(t, err)
	second, err := e.NewPort(nil)
	require.NoError(t, err)
	sockets := first.pair
	require.NoError(t, first.Close())
	require.Len(t, e.sockets.kept, 1)
	_, err = net.ListenUDP("udp4", net.UDPAddrFromAddrPort(first.Addr()))
	require.Error(t, err, "it stays bound")
	require.Error(t, sockets.rtp.Send([]byte("late"), second.Addr()), "to who had it, it is closed")
	_, err = e.NewPort(nil)
	require.ErrorIs(t, err, ErrNoPort, "it rests")

	e.sockets.rested()
	third, err := e.NewPort(nil)
	require.NoError(t, err)
	require.Equal(t, first.Addr(), third.Addr())
	require.NoError(t, third.Close())
	require.NoError(t, second.Close())
	require.Len(t, e.sockets.kept, 1, "no more than half stay bound")
	require.NoError(t, e.Close())
	free, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(first.Addr()))
	require.NoError(t, err)
	require.NoError(t, free.Close())
}

func BenchmarkOpen(b *testing.B) {
	e, err := NewEngine(Config{Low: 10_001, High: 31_999, Rest: 1})
	require.NoError(b, err)
	defer e.Close()
	b.ReportAllocs()
	for b.Loop() {
		p, err := e.NewPort(nil)
		require.NoError(b, err)
		p.Close()
	}
}
