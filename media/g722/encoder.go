package g722

import "slices"

// An Encoder codes one stream of speech. The zero value is ready.
type Encoder struct {
	past      [taps - 2]int16 // the samples before the next two
	odd       [1]int16        // a sample that waits for its fellow
	waiting   int             // how many of them there are
	low, high band
}

// Encode appends the bytes of 16-bit samples at 16 kHz to dst, one for each two samples, and returns it. A sample that
// is left over is taken with the next call's. It allocates only where dst has no room.
func (e *Encoder) Encode(dst []byte, pcm []int16) []byte {
	dst = slices.Grow(dst, (e.waiting+len(pcm))/2)
	var window [taps - 2 + 2*block]int16
	for len(pcm) > 0 {
		copy(window[:], e.past[:])
		n := taps - 2 + copy(window[taps-2:], e.odd[:e.waiting])
		took := copy(window[n:], pcm)
		pcm, n = pcm[took:], n+took
		for at := 0; at+taps <= n; at += 2 {
			low, high := split((*[taps]int16)(window[at:]))
			dst = append(dst, e.high.encodeHigh(high)<<6|e.low.encodeLow(low))
		}
		e.waiting = copy(e.odd[:], window[n-n%2:n])
		copy(e.past[:], window[n-n%2-len(e.past):])
	}
	return dst
}
