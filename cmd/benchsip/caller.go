//go:build linux

package main

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"time"

	"threering/cmd/internal/bench"
)

// A caller makes calls from one socket. Its messages are written once and filled in.
type caller struct {
	conn   *net.UDPConn
	server netip.AddrPort
	rtp    uint16 // port that its calls want to be sent to
	number string // that it dials
	stay   bool   // it does not hang up

	mu      sync.Mutex // guards the fields below
	calls   map[int]*call
	last    int
	ringing []time.Duration // from INVITE to 180
	done    int             // calls that ended as they should
	refused int
	again   int    // messages that either side had to repeat
	hungUp  func() // is told that the server has ended a call; may be nil
	reading sync.WaitGroup
}

// A call is one of a caller's.
type call struct {
	at       time.Time // when the INVITE was sent
	heard    bool      // anything at all has come back
	rung     bool
	answered time.Time
	media    uint16 // port of the server's to send audio to
	to       string // To as the server has it
}

func newCaller(s *server, number string, rtp uint16, stay bool) (*caller, error) {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: bench.Loopback.AsSlice()})
	if err != nil {
		return nil, err
	}
	if err := conn.SetReadBuffer(8 << 20); err != nil {
		return nil, err
	}
	c := &caller{conn: conn, server: s.sip, number: number, rtp: rtp, stay: stay, calls: map[int]*call{}}
	c.reading.Go(c.read)
	return c, nil
}

func (c *caller) close() {
	c.conn.Close()
	c.reading.Wait()
}

const (
	sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio %d RTP/AVP 8 101\r\n" +
		"a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"
	head = "%s sip:%s@%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;rport;branch=z9hG4bK-%d-%s\r\nMax-Forwards: 70\r\n" +
		"From: \"Bench\" <sip:%[10]d@%[4]s>;tag=f%[5]d\r\nTo: %[7]s\r\nCall-ID: bench-%[5]d@%[4]s\r\nCSeq: %[8]d %[9]s\r\n" +
		"Contact: <sip:%[10]d@%[4]s>\r\n"
)

// message writes a request of a call's.
func (c *caller) message(n int, method, to string, seq int, body string) []byte {
	branch := method
	if method == "INVITE" || method == "ACK" {
		branch = method
	}
	at := c.conn.LocalAddr().String()
	if to == "" {
		to = fmt.Sprintf("<sip:%s@%s>", c.number, c.server)
	}
	text := fmt.Appendf(nil, head, method, c.number, c.server, at, n, branch, to, seq, method, 13_800_000_000+n)
	if body != "" {
		text = append(text, "Content-Type: application/sdp\r\n"...)
	}
	text = append(text, "Content-Length: "...)
	text = strconv.AppendInt(text, int64(len(body)), 10)
	return append(append(text, "\r\n\r\n"...), body...)
}

func (c *caller) send(text []byte) { _, _ = c.conn.WriteToUDPAddrPort(text, c.server) } // what is not taken is lost

// begin makes a new call.
func (c *caller) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	c.calls[c.last] = &call{at: time.Now()}
	c.send(c.message(c.last, "INVITE", "", 1, fmt.Sprintf(sdp, c.rtp)))
}

// hold makes so many calls a second for a while.
func (c *caller) hold(rate int, d time.Duration) {
	began := time.Now()
	swept := began
	for made := 0; ; {
		now := time.Now()
		if now.Sub(began) >= d {
			return
		}
		for due := int(now.Sub(began).Seconds() * float64(rate)); made < due; made++ {
			c.begin()
		}
		if now.Sub(swept) > 100*time.Millisecond {
			swept = now
			c.sweep(now)
		}
		time.Sleep(500 * time.Microsecond)
	}
}

// settle waits until all calls are over, for no longer than d.
func (c *caller) settle(d time.Duration) (open int) {
	for end := time.Now().Add(d); ; time.Sleep(20 * time.Millisecond) {
		c.sweep(time.Now())
		c.mu.Lock()
		open = len(c.calls)
		c.mu.Unlock()
		if open == 0 || time.Now().After(end) {
			return open
		}
	}
}

