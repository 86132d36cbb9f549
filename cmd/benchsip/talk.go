//go:build linux

package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"threering/cmd/internal/bench"
)

const frame = 20 * time.Millisecond

// Talks are calls in progress: each sends audio, and is played a prompt.
type talks struct {
	*caller
	audio *net.UDPConn
	to    []netip.AddrPort

	stop chan struct{}
	work sync.WaitGroup
	sent int64 // by the sender alone, until it has ended

	mu    sync.Mutex // guards heard
	heard map[uint16]*stream
}

// A stream is what is heard from one port of the server.
type stream struct {
	first, last uint32 // sequence numbers, which go on where 16 bits are over
	count       uint32
}

func (s *stream) take(number uint16) {
	if s.count == 0 {
		s.first, s.last = uint32(number), uint32(number)
	}
	s.count++
	if ahead := number - uint16(s.last); ahead < 1<<15 {
		s.last += uint32(ahead)
	}
}

func (s *stream) lost() int { return int(s.last-s.first+1) - int(s.count) }

// talk begins so many calls and has them talk.
func (s *server) talk(calls int) (*talks, error) {
	audio, err := net.ListenUDP("udp4", &net.UDPAddr{IP: bench.Loopback.AsSlice()})
	if err != nil {
		return nil, err
	}
	_ = audio.SetReadBuffer(16 << 20)
	c, err := newCaller(s, "401", uint16(audio.LocalAddr().(*net.UDPAddr).Port), true)
	if err != nil {
		audio.Close()
		return nil, err
	}
	t := &talks{caller: c, audio: audio, stop: make(chan struct{}), heard: map[uint16]*stream{}}
	t.work.Go(t.listen)
	for range calls {
		c.begin()
		time.Sleep(5 * time.Millisecond)
	}
	for end := time.Now().Add(5 * time.Second); len(t.to) < calls; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.end()
			return nil, fmt.Errorf("only %d of %d calls were answered", len(t.to), calls)
		}
		t.ports()
	}
	t.work.Go(t.speak)
	return t, nil
}

// ports notes where each call's audio goes.
func (t *talks) ports() {
	t.caller.mu.Lock()
	defer t.caller.mu.Unlock()
	t.to = t.to[:0]
	for _, k := range t.calls {
		if k.media != 0 {
			t.to = append(t.to, netip.AddrPortFrom(bench.Loopback, k.media))
		}
	}
}

// speak sends each call's audio, evenly spread over the 20 ms of a packet.
func (t *talks) speak() {
	packet := make([]byte, 172)
	packet[0], packet[1] = 0x80, 8
	for i := range packet[12:] {
		packet[12+i] = 0xd5 // silence in PCMA
	}
	began, turn, calls := time.Now(), int64(0), int64(len(t.to))
	for {
		select {
		case <-t.stop:
			return
		default:
		}
		for due := int64(time.Since(began)) * calls / int64(frame); turn < due; turn++ {
			i, n := turn%calls, turn/calls
			binary.BigEndian.PutUint16(packet[2:], uint16(n))
			binary.BigEndian.PutUint32(packet[4:], uint32(n)*160)
			binary.BigEndian.PutUint32(packet[8:], uint32(i+1))
			if _, err := t.audio.WriteToUDPAddrPort(packet, t.to[i]); err == nil {
				t.sent++
			}
		}
		time.Sleep(500 * time.Microsecond)
	}
}

func (t *talks) listen() {
	buffer := make([]byte, 2048)
	for {
		n, from, err := t.audio.ReadFromUDPAddrPort(buffer)
		if err != nil {
			return
		}
		if n < 12 || buffer[1]&0x7f != 8 {
			continue
		}
		t.mu.Lock()
		s := t.heard[from.Port()]
		if s == nil {
			s = &stream{}
			t.heard[from.Port()] = s
		}
		s.take(binary.BigEndian.Uint16(buffer[2:]))
		t.mu.Unlock()
	}
}

// A loss is what calls in progress have lost.
type loss struct {
	Calls          int
	Sent, Heard    int64
	LostToCallers  int64 // gaps in what was heard
	LostFromCaller int64 // dropped at the server's ports
	LoadDrops      int64 // dropped here: counted in none of the above
	Gone           int   // calls that ended by themselves
}

func (l loss) String() string {
	return fmt.Sprintf("%d calls: heard %d, lost %d; sent %d, lost %d (%.4f %%); ended by themselves %d; dropped at the load %d",
		l.Calls, l.Heard, l.LostToCallers, l.Sent, l.LostFromCaller,
		100*float64(l.LostToCallers+l.LostFromCaller)/float64(max(1, l.Heard+l.Sent)), l.Gone, l.LoadDrops)
}

// losses is what was lost up to now.
func (t *talks) losses() (l loss, err error) {
	t.caller.mu.Lock()
	l.Calls, l.Gone = t.last, t.last-len(t.calls)
	t.caller.mu.Unlock()
	dropped, err := bench.Drops()
	for _, to := range t.to {
		l.LostFromCaller += dropped[to.Port()]
	}
	l.LoadDrops = dropped[uint16(t.audio.LocalAddr().(*net.UDPAddr).Port)]
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.heard {
		l.Heard += int64(s.count)
		l.LostToCallers += int64(s.lost())
	}
	l.LostToCallers = max(0, l.LostToCallers-l.LoadDrops)
	return l, err
}

// end hangs up and says what was lost.
func (t *talks) end() (loss, error) {
	close(t.stop)
	l, err := t.losses()
	t.hangUp()
	err = errors.Join(err, t.audio.Close())
	t.close()
	t.work.Wait()
	l.Sent = t.sent
	return l, err
}
