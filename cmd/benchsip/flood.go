//go:build linux

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"golang.org/x/sys/unix"

	"threering/cmd/internal/bench"
)

// perSource is how many packets come from an address before the next one sends.
const perSource = 4

// flood sends junk of all kinds from addresses of 127.0.0.0/8, so many packets a second, and says how much was sent and
// from how many.
func (s *server) flood(ctx context.Context, rate int, d time.Duration) (sent, sources int, err error) {
	to := &unix.SockaddrInet4{Port: int(s.sip.Port()), Addr: bench.Loopback.As4()}
	began := time.Now()
	for ctx.Err() == nil && time.Since(began) < d {
		for due := int(time.Since(began).Seconds() * float64(rate)); sent < due; sources++ {
			from := [4]byte{127, byte(2 + rand.IntN(250)), byte(rand.IntN(256)), byte(1 + rand.IntN(254))}
			fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
			if err != nil {
				return sent, sources, err
			}
			if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: from}); err != nil {
				unix.Close(fd)
				return sent, sources, err
			}
			for range perSource {
				_ = unix.Sendto(fd, junk(sent, from), 0, to) // what the kernel does not take is not junk of theirs
				sent++
			}
			unix.Close(fd)
		}
		time.Sleep(200 * time.Microsecond)
	}
	return sent, sources, ctx.Err()
}

// junk is the n-th packet of a flood: no SIP at all, and what scanners and guessers send.
func junk(n int, from [4]byte) []byte {
	method := []string{"OPTIONS", "INVITE", "REGISTER", ""}[n%perSource]
	if method == "" {
		return []byte("\x00\x01\x02\x03 no SIP at all, though as long as some of it may be .............................................")
	}
	at := fmt.Sprintf("%d.%d.%d.%d", from[0], from[1], from[2], from[3])
	return fmt.Appendf(nil, "%[1]s sip:100@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP %[2]s:5060;branch=z9hG4bK-%[3]d;rport\r\nMax-Forwards: 70\r\n"+
		"From: \"scan\" <sip:%[4]d@%[2]s>;tag=%[3]d\r\nTo: <sip:%[4]d@127.0.0.1>\r\nCall-ID: %[3]d\r\nCSeq: 1 %[1]s\r\nContact: <sip:100@%[2]s>\r\n"+
		"User-Agent: friendly-scanner\r\nContent-Length: 0\r\n\r\n", method, at, n, 100_000+n%10_000)
}
