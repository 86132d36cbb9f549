// Package rtcp is what a port says and hears about its RTP session (RFC 3550 section 6): sender and receiver reports
// with a CNAME, written and read by a [Reporter], and when the next one is due.
// It counts no RTP packets, has no socket, no clock and no lock: whoever owns the port does, tells it what was sent and
// received, and sends what it wrote.
package rtcp
