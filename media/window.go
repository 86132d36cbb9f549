package media

import "threering/media/quality"

// A window follows the last 64 packets of a stream by their sequence numbers: which came, which came again, and, once
// they are too old to come any more, how the losses among them cluster.
type window struct {
	seen       uint64 // bit n: the packet n before the newest came
	size       int    // how many packets of the stream the window reaches over
	duplicates uint64
	outOfOrder uint64
	bursts     quality.Bursts
}

// begin starts a new stream with its first packet.
func (w *window) begin() {
	w.close()
	w.seen, w.size = 1, 1
}

// advance takes in a packet that is n newer than the newest so far.
func (w *window) advance(n int64) {
	for range min(n, maxDropout) {
		if w.size == 64 {
			w.bursts.Take(w.seen>>63 == 1)
		} else {
			w.size++
		}
		w.seen <<= 1
	}
	w.seen |= 1
}

// fill takes in a packet that lies n behind the newest, and says whether it is one that has not come before. Of one
// beyond the window nobody knows any more.
func (w *window) fill(n int64) (fresh bool) {
	if n >= 64 {
		w.outOfOrder++
		return true
	}
	bit := uint64(1) << n
	if w.seen&bit != 0 {
		w.duplicates++
		return false
	}
	w.seen |= bit
	w.size = max(w.size, int(n)+1)
	w.outOfOrder++
	return true
}

// close settles what is still in the window: nothing more comes of this stream.
func (w *window) close() {
	w.settle(&w.bursts)
	w.size = 0
}

// settle tells what of the window has come, the oldest first.
func (w *window) settle(b *quality.Bursts) {
	for n := w.size - 1; n >= 0; n-- {
		b.Take(w.seen>>n&1 == 1)
	}
}

// losses sums up how losses cluster, those of the present window too.
func (w *window) losses() quality.Bursts {
	b := w.bursts
	w.settle(&b)
	return b
}
