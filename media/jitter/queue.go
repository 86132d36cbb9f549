package jitter

// A queue holds packets in order of their sequence and their place on the line at once, without overlap. The
// audio lies in a ring of bytes, each at its place on the line modulo the ring's size.
type queue struct {
	ring    [4096]byte // 512 ms
	entries [64]entry  // the first n are waiting
	n       int
	last    entry // the newest that left

	newest int64  // the highest number in the sequence so far
	came   uint64 // which of the 64 numbers up to the newest came; the lowest bit is the newest
}

// An entry is a packet's place on the line.
type entry struct {
	seq      int64
	pos, end int64 // in units
	codec    uint8
}

func (q *queue) waiting() []entry { return q.entries[:q.n] }

// first is the next packet to be played.
func (q *queue) first() (entry, bool) { return q.entries[0], q.n > 0 }

// end is where all that came so far is over.
func (q *queue) end() int64 {
	if q.n == 0 {
		return q.last.end
	}
	return q.entries[q.n-1].end
}

// put adds a packet newer than the last, and says how many had to go: the oldest for want of room, or the packet
// itself where it overlaps a neighbour.
func (q *queue) put(e entry, payload []byte) (dropped uint64) {
	i := q.n
	for i > 0 && q.entries[i-1].seq > e.seq {
		i--
	}
	before, after := q.last, e.end
	if i > 0 {
		before = q.entries[i-1]
	}
	if i < q.n {
		after = q.entries[i].pos
	}
	if e.pos < before.end || e.end > after {
		return 1
	}
	for q.n == len(q.entries) || q.n > 0 && max(q.end(), e.end)-min(q.entries[0].pos, e.pos) > int64(len(q.ring)) {
		dropped++
		if i == 0 {
			return dropped
		}
		q.remove(1)
		i--
	}
	copy(q.entries[i+1:], q.entries[i:q.n])
	q.entries[i] = e
	q.n++
	at := int(uint64(e.pos) % uint64(len(q.ring)))
	copied := copy(q.ring[at:], payload)
	copy(q.ring[:], payload[copied:])
	q.mark(e.seq)
	return dropped
}

// discard removes what ends by a place on the line.
func (q *queue) discard(until int64) (gone int) {
	for gone < q.n && q.entries[gone].end <= until {
		gone++
	}
	q.remove(gone)
	return gone
}

// paused says whether the last number of the sequence that came was of a packet without audio.
func (q *queue) paused() bool { return q.n == 0 && q.newest > q.last.seq }

// remove takes out the first n packets.
func (q *queue) remove(n int) {
	if n > 0 {
		q.last = q.entries[n-1]
		q.n = copy(q.entries[:], q.entries[n:q.n])
	}
}

// read copies the audio from a place on the line on. It is whole if packets of one codec cover all of dst.
func (q *queue) read(dst []byte, pos int64) (codec uint8, whole bool) {
	end := pos + int64(len(dst))
	covered := pos
	for i, e := range q.waiting() {
		if i == 0 {
			codec = e.codec
		}
		if covered >= end || e.pos > covered || e.codec != codec {
			break
		}
		covered = e.end
	}
	at := int(uint64(pos) % uint64(len(q.ring)))
	copied := copy(dst, q.ring[at:])
	copy(dst[copied:], q.ring[:])
	return codec, covered >= end
}

// mark notes that a number of the sequence came.
func (q *queue) mark(seq int64) {
	if ahead := seq - q.newest; ahead > 0 {
		q.came = q.came<<min(ahead, 64) | 1
		q.newest = seq
	} else if ahead > -64 {
		q.came |= 1 << -ahead
	}
}

// has says whether a number of the sequence came, as far as is remembered.
func (q *queue) has(seq int64) bool {
	behind := q.newest - seq
	return 0 <= behind && behind < 64 && q.came>>behind&1 == 1
}

// missing counts the numbers that never came between the last that left and the first that is waiting.
func (q *queue) missing() (n int64) {
	const enough = 1 << 10
	if q.n == 0 {
		return 0
	}
	for seq := max(q.last.seq+1, q.entries[0].seq-enough); seq < q.entries[0].seq; seq++ {
		if !q.has(seq) {
			n++
		}
	}
	return n
}
