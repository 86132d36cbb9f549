package rate

import "slices"

// A Down takes one stream from 16 to 8 kHz. The zero value is ready. It delays by 22 samples at 16 kHz, 1.38 ms.
type Down struct {
	even, odd [reach - 1]int16 // the first and the second of each past pair of samples
	left      int16            // one that waits for its fellow
	waiting   bool             // whether there is one
}

// Take appends a sample at 8 kHz to dst for each two of pcm at 16 kHz, and returns it. A sample that is left over is
// taken with the next call's. It allocates only where dst has no room; dst and pcm must not overlap.
func (d *Down) Take(dst, pcm []int16) []int16 {
	if d.waiting && len(pcm) > 0 {
		dst = d.pairs(dst, []int16{d.left, pcm[0]})
		pcm, d.waiting = pcm[1:], false
	}
	if n := len(pcm); n%2 == 1 {
		d.left, d.waiting = pcm[n-1], true
	}
	return d.pairs(dst, pcm[:len(pcm)/2*2])
}

// pairs is Take for an even number of samples.
func (d *Down) pairs(dst, pcm []int16) []int16 {
	dst = slices.Grow(dst, len(pcm)/2)
	var even, odd [reach - 1 + block]int16
	for len(pcm) > 0 {
		copy(even[:], d.even[:])
		copy(odd[:], d.odd[:])
		n := min(len(pcm)/2, block)
		for i := range n {
			even[reach-1+i], odd[reach-1+i] = pcm[2*i], pcm[2*i+1]
		}
		pcm = pcm[2*n:]
		for at := range n {
			sum := between((*[reach]int16)(odd[at:])) + int32(even[at+middle])<<14
			dst = append(dst, scaled(sum, 15))
		}
		copy(d.even[:], even[n:])
		copy(d.odd[:], odd[n:])
	}
	return dst
}
