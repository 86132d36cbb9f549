//go:build linux

package main

import (
	"encoding/binary"
	"net/netip"
	"runtime/debug"
	"time"

	"golang.org/x/sys/unix"

	"threering/cmd/internal/bench"
	"threering/media/dtls"
	"threering/media/mux"
	"threering/media/srtp"
)

const (
	frame       = 20 * time.Millisecond
	grain       = 100 * time.Microsecond // how often it is looked what is due
	drain       = time.Second            // how long the last packets are waited for
	loadSockets = 4
	magic       = 0x7468_7265 // begins the payload of the phones' packets: what is played has another
)

// A leg is one phone. It has no socket of its own, but for browsers: its packets are told apart by where they come from.
type leg struct {
	at     netip.AddrPort        // where it sends
	to     unix.RawSockaddrInet4 // the same
	crypto srtp.Crypto           // its own key, if SDP tells it
	cipher *srtp.Session         // nil where it does not encrypt
	sent   uint32
	next   uint32 // number expected of its peer

	heard time.Time // when it was last played something
}

// A load is the phones of all calls: the first half of its legs are callers, the second half their agents. Each sends a
// packet every 20 ms, and all are spread evenly over these. It runs in one goroutine and allocates nothing on the way.
type load struct {
	legs    []leg
	byPort  [1 << 16]int32 // 1 + the leg that a port of the server belongs to
	sockets []int
	own     bool             // each leg has a socket of its own
	alone   bool             // the phones call each other, with no server between them
	homes   []netip.AddrPort // of the sockets
	out, in *batch
	rtp     [12]byte

	certificate dtls.Certificate // of browsers

	began time.Time
	turn  int64  // packets that were due so far
	heard *heard // where to count; nil before and after the window
	all   counts // of the whole time
}

func newLoad(w way, calls int) (*load, error) {
	debug.SetGCPercent(-1) // a collection would delay packets; there is next to nothing to collect
	l := &load{legs: make([]leg, 2*calls), out: newBatch(), in: newBatch(), own: w.own()}
	l.rtp[0], l.rtp[1] = 0x80, 8
	sockets := loadSockets
	if l.own {
		sockets = len(l.legs)
	}
	for range sockets {
		fd, home, err := listen()
		if err != nil {
			l.close()
			return nil, err
		}
		l.sockets = append(l.sockets, fd)
		l.homes = append(l.homes, home)
	}
	return l, nil
}

func (l *load) close() {
	for _, fd := range l.sockets {
		unix.Close(fd)
	}
}

// socket is the index of a leg's socket. Legs that send one after the other share one, for the sake of batches.
func (l *load) socket(leg int) int { return leg * len(l.sockets) / len(l.legs) }

func (l *load) peer(leg int) int { return (leg + len(l.legs)/2) % len(l.legs) }

// call has each leg send to its port.
func (l *load) call(ports []netip.AddrPort) {
	for i, port := range ports {
		l.legs[i].at, l.legs[i].to = port, nameOf(port)
		l.byPort[port.Port()] = int32(i) + 1
	}
}

// callItself has each leg send to its peer.
func (l *load) callItself() {
	l.alone = true
	for i := range l.legs {
		l.legs[i].at = l.homes[l.socket(l.peer(i))]
		l.legs[i].to = nameOf(l.legs[i].at)
	}
}

// run sends and receives for a while, and counts into h what of it is heard.
func (l *load) run(d time.Duration, h *heard) {
	l.heard = h
	if l.began.IsZero() {
		l.began = time.Now()
	}
	for end := time.Now().Add(d); ; {
		now := time.Now()
		if now.After(end) {
			return
		}
		l.sendDue(now)
		l.receive()
		pause(now.Add(grain))
	}
}

// pause sleeps until an instant, more exactly than the runtime's timers.
func pause(until time.Time) {
	if rest := unix.NsecToTimespec(int64(time.Until(until))); rest.Nano() > 0 {
		_ = unix.ClockNanosleep(unix.CLOCK_MONOTONIC, 0, &rest, nil) // a signal may cut it short, which does no harm
	}
}

// sendDue sends what is due by now.
func (l *load) sendDue(now time.Time) {
	due := int64(now.Sub(l.began)) * int64(len(l.legs)) / int64(frame)
	for l.turn < due {
		first := int(l.turn % int64(len(l.legs)))
		count := int(min(due-l.turn, batchSize, int64(len(l.legs)-first)))
		for l.socket(first) != l.socket(first+count-1) {
			count--
		}
		l.sendFrom(first, count)
		l.turn += int64(count)
	}
}

