package media

import (
	"math"
	"time"

	"threering/media/rtcp"
)

const (
	maxDropout  = 3000 // packets a sequence number may leap ahead (RFC 3550 appendix A.1)
	maxMisorder = 100  // packets it may lie behind
	// maxLead is how many samples a timestamp may run ahead of the clock before it counts as a jump: 2 s.
	maxLead = 2 * SampleRate
)

// arrivals counts the packets of one peer, and divides them into streams: runs in which sequence numbers and
// timestamps belong together. A new one starts with another SSRC or a jump that no loss explains.
type arrivals struct {
	number  uint32 // of the present stream; 0 before the first
	ssrc    uint32
	first   uint64 // extended sequence number the stream began with
	highest uint64 // the highest so far
	got     uint64 // packets of this stream
	leader  uint32 // timestamp of the newest audio packet, or of whichever began the stream
	leadAt  time.Time
	timed   bool    // the leader is audio: the next packet's delay can be compared with its own
	jitter  float64 // in samples

	window  window
	repeats uint64 // packets of this stream that came again
	lost    uint64 // of earlier streams
	totals  Stats
}

// count takes a packet into account, and notes in it which stream it belongs to and its place there.
func (a *arrivals) count(pkt *packet, ssrc uint32) {
	ahead := a.ahead(pkt)
	if !a.continues(pkt, ssrc) || a.jumps(pkt, ahead) {
		a.begin(pkt, ssrc)
		ahead = 0
	}
	pkt.stream.number = a.number
	pkt.seq = uint64(int64(a.highest) + ahead)
	switch {
	case ahead > 0:
		a.window.advance(ahead)
	case a.got > 0 && !a.window.fill(-ahead):
		a.repeats++
	}
	a.highest = max(a.highest, pkt.seq)
	a.first = min(a.first, pkt.seq)
	a.got++
	a.totals.PacketsIn++
	a.totals.OctetsIn += uint64(len(pkt.payload))
	a.totals.LastPacket = pkt.at
	if pkt.isAudio() && ahead >= 0 {
		a.measure(pkt)
	}
}

// continues says whether a packet belongs to the present stream by its SSRC and sequence number.
func (a *arrivals) continues(pkt *packet, ssrc uint32) bool {
	ahead := a.ahead(pkt)
	return a.number != 0 && ssrc == a.ssrc && -maxMisorder <= ahead && ahead <= maxDropout
}

// ahead is by how much a packet's sequence number lies ahead of the highest so far.
func (a *arrivals) ahead(pkt *packet) int64 {
	return int64(int16(uint16(pkt.seq) - uint16(a.highest)))
}

func (a *arrivals) begin(pkt *packet, ssrc uint32) {
	a.lost += a.missing()
	a.number++
	a.ssrc = ssrc
	a.first = 1<<32 + pkt.seq // far enough from 0 for a packet that came too late
	a.highest = a.first
	a.got, a.repeats = 0, 0
	a.window.begin()
	a.leader, a.leadAt = pkt.timestamp, pkt.at
	a.timed = false
}

// jumps says whether a newer packet's timestamp runs back, or ahead of the clock.
func (a *arrivals) jumps(pkt *packet, ahead int64) bool {
	if ahead <= 0 || pkt.kind == unknown {
		return false
	}
	step := int64(int32(pkt.timestamp - a.leader))
	if step < 0 && pkt.kind == event { // it bears the time at which the key went down
		return step < -math.MaxUint16-maxLead
	}
	return step < 0 || step > samples(pkt.at.Sub(a.leadAt))+maxLead
}

// measure updates the jitter (RFC 3550 appendix A.8).
func (a *arrivals) measure(pkt *packet) {
	elapsed := pkt.at.Sub(a.leadAt).Seconds() * SampleRate
	step := float64(int32(pkt.timestamp - a.leader))
	if a.timed {
		a.jitter += (math.Abs(elapsed-step) - a.jitter) / 16
	}
	a.leader, a.leadAt, a.timed = pkt.timestamp, pkt.at, true
}

// missing is how many packets of the present stream never came.
func (a *arrivals) missing() uint64 {
	if a.number == 0 {
		return 0
	}
	expected := a.highest - a.first + 1
	return expected - min(expected, a.got-a.repeats)
}

func (a *arrivals) stats() Stats {
	s := a.totals
	s.Lost = a.lost + a.missing()
	s.Jitter = a.jitter * 1000 / SampleRate
	return s
}

// sum is what a report tells the peer of its present stream.
func (a *arrivals) sum() rtcp.Received {
	if a.number == 0 {
		return rtcp.Received{}
	}
	return rtcp.Received{
		SSRC: a.ssrc, Highest: uint32(a.highest), Expected: a.highest - a.first + 1,
		Packets: a.got, Jitter: a.jitter,
	}
}

// samples is how many samples d lasts.
func samples(d time.Duration) int64 {
	return int64(d / (time.Second / SampleRate))
}
