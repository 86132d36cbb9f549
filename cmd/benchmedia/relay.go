//go:build linux

package main

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"

	"threering/cmd/internal/bench"
)

// receiveBuffer is what the kernel may hold for a socket, in bytes: as much as for the engine's own.
const receiveBuffer = 256 << 10

// A bareRelay is the yardstick: a socket and a goroutine a leg that send on whatever comes. It knows neither RTP nor
// who may speak.
type bareRelay struct {
	conns []*net.UDPConn
	reads sync.WaitGroup
}

func (b *bareRelay) open(o order) (ports []netip.AddrPort, _ []string, _ error) {
	for range o.Phones {
		conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(bench.Loopback, 0)))
		if err != nil {
			return nil, nil, err
		}
		b.conns = append(b.conns, conn)
		ports = append(ports, conn.LocalAddr().(*net.UDPAddr).AddrPort())
		if err := conn.SetReadBuffer(receiveBuffer); err != nil {
			return nil, nil, err
		}
	}
	for i, conn := range b.conns {
		peer := (i + len(b.conns)/2) % len(b.conns)
		b.reads.Go(func() { sendOn(conn, b.conns[peer], o.Phones[peer].At) })
	}
	return ports, nil, nil
}

func sendOn(from, by *net.UDPConn, to netip.AddrPort) {
	buffer := make([]byte, 1500)
	for {
		n, _, err := from.ReadFromUDPAddrPort(buffer)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(time.Millisecond)
			continue
		}
		_, _ = by.WriteToUDPAddrPort(buffer[:n], to) // a packet lost is counted by the phones
	}
}

func (b *bareRelay) close() (int64, error) {
	var errs []error
	for _, conn := range b.conns {
		errs = append(errs, conn.Close())
	}
	b.reads.Wait()
	return 0, errors.Join(errs...)
}
