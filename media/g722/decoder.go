package g722

import "slices"

// A Decoder decodes one stream of speech. The zero value is ready. After lost bytes it goes on with those that follow;
// what was lost is heard as a disturbance that dies away.
type Decoder struct {
	past      [taps - 2]int16 // sums and differences of the bands before the next
	low, high band
}

// Decode appends the 16-bit samples at 16 kHz of a payload to dst, two for each byte, and returns it. It allocates
// only where dst has no room. Any bytes can be decoded.
func (d *Decoder) Decode(dst []int16, payload []byte) []int16 {
	dst = slices.Grow(dst, 2*len(payload))
	var window [taps - 2 + 2*block]int16
	for len(payload) > 0 {
		codes := payload[:min(block, len(payload))]
		payload = payload[len(codes):]
		copy(window[:], d.past[:])
		for i, code := range codes {
			low, high := d.low.decodeLow(code&0x3F), d.high.decodeHigh(code>>6)
			pair := window[taps-2+2*i:]
			pair[0], pair[1] = int16(low+high), int16(low-high)
		}
		for i := range codes {
			first, second := join((*[taps]int16)(window[2*i:]))
			dst = append(dst, first, second)
		}
		copy(d.past[:], window[2*len(codes):])
	}
	return dst
}
