package rate

import "slices"

// An Up takes one stream from 8 to 16 kHz. The zero value is ready. It delays by 23 samples at 16 kHz, 1.44 ms.
type Up struct {
	past [reach - 1]int16
}

// Take appends two samples at 16 kHz to dst for each one of pcm at 8 kHz, and returns it. It allocates only where dst
// has no room; dst and pcm must not overlap.
func (u *Up) Take(dst, pcm []int16) []int16 {
	dst = slices.Grow(dst, 2*len(pcm))
	var window [reach - 1 + block]int16
	for len(pcm) > 0 {
		copy(window[:], u.past[:])
		n := copy(window[reach-1:], pcm)
		pcm = pcm[n:]
		for at := range n {
			x := (*[reach]int16)(window[at:])
			dst = append(dst, scaled(between(x), 14), x[middle])
		}
		copy(u.past[:], window[n:])
	}
	return dst
}