// sendFrom sends one packet of each of some legs that share a socket.
func (l *load) sendFrom(first, count int) {
	at := time.Now()
	for i := first; i < first+count; i++ {
		l.out.add(l.legs[i].to, func(buffer []byte) int { return l.write(buffer, i, at) })
	}
	sent := l.out.send(l.sockets[l.socket(first)])
	for i := first; i < first+sent; i++ {
		l.legs[i].sent++
	}
	l.all.Sent += int64(sent)
	l.all.Unsent += int64(count - sent)
}

// write makes a leg's next packet, and says how long it is.
func (l *load) write(packet []byte, i int, at time.Time) (size int) {
	n := l.legs[i].sent
	copy(packet, l.rtp[:])
	binary.BigEndian.PutUint16(packet[2:], uint16(n))
	binary.BigEndian.PutUint32(packet[4:], n*160)
	binary.BigEndian.PutUint32(packet[8:], uint32(i+1)) // SSRC
	payload := packet[12:]
	binary.BigEndian.PutUint32(payload, magic)
	binary.BigEndian.PutUint32(payload[4:], uint32(i))
	binary.BigEndian.PutUint32(payload[8:], n)
	binary.BigEndian.PutUint64(payload[12:], uint64(at.UnixNano()))
	if l.legs[i].cipher == nil {
		return packetSize
	}
	sealed, err := l.legs[i].cipher.Seal(packet[:0], packet[:packetSize])
	if err != nil {
		return 0 // an empty datagram, which is lost
	}
	return len(sealed)
}

// receive takes in all that has come, and says whether there was anything.
func (l *load) receive() (any bool) {
	for socket, fd := range l.sockets {
		for n := batchSize; n == batchSize; {
			n = l.in.receive(fd)
			any = any || n > 0
			for i := range n {
				packet, from, at := l.in.datagram(i)
				l.take(packet, l.whose(socket, from), at)
			}
		}
	}
	return any
}

// whose is the leg that a datagram is for, nil where nobody sends it anything from there.
func (l *load) whose(socket int, from uint16) *leg {
	i := int(l.byPort[from]) - 1
	switch {
	case i < 0:
		return nil
	case l.own:
		i = socket
	}
	return &l.legs[i]
}

// take looks at a datagram for a leg: whether it is the next of its peer's, and how long it took. Phones that call themselves
// have but the peer's own word for who it is for.
func (l *load) take(packet []byte, to *leg, at time.Time) {
	if to != nil && to.cipher != nil {
		if mux.KindOf(packet) == mux.RTCP {
			return
		}
		packet, _ = to.cipher.Open(packet[:0], packet)
	}
	if len(packet) != packetSize {
		l.all.Foreign++
		return
	}
	payload := packet[12:]
	if to != nil && binary.BigEndian.Uint32(payload) != magic {
		l.listen(to, at)
		return
	}
	sender := binary.BigEndian.Uint32(payload[4:])
	if int(sender) >= len(l.legs) || to != nil && to != &l.legs[l.peer(int(sender))] || to == nil && !l.alone {
		l.all.Foreign++
		return
	}
	n, to := binary.BigEndian.Uint32(payload[8:]), &l.legs[l.peer(int(sender))]
	if n < to.next {
		l.all.Disordered++
	}
	to.next = max(to.next, n+1)
	l.all.Received++
	if l.heard != nil {
		l.heard.Delay.add(at.Sub(time.Unix(0, int64(binary.BigEndian.Uint64(payload[12:])))))
	}
}

// listen counts by how much the time between two packets that a leg is played differs from 20 ms.
func (l *load) listen(leg *leg, at time.Time) {
	if l.heard != nil && !leg.heard.IsZero() {
		l.heard.Jitter.add((at.Sub(leg.heard) - frame).Abs())
	}
	leg.heard = at
}

// finish waits for the last packets, and adds to h the counts of the whole time.
func (l *load) finish(h *heard) error {
	l.heard = nil
	for end := time.Now().Add(drain); l.all.Received < l.all.Sent && time.Now().Before(end); {
		if !l.receive() {
			pause(time.Now().Add(grain))
		}
	}
	h.counts = l.all
	dropped, err := bench.Drops()
	for _, home := range l.homes {
		h.LoadDrops += dropped[home.Port()]
	}
	for i := range l.legs {
		if port := l.legs[i].at.Port(); l.byPort[port] == int32(i)+1 {
			h.ServerDrops += dropped[port]
		}
	}
	return err
}
