package rtcp

import (
	"crypto/rand"
	"math"
	"time"
)

// A Reporter writes our side's reports in a session of two, and reads the peer's.
type Reporter struct {
	ssrc   uint32
	cname  string
	origin time.Time // the first instant it heard of: all others are told by the time since, whatever happens to the clock

	reports  int       // how many were written
	sent     [2]uint64 // packets sent until the report before the last, and until the last
	received Received  // until the last report
	heard    senderReport
}

// A senderReport is the peer's latest: whose it is, when by the peer's clock, and when it came.
type senderReport struct {
	ssrc   uint32
	middle uint32 // of the NTP timestamp
	at     time.Time
}

// NewReporter is the reporter of the stream that we send with an SSRC. The CNAME, at most 255 bytes, names the sender
// whatever its SSRC; see [NewCNAME].
func NewReporter(ssrc uint32, cname string) *Reporter {
	return &Reporter{ssrc: ssrc, cname: cname[:min(len(cname), math.MaxUint8)]}
}

// NewCNAME makes up a CNAME that tells nothing about who bears it (RFC 7022 section 4.2).
func NewCNAME() string { return rand.Text() }

// Next is how long after a report the next one is due, or for the first after the session began, for a random number
// between 0 and 1 (RFC 3550 sections 6.2 and 6.3.1): 2 to 6.2 s, the first after half of that. In a session of two
// with audio, bandwidth asks for no longer interval than the least one.
func (r *Reporter) Next(random float64) time.Duration {
	const (
		least        = 5 * time.Second
		compensation = math.E - 1.5 // for the reconsideration of larger sessions, which makes intervals longer
	)
	interval := float64(least) * (0.5 + random) / compensation
	if r.reports == 0 {
		interval /= 2
	}
	return time.Duration(interval)
}

// ntp is an instant as an NTP timestamp: seconds since 1900 in 32.32 bits.
func (r *Reporter) ntp(at time.Time) uint64 {
	const from1900To1970 = 2_208_988_800
	if r.origin.IsZero() {
		r.origin = at
	}
	at = r.origin.Add(at.Sub(r.origin))
	return uint64(at.Unix()+from1900To1970)<<32 | uint64(at.Nanosecond())<<32/uint64(time.Second)
}

// middle is the middle of an NTP timestamp: 16.16 bits.
func middle(ntp uint64) uint32 { return uint32(ntp >> 16) }
