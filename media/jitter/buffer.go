// Package jitter evens out what the network does to the audio of one leg: packets come in at any time and order,
// and a frame of 20 ms goes out whenever its owner asks, by a delay that follows the jitter of the last seconds.
// It is for codecs of one byte a timestamp unit at 8 kHz (PCMA, PCMU, G.722), which it need not understand.
// It decodes nothing, conceals nothing, locks nothing and reads no clock: a [Buffer] is its owner's alone.
package jitter

import "time"

// Audio is measured in units: one is a byte, and a step of the timestamp, 125 µs.
const (
	unit       = 125 * time.Microsecond
	frame      = 160  // 20 ms
	maxPayload = 1500 // of a packet; 120 ms are 960
)

const (
	defaultMin = 20 * time.Millisecond
	defaultMax = 200 * time.Millisecond
	largestMax = 300 * time.Millisecond // with a packet of maxPayload it still finds room in the queue

	maxLeap = 1 << 16 // packets that a sequence number may lie apart within a stream
	maxLate = 8000    // units that a packet may be late, 1 s; it is of another clock if later,
	latest  = 10      // or if that many before it came too late, and none in time
)

// A Buffer holds the packets of one leg until they are played. Its zero value is ready; it is about 6 KB, all of
// it in the value itself, and never allocates.
type Buffer struct {
	// Min and Max bound the delay: what the quickest packets of the last seconds wait from their arrival until they
	// are played. 0 stands for 20 ms and 200 ms; Max is at least Min + 40 ms and at most 300 ms. Jitter of up to Max
	// less 20 ms is evened out; less 30 ms for packets of an odd number of 10 ms.
	Min, Max time.Duration

	queue    queue
	transits transits
	stats    Stats
	epoch    time.Time // when the first packet came
	live     bool      // it has come
	stream   uint32
	first    int64 // where the present stream begins in the sequence
	newest   place // of its newest audio
	playout
}

// A Packet is one received RTP packet of audio.
type Packet struct {
	Seq       uint64 // the sequence number, extended so that it does not wrap
	Timestamp uint32 // in units of 8 kHz; may wrap
	Stream    uint32 // another number is another stream: sequence numbers and timestamps start anew
	Codec     uint8  // whatever the owner calls it
	// Payload is copied; up to 1500 bytes of any duration. A packet without any (comfort noise, a key) only says
	// that its sequence number was not lost: it is heard as silence.
	Payload []byte
}

// Stats counts what became of the audio so far.
type Stats struct {
	Played    uint64 // frames
	Lost      uint64 // frames that were sent and not there when they were due
	Added     uint64 // frames concealed for the sake of a longer delay; nothing was lost
	LeftOut   uint64 // frames left out for the sake of a shorter delay
	Late      uint64 // packets that came after they were due
	Duplicate uint64 // packets that came again
	Dropped   uint64 // packets given up: too many at once, too large, or at odds with their neighbours
	// Delay is how long the quickest packets wait at present from their arrival until they are played.
	Delay time.Duration
}

// Stats gives the counts so far, with the delay as of the last frame.
func (b *Buffer) Stats() Stats { return b.stats }

// A place is where a packet lies on the line: the order in which all streams are played one after another.
type place struct {
	number   uint64 // its sequence number as sent
	stamp    uint32 // its timestamp as sent
	seq      int64  // its number on the line
	pos, end int64  // of its audio, in units
}

// Put takes a packet that arrived at an instant.
func (b *Buffer) Put(at time.Time, p Packet) {
	switch size := len(p.Payload); {
	case size > maxPayload:
		b.stats.Dropped++
	case size > 0:
		b.take(at, p)
	case b.live && b.near(p):
		b.queue.mark(b.newest.seq + b.ahead(p))
	}
}

// take puts audio in its place, or counts why not.
func (b *Buffer) take(at time.Time, p Packet) {
	if !b.live {
		b.live, b.epoch = true, at
		b.begin(p)
	}
	now := b.units(at)
	ahead := b.ahead(p)
	here := b.locate(p, ahead)
	if !b.near(p) || ahead > 0 && !b.belongs(here, now) {
		b.begin(p)
		ahead, here = 0, b.newest
	}
	switch {
	case here.seq < b.first:
		b.stats.Late++
		return
	case b.queue.has(here.seq):
		b.stats.Duplicate++
		return
	}
	b.transits.add(now, now-here.pos, modulo(here.pos-b.playhead, frame))
	if here.end <= b.played || here.seq <= b.queue.last.seq {
		b.tardy(1)
		return
	}
	b.stats.Dropped += b.queue.put(entry{seq: here.seq, pos: here.pos, end: here.end, codec: p.Codec}, p.Payload)
	if ahead > 0 {
		b.newest = here
	}
}

// ahead is by how many packets one lies ahead of the newest of its stream.
func (b *Buffer) ahead(p Packet) int64 { return int64(p.Seq - b.newest.number) }

// near says whether a packet is of the present stream, by its sequence number.
func (b *Buffer) near(p Packet) bool {
	ahead := b.ahead(p)
	return p.Stream == b.stream && -maxLeap <= ahead && ahead <= maxLeap
}

// locate finds a packet's place by that of the newest.
func (b *Buffer) locate(p Packet, ahead int64) place {
	pos := b.newest.pos + int64(int32(p.Timestamp-b.newest.stamp))
	return place{
		number: p.Seq, stamp: p.Timestamp,
		seq: b.newest.seq + ahead, pos: pos, end: pos + int64(len(p.Payload)),
	}
}

// belongs says whether the timestamp of a packet newer than the newest goes by the same clock: it does not overlap
// what came before, and lies near what the clock on the wall says.
func (b *Buffer) belongs(here place, now int64) bool {
	late := now - here.pos - b.transits.lowest
	_, longest := b.bounds()
	return here.pos >= b.newest.end && -longest <= late && late <= maxLate && b.late < latest
}

// begin places the first packet of a stream on the line: after all that is waiting, or to be played next.
func (b *Buffer) begin(p Packet) {
	pos := max(b.playhead, b.queue.end())
	b.stream = p.Stream
	b.first = b.queue.newest + 1
	b.newest = place{number: p.Seq, stamp: p.Timestamp, seq: b.first, pos: pos, end: pos + int64(len(p.Payload))}
	b.transits = transits{}
	b.late = 0
}

// tardy counts packets that came too late.
func (b *Buffer) tardy(packets int) {
	b.stats.Late += uint64(packets)
	b.late += packets
}

// units is an instant on the clock on the wall.
func (b *Buffer) units(at time.Time) int64 { return int64(at.Sub(b.epoch) / unit) }

// bounds are the shortest and the longest delay allowed, in units.
func (b *Buffer) bounds() (shortest, longest int64) {
	least, most := b.Min, b.Max
	if least <= 0 {
		least = defaultMin
	}
	if most <= 0 {
		most = defaultMax
	}
	most = min(max(most, least+2*frame*unit), largestMax)
	least = min(least, most-2*frame*unit)
	return int64(least / unit), int64(most / unit)
}

// modulo is the remainder of a division rounded down.
func modulo(a, n int64) int64 { return (a%n + n) % n }