// sweep repeats what has had no answer for half a second.
func (c *caller) sweep(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for n, k := range c.calls {
		switch {
		case !k.heard && now.Sub(k.at) > 500*time.Millisecond:
			k.at = now
			c.again++
			c.send(c.message(n, "INVITE", "", 1, fmt.Sprintf(sdp, c.rtp)))
		case !c.stay && !k.answered.IsZero() && now.Sub(k.answered) > 500*time.Millisecond:
			k.answered = now
			c.again++
			c.send(c.message(n, "BYE", k.to, 2, ""))
		}
	}
}

// hangUp ends all calls.
func (c *caller) hangUp() {
	c.mu.Lock()
	c.stay = false
	for n, k := range c.calls {
		k.answered = time.Now()
		c.send(c.message(n, "BYE", k.to, 2, ""))
	}
	c.mu.Unlock()
	c.settle(5 * time.Second)
}

func (c *caller) read() {
	buffer := make([]byte, 65536)
	for {
		n, _, err := c.conn.ReadFromUDPAddrPort(buffer)
		if err != nil {
			return
		}
		c.take(buffer[:n], time.Now())
	}
}

// take handles what the server sends.
func (c *caller) take(text []byte, now time.Time) {
	if !bytes.HasPrefix(text, []byte("SIP/2.0 ")) {
		c.refuse(text)
		return
	}
	status, _ := strconv.Atoi(string(text[8:11]))
	n := callOf(text)
	invite := bytes.HasSuffix(line(text, "CSeq: "), []byte("INVITE"))
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.calls[n]
	if k == nil {
		return
	}
	k.heard = true
	switch {
	case invite && status == 180 && !k.rung:
		k.rung = true
		c.ringing = append(c.ringing, now.Sub(k.at))
	case invite && status == 200:
		c.answered(n, k, text, now)
	case !invite && status >= 200:
		delete(c.calls, n)
		c.done++
	case invite && status >= 300:
		c.send(c.message(n, "ACK", string(line(text, "To: ")), 1, ""))
		delete(c.calls, n)
		c.refused++
	}
}

// answered takes a 200. The lock is held.
func (c *caller) answered(n int, k *call, text []byte, now time.Time) {
	if !k.answered.IsZero() {
		c.again++
		c.send(c.message(n, "ACK", k.to, 1, ""))
		return
	}
	k.answered, k.to = now, string(line(text, "To: "))
	media := bytes.Fields(line(text, "m=audio "))
	if len(media) > 0 {
		port, _ := strconv.ParseUint(string(media[0]), 10, 16)
		k.media = uint16(port)
	}
	c.send(c.message(n, "ACK", k.to, 1, ""))
	if !c.stay {
		c.send(c.message(n, "BYE", k.to, 2, ""))
	}
}

// refuse answers a request of the server's, a BYE, so that it does not repeat it.
func (c *caller) refuse(text []byte) {
	reply := []byte("SIP/2.0 200 OK\r\n")
	for _, name := range []string{"Via: ", "From: ", "To: ", "Call-ID: ", "CSeq: "} {
		reply = append(append(append(reply, name...), line(text, name)...), "\r\n"...)
	}
	c.send(append(reply, "Content-Length: 0\r\n\r\n"...))
	n := callOf(text)
	c.mu.Lock()
	known, next := c.calls[n] != nil, c.hungUp // it may be told twice
	delete(c.calls, n)
	c.mu.Unlock()
	if known && next != nil {
		next()
	}
}

// callOf is which call a message belongs to.
func callOf(text []byte) int {
	id := bytes.TrimPrefix(line(text, "Call-ID: "), []byte("bench-"))
	id, _, _ = bytes.Cut(id, []byte("@"))
	n, _ := strconv.Atoi(string(id))
	return n
}

// line is what follows a word at the beginning of a line.
func line(text []byte, word string) []byte {
	at := bytes.Index(text, []byte("\n"+word))
	if at < 0 {
		return nil
	}
	rest, _, _ := bytes.Cut(text[at+1+len(word):], []byte("\r\n"))
	return rest
}

// quantile is the duration that a share of all does not exceed.
func quantile(all []time.Duration, share float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}
