package recording

import "threering/media"

// In samples, but for watchMin.
const (
	millisecond = media.SampleRate / 1000

	reach     = 2000 * millisecond  // how long past a place may be that is still filled
	lead      = 200 * millisecond   // how long before its time a packet may come
	tolerated = 60 * millisecond    // a greater lag is made up for at once
	slack     = 1 * millisecond     // a smaller one is left alone
	far       = 10 * millisecond    // from here on a lag is made up for faster
	stray     = 10000 * millisecond // an overtaken packet that is later than this begins something new
	watchFor  = 1000 * millisecond  // how long the lag is watched before it is believed,
	watchMin  = 20                  // and how many packets
)

// A timeline says where in the recording each packet of one side belongs. It
// counts in samples since the recording began and reads no clock.
type timeline struct {
	begun bool
	order order
	stamp uint32 // RTP timestamp of the newest packet
	at    int64  // where the anchor puts that packet
	lag   lag
	is    course // how much later than that it is put
	was   course // the same before is.from, for packets that come late
}

type verdict int

const (
	placed verdict = iota
	duplicate
	late
)

// place says where the packet begins that arrived then.
func (t *timeline) place(arrival int64, seq uint16, stamp uint32) (int64, verdict) {
	if !t.begun {
		return t.anchor(arrival, seq, stamp), placed
	}
	at := t.at + int64(int32(stamp-t.stamp))
	pos := at + t.shift(at)
	behind := arrival - pos
	overtaken := t.order.overtaken(seq)
	switch {
	case overtaken && behind > reach && behind < stray:
		return 0, late
	case behind > reach || behind < -lead:
		return t.anchor(arrival, seq, stamp), placed
	case !t.order.admit(seq):
		return 0, duplicate
	case !overtaken:
		t.stamp, t.at = stamp, at
		if lag, known := t.lag.watch(arrival, arrival-at); known {
			t.follow(at, lag)
		}
	}
	return pos, placed
}

// anchor begins anew with a packet that stands where it arrived.
func (t *timeline) anchor(arrival int64, seq uint16, stamp uint32) int64 {
	*t = timeline{begun: true, stamp: stamp, at: arrival}
	t.order.restart(seq)
	t.lag.watch(arrival, 0)
	return arrival
}

func (t *timeline) shift(at int64) int64 {
	if at < t.is.from {
		return t.was.shift(at)
	}
	return t.is.shift(at)
}

// follow makes up for a lag from at on: where the side has fallen far behind
// by silence at once, else sample by sample, which nobody hears. Where it has
// run ahead it is always sample by sample, so that no audio is written over.
func (t *timeline) follow(at, lag int64) {
	off := lag - t.is.to
	if -slack <= off && off <= slack {
		return
	}
	next := course{from: at, start: t.shift(at), to: lag, every: 100 * millisecond}
	switch off = lag - next.start; {
	case off > tolerated:
		next.start = lag
	case off > far || off < -far:
		next.every = 20 * millisecond
	}
	t.was, t.is = t.is, next
}

// A course is a shift that grows or shrinks by a sample now and then. The zero
// course is no shift.
type course struct {
	from      int64 // where it begins,
	start, to int64 // with which shift, and with which it ends
	every     int64 // samples from one step to the next
}

func (c course) shift(at int64) int64 {
	if c.start == c.to || at <= c.from {
		return c.start
	}
	steps := (at - c.from) / c.every
	if c.start < c.to {
		return min(c.start+steps, c.to)
	}
	return max(c.start-steps, c.to)
}

// A lag tells how far a side lags behind the arrival clock: the least lag of
// the packets of a second, because the one that the network held up least
// tells most of the sender's clock.
type lag struct {
	least   int64
	packets int
	since   int64 // arrival of the first packet of this watch
	last    int64 // arrival of the last one
}

// watch takes in one packet's lag; true: the watch is over, and this is what
// it found.
func (l *lag) watch(arrival, lag int64) (int64, bool) {
	// A pause may hide a step (hold, a stalled network): never mix both sides of it.
	if l.packets == 0 || arrival-l.last > lead {
		l.least, l.packets, l.since = lag, 0, arrival
	}
	l.least = min(l.least, lag)
	l.packets++
	l.last = arrival
	if l.packets < watchMin || arrival-l.since < watchFor {
		return 0, false
	}
	l.packets = 0
	return l.least, true
}

// An order remembers the last 64 sequence numbers (RFC 3550 section 5.1).
type order struct {
	newest uint16
	seen   uint64 // bit n: newest-n has come
}

// overtaken tells whether a newer packet, or seq itself, has come before.
func (o *order) overtaken(seq uint16) bool { return int16(seq-o.newest) <= 0 }

// admit notes that seq has come and tells whether for the first time. What is
// too old to be remembered is admitted: writing it again does no harm.
func (o *order) admit(seq uint16) bool {
	ahead := int(int16(seq - o.newest))
	if ahead > 0 {
		o.newest, o.seen = seq, o.seen<<ahead|1
		return true
	}
	bit := uint64(1) << -ahead // 0 where -ahead is 64 or more
	fresh := o.seen&bit == 0
	o.seen |= bit
	return fresh
}

func (o *order) restart(seq uint16) { o.newest, o.seen = seq, 1 }
