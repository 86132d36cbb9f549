package sip

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"
)

const (
	mostCallers   = 500 // connections of strangers over TCP and TLS
	mostFromAHost = 50  // of them, from one and the same host
)

// A crowd is the connections over TCP and TLS that nobody has proved to be of ours yet. Each has a short time for that,
// and there are never more than so many, so that they cannot use up what calls need.
type crowd struct {
	knows   func(netip.Addr) bool // whether anybody at that host is one of ours
	dropped func()
	proof   time.Duration // how long a stranger may take to become known, whatever it sends
	beat    time.Duration // how often it is looked whether a connection is still one of ours

	mu     sync.Mutex // guards the fields below
	total  int
	atHost map[netip.Addr]int
}

// newCrowd makes one. Strangers have the time of some round trips, each of t1: 10 s where that is 500 ms.
func newCrowd(knows func(netip.Addr) bool, dropped func(), t1 time.Duration) *crowd {
	return &crowd{knows: knows, dropped: dropped, proof: 20 * t1, beat: 60 * t1, atHost: make(map[netip.Addr]int)}
}

// admit counts a connection in; nil: there are too many of strangers already.
func (c *crowd) admit(conn net.Conn) *caller {
	k := &caller{Conn: patientConn{conn}, crowd: c, host: addrPort(conn.RemoteAddr()).Addr(), since: time.Now()}
	if c.knows(k.host) {
		return k
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.total >= mostCallers || c.atHost[k.host] >= mostFromAHost {
		return nil
	}
	c.total++
	c.atHost[k.host]++
	k.counted = true
	return k
}

// leave counts a connection out.
func (c *crowd) leave(k *caller) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !k.counted {
		return
	}
	k.counted = false
	c.total--
	if c.atHost[k.host]--; c.atHost[k.host] == 0 {
		delete(c.atHost, k.host)
	}
}

// A caller is a connection that came in over TCP or TLS. A stranger cannot keep it.
type caller struct {
	net.Conn
	crowd *crowd
	host  netip.Addr
	since time.Time // when it was last seen to be one of ours, or came

	counted bool // among the strangers; guarded by the crowd's mu
}

// Read ends with io.EOF where a stranger's time is over.
func (k *caller) Read(b []byte) (int, error) {
	for {
		wait := k.crowd.beat
		if k.crowd.knows(k.host) {
			k.since = time.Now()
			k.crowd.leave(k)
		} else if wait = time.Until(k.since.Add(k.crowd.proof)); wait <= 0 {
			k.crowd.dropped()
			return 0, io.EOF
		}
		if err := k.Conn.SetReadDeadline(time.Now().Add(wait)); err != nil {
			return 0, err
		}
		n, err := k.Conn.Read(b)
		if n == 0 && errors.Is(err, os.ErrDeadlineExceeded) {
			continue
		}
		return n, err
	}
}

func (k *caller) Close() error {
	k.crowd.leave(k)
	return k.Conn.Close()
}
