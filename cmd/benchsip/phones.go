//go:build linux

package main

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/icholy/digest"
)

const sites = 250 // addresses that the phones are at, as behind the routers of so many offices

// Phones register, each again and again.
type phones struct {
	server netip.AddrPort
	conns  []*net.UDPConn
	work   sync.WaitGroup

	mu    sync.Mutex // guards the fields below
	at    map[int]*registration
	took  []time.Duration
	sent  int
	done  int
	again int
	wrong int // refusals
}

// A registration is one that is under way.
type registration struct {
	began, sent time.Time
	auth        string
	seq         int
}

func newPhones(s *server) (*phones, error) {
	p := &phones{server: s.sip, at: map[int]*registration{}}
	for i := range sites {
		conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 1, byte(i+1))})
		if err != nil {
			p.close()
			return nil, err
		}
		p.conns = append(p.conns, conn)
		p.work.Go(func() { p.read(conn) })
	}
	return p, nil
}

func (p *phones) close() {
	for _, conn := range p.conns {
		conn.Close()
	}
	p.work.Wait()
}

// register has so many phones register, evenly over a while.
func (p *phones) register(count int, d time.Duration) {
	began := time.Now()
	swept := began
	for made := 0; made < count; {
		now := time.Now()
		p.mu.Lock()
		for due := min(count, int(now.Sub(began).Seconds()/d.Seconds()*float64(count))); made < due; made++ {
			r := &registration{began: now, seq: 1}
			p.at[made] = r
			p.send(made, r, now)
		}
		p.mu.Unlock()
		if now.Sub(swept) > 200*time.Millisecond {
			swept = now
			p.sweep(now)
		}
		time.Sleep(time.Millisecond)
	}
	for end := time.Now().Add(3 * time.Second); time.Now().Before(end) && p.open() > 0; time.Sleep(50 * time.Millisecond) {
		p.sweep(time.Now())
	}
}

func (p *phones) open() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.at)
}

// sweep repeats what has had no answer.
func (p *phones) sweep(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for n, r := range p.at {
		if now.Sub(r.sent) > 500*time.Millisecond {
			p.again++
			p.send(n, r, now)
		}
	}
}

// send sends a REGISTER. The lock is held.
func (p *phones) send(n int, r *registration, now time.Time) {
	conn, user := p.conns[n%sites], name(n)
	at := conn.LocalAddr().String()
	text := fmt.Appendf(nil, "REGISTER sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP %[1]s;rport;branch=z9hG4bK-%[2]s-%[3]d-%[5]d\r\nMax-Forwards: 70\r\n"+
		"From: <sip:%[2]s@127.0.0.1>;tag=p%[2]s\r\nTo: <sip:%[2]s@127.0.0.1>\r\nCall-ID: phone-%[2]s\r\nCSeq: %[3]d REGISTER\r\n"+
		"Contact: <sip:%[2]s@%[1]s>\r\nExpires: 120\r\n%[4]sContent-Length: 0\r\n\r\n", at, user, r.seq, r.auth, r.began.UnixNano())
	r.sent = now
	p.sent++
	_, _ = conn.WriteToUDPAddrPort(text, p.server) // what is not taken is lost
}

func (p *phones) read(conn *net.UDPConn) {
	buffer := make([]byte, 65536)
	for {
		n, _, err := conn.ReadFromUDPAddrPort(buffer)
		if err != nil {
			return
		}
		p.take(buffer[:n], time.Now())
	}
}

func (p *phones) take(text []byte, now time.Time) {
	if !bytes.HasPrefix(text, []byte("SIP/2.0 ")) {
		return
	}
	status, _ := strconv.Atoi(string(text[8:11]))
	n, _ := strconv.Atoi(string(bytes.TrimPrefix(line(text, "Call-ID: "), []byte("phone-"))))
	n -= 100_000
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.at[n]
	switch {
	case r == nil || status < 200:
	case status == 401 && r.auth == "":
		r.auth, r.seq = answer(name(n), text), 2
		p.send(n, r, now)
	case status == 401: // a repeated one
	case status == 200:
		p.done++
		p.took = append(p.took, now.Sub(r.began))
		delete(p.at, n)
	default:
		p.wrong++
		delete(p.at, n)
	}
}

// answer is the Authorization for a challenge; "" where that cannot be read.
func answer(user string, text []byte) string {
	challenge, err := digest.ParseChallenge(string(line(text, "WWW-Authenticate: ")))
	if err != nil {
		return ""
	}
	c, err := digest.Digest(challenge, digest.Options{Method: "REGISTER", URI: "sip:127.0.0.1", Username: user, Password: secret})
	if err != nil {
		return ""
	}
	return "Authorization: " + c.String() + "\r\n"
}
