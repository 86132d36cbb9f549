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

// A doorstep is where those connections over TCP and TLS are that nobody has proved to be of ours yet. Each has a short time for that,
// and there are never more than so many, so that they cannot use up what calls need.
type doorstep struct {
	knows   func(netip.Addr) bool // whether anybody at that host is one of ours
	banned  func(netip.Addr) bool // whether it is shut out, which is counted by who says so
	dropped func()
	proof   time.Duration // how long a stranger may take to become known, whatever it sends
	beat    time.Duration // how often it is looked whether a connection is still one of ours

	mu     sync.Mutex // guards the fields below
	total  int
	atHost map[netip.Addr]int
}

// newDoorstep makes one. Strangers have the time of some round trips, each of t1: 10 s where that is 500 ms.
func newDoorstep(knows, banned func(netip.Addr) bool, dropped func(), t1 time.Duration) *doorstep {
	return &doorstep{knows: knows, banned: banned, dropped: dropped, proof: 20 * t1, beat: 60 * t1, atHost: make(map[netip.Addr]int)}
}

// admit counts a connection in; nil: its host is shut out, or there are too many of strangers already.
func (c *doorstep) admit(conn net.Conn) *caller {
	k := &caller{Conn: patientConn{conn}, doorstep: c, host: addrPort(conn.RemoteAddr()).Addr(), since: time.Now()}
	if c.knows(k.host) {
		return k
	}
	if c.banned(k.host) {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.total >= mostCallers || c.atHost[k.host] >= mostFromAHost {
		c.dropped()
		return nil
	}
	c.total++
	c.atHost[k.host]++
	k.counted = true
	return k
}

// leave counts a connection out.
func (c *doorstep) leave(k *caller) {
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
	doorstep *doorstep
	host     netip.Addr
	since    time.Time // when it was last seen to be one of ours, or came

	counted bool // among the strangers; guarded by the doorstep's mu
}

// Read ends with io.EOF where a stranger's time is over, or its host has been shut out.
func (k *caller) Read(b []byte) (int, error) {
	for {
		wait := k.doorstep.beat
		if k.doorstep.knows(k.host) {
			k.since = time.Now()
			k.doorstep.leave(k)
		} else if wait = time.Until(k.since.Add(k.doorstep.proof)); wait <= 0 {
			k.doorstep.dropped()
			return 0, io.EOF
		} else if k.doorstep.banned(k.host) {
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
	k.doorstep.leave(k)
	return k.Conn.Close()
}
