package media

import (
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"threering/media/quality"
	"threering/media/rtcp"
)

// A control is the RTCP side of a port (RFC 3550 section 6): our reports, and what the peer's say of what we send.
type control struct {
	in  *receiver
	out *sender

	mu       sync.Mutex // guards the fields below; taken before the receiver's and the sender's
	wire     wire       // its own; with rtcp-mux reports leave by the sender's
	reporter *rtcp.Reporter
	muxed    bool           // the peer takes RTCP where it takes RTP (RFC 5761)
	remote   netip.AddrPort // else it takes it here; not valid while unknown
	due      time.Time      // of the next report; zero before the first agreement
	said     bool           // there was one
	view     rtcp.View      // the peer's last one
	jitter   quality.Series // by the peer's views, in ms
	trips    quality.Series // round trips in ms
	buffer   [256]byte
}

// attach has reports leave by a wire.
func (c *control) attach(w wire) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wire = w
}

// agree takes over where the peer takes RTCP.
func (c *control) agree(muxed bool, remote netip.AddrPort, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.muxed = muxed
	if remote.IsValid() {
		c.remote = remote
	}
	if c.due.IsZero() {
		c.due = at.Add(c.reporter.Next(rand.Float64()))
	}
}

// take reads what may be a report of the peer's.
func (c *control) take(datagram []byte, from netip.AddrPort, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	datagram, opened := c.in.openControl(datagram)
	if !opened || !c.in.isPeer(from.Addr(), 0) {
		c.in.ignore()
		return
	}
	heard, err := c.reporter.Read(datagram, at)
	if err != nil || !c.in.isPeer(from.Addr(), heard.SSRC) {
		c.in.ignore()
		return
	}
	c.in.alive(from.Addr(), at)
	if heard.View == nil {
		return
	}
	if !c.muxed {
		c.remote = from // behind a NAT, another than was declared
	}
	c.view = *heard.View
	c.jitter.Take(float64(c.view.Jitter) * 1000 / SampleRate)
	if c.view.Timed {
		c.trips.Take(float64(c.view.RoundTrip) / float64(time.Millisecond))
	}
}

// report sends a report if one is due.
func (c *control) report(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.due.IsZero() || at.Before(c.due) {
		return
	}
	c.due = at.Add(c.reporter.Next(rand.Float64()))
	c.said = true
	c.send(c.reporter.Write(c.buffer[:0], at, c.out.sum(at), c.in.sum()))
}

// close says goodbye to a peer that has had reports.
func (c *control) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.said {
		c.send(c.reporter.Bye(c.buffer[:0]))
	}
	c.due = time.Time{}
}

func (c *control) send(report []byte) {
	if c.muxed {
		c.out.sendReport(report, nil, netip.AddrPort{})
	} else {
		c.out.sendReport(report, c.wire, c.remote)
	}
}

// takeControl handles one datagram of RTCP.
func (p *Port) takeControl(datagram []byte, from netip.AddrPort, at time.Time) {
	p.control.take(datagram, from, at)
}
