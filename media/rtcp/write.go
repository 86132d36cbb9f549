package rtcp

import (
	"encoding/binary"
	"math"
	"time"

	pion "github.com/pion/rtcp"
)

// Sent is what we have sent since the session began.
type Sent struct {
	Packets   uint64
	Octets    uint64 // of payload
	Timestamp uint32 // the RTP timestamp of audio sent at the time of the report
}

// Received is what we have received of one stream of the peer's since it began; with none, Packets is 0.
type Received struct {
	SSRC     uint32
	Highest  uint32  // the highest sequence number, extended by its cycles (RFC 3550 appendix A.1)
	Expected uint64  // packets that should have come by the sequence numbers
	Packets  uint64  // packets that came, those that came twice too
	Jitter   float64 // in units of the RTP timestamp (RFC 3550 appendix A.8)
}

// Write appends a compound packet to dst and returns it: a sender report, or a receiver report where nothing was sent
// since the one before the last; in it a block about the peer's stream if anything of it came since the last; and the
// CNAME. It allocates nothing where dst has 128 bytes to spare and the CNAME is one of [NewCNAME].
func (r *Reporter) Write(dst []byte, now time.Time, sent Sent, received Received) []byte {
	ntp := r.ntp(now)
	prior := r.received
	if received.SSRC != prior.SSRC || received.Expected < prior.Expected || received.Packets < prior.Packets {
		prior = Received{} // another stream
	}
	blocks := 0
	if received.Packets > prior.Packets {
		blocks = 1
	}
	if sent.Packets > r.sent[0] {
		dst = appendHeader(dst, pion.TypeSenderReport, blocks, 6+6*blocks)
		dst = appendWords(dst, r.ssrc, uint32(ntp>>32), uint32(ntp), sent.Timestamp, uint32(sent.Packets), uint32(sent.Octets))
	} else {
		dst = appendHeader(dst, pion.TypeReceiverReport, blocks, 1+6*blocks)
		dst = appendWords(dst, r.ssrc)
	}
	if blocks > 0 {
		dst = r.appendBlock(dst, now, received, prior)
	}
	r.reports++
	r.sent = [2]uint64{r.sent[1], sent.Packets}
	r.received = received
	return r.appendCNAME(dst)
}

// Bye appends a compound packet that says that we leave, and returns it.
func (r *Reporter) Bye(dst []byte) []byte {
	dst = appendHeader(dst, pion.TypeReceiverReport, 0, 1)
	dst = appendWords(dst, r.ssrc)
	dst = r.appendCNAME(dst)
	dst = appendHeader(dst, pion.TypeGoodbye, 1, 1)
	return appendWords(dst, r.ssrc)
}

// appendBlock appends what we received of the peer's stream, in all and since prior (RFC 3550 section 6.4.1).
func (r *Reporter) appendBlock(dst []byte, now time.Time, received, prior Received) []byte {
	lost := min(max(int64(received.Expected-received.Packets), -1<<23), 1<<23-1)
	losses := uint32(fraction(received, prior))<<24 | uint32(lost)&0xFFFFFF
	var last, delay uint32
	if r.heard.ssrc == received.SSRC && !r.heard.at.IsZero() {
		last, delay = r.heard.middle, uint32(now.Sub(r.heard.at).Seconds()*(1<<16))
	}
	return appendWords(dst, received.SSRC, losses, received.Highest, uint32(received.Jitter), last, delay)
}

// fraction is the share of the packets expected since prior that did not come, in 256ths (RFC 3550 appendix A.3).
func fraction(received, prior Received) uint8 {
	expected := int64(received.Expected - prior.Expected)
	lost := expected - int64(received.Packets-prior.Packets)
	if lost <= 0 {
		return 0
	}
	return uint8(min(lost<<8/expected, math.MaxUint8))
}

// appendCNAME appends a source description (RFC 3550 section 6.5).
func (r *Reporter) appendCNAME(dst []byte) []byte {
	words := (4 + 2 + len(r.cname) + 4) / 4 // SSRC, item, and one to four zeros that end the list
	dst = appendHeader(dst, pion.TypeSourceDescription, 1, words)
	end := len(dst) + 4*words
	dst = appendWords(dst, r.ssrc)
	dst = append(dst, byte(pion.SDESCNAME), byte(len(r.cname)))
	dst = append(dst, r.cname...)
	for len(dst) < end {
		dst = append(dst, 0)
	}
	return dst
}

// appendHeader appends the header of a packet that has so many 32-bit words after it (RFC 3550 section 6.4.1).
func appendHeader(dst []byte, kind pion.PacketType, count, words int) []byte {
	const version2 = 2 << 6
	return append(dst, version2|byte(count), byte(kind), byte(words>>8), byte(words))
}

func appendWords(dst []byte, words ...uint32) []byte {
	for _, word := range words {
		dst = binary.BigEndian.AppendUint32(dst, word)
	}
	return dst
}
