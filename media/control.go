package media

import (
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"threering/media/mux"
	"threering/media/quality"
	"threering/media/rtcp"
	"threering/media/srtp"
)

// A control is the RTCP side of a port (RFC 3550 section 6): our reports, and what the peer's say of what we send.
type control struct {
	in     *receiver
	out    *sender
	shield shield // of reports on a port of their own, where keys come by a handshake

	mu       sync.Mutex // guards the fields below; taken before the receiver's and the sender's
	wire     wire       // its own; with rtcp-mux reports leave by the sender's
	reporter *rtcp.Reporter
	muxed    bool           // the peer takes RTCP where it takes RTP (RFC 5761)
	remote   netip.AddrPort // else it takes it here; not valid while unknown
	sealed   bool           // on a port of their own, reports have keys of their own
	cipher   *srtp.Session  // nil until they are known
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
	datagram, opened := c.open(datagram)
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

// apart says whether reports have keys of their own.
func (c *control) apart() bool { return c.sealed && !c.muxed }

// open gives the report within a datagram, in its place; not ok is one that is not the peer's.
func (c *control) open(datagram []byte) (report []byte, ok bool) {
	switch {
	case !c.apart():
		return c.in.openControl(datagram)
	case c.cipher == nil:
		return nil, false
	}
	report, err := c.cipher.OpenControl(datagram[:0], datagram)
	return report, err == nil
}

func (c *control) send(report []byte) {
	switch {
	case c.muxed:
		c.out.sendReport(report, nil, netip.AddrPort{})
	case !c.sealed:
		c.out.sendReport(report, c.wire, c.remote)
	case c.cipher != nil && c.remote.IsValid() && !c.out.isClosed():
		if sealed, err := c.cipher.SealControl(nil, report); err == nil {
			_ = c.wire.Send(sealed, c.remote) // reports may get lost
		}
	}
}

// seal gives reports keys of their own.
func (c *control) seal(session *srtp.Session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sealed, c.cipher = true, session
}

// sendBeside sends a datagram that is no report to where the peer takes reports.
func (c *control) sendBeside(datagram []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.remote.IsValid() || c.out.isClosed() {
		return nil
	}
	return c.wire.Send(datagram, c.remote)
}

// shakes says whether a datagram of a handshake comes from the peer. Until there are keys the way that it comes by is believed,
// since behind a NAT it is another than was declared.
func (c *control) shakes(from netip.AddrPort) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.apart() || !c.in.isPeer(from.Addr(), 0) {
		c.in.ignore()
		return false
	}
	if c.cipher == nil {
		c.remote = from
	}
	return true
}

// takeControl handles one datagram of RTCP, or of the handshake for it.
func (p *Port) takeControl(datagram []byte, from netip.AddrPort, at time.Time) {
	if mux.KindOf(datagram) != mux.DTLS {
		p.control.take(datagram, from, at)
	} else if p.control.shakes(from) {
		p.control.shield.deliver(datagram)
	}
}
