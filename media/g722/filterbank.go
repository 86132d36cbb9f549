package g722

// taps is the length of the quadrature mirror filters (clause 3.1 and table 11).
const taps = 24

// The first half of the filters' impulse response, in 1/8192; the second half mirrors it.
const (
	h0, h1, h2, h3, h4, h5   = 3, -11, -11, 53, 12, -156
	h6, h7, h8, h9, h10, h11 = 32, 362, -210, -805, 951, 3876
)

// limit keeps a band's sample within 15 bits (LIMIT).
func limit(x int32) int32 { return min(max(x, -16384), 16383) }

// split makes a sample of the lower and one of the higher band of the newest two of 24 samples, oldest first
// (TRANSMIT QMF).
func split(x *[taps]int16) (low, high int32) {
	even, odd := filter(x)
	return limit((odd + even) >> 14), limit((odd - even) >> 14)
}

// join makes two samples of the newest of 12 pairs, oldest first, of the bands' sum and difference
// (RECEIVE QMF).
func join(x *[taps]int16) (first, second int16) {
	even, odd := filter(x)
	return int16(clip(odd >> 11)), int16(clip(even >> 11))
}

// filter weighs the samples at even and at odd places with the two phases of the impulse response.
func filter(x *[taps]int16) (even, odd int32) {
	even = h0*int32(x[0]) + h2*int32(x[2]) + h4*int32(x[4]) + h6*int32(x[6]) +
		h8*int32(x[8]) + h10*int32(x[10]) + h11*int32(x[12]) + h9*int32(x[14]) +
		h7*int32(x[16]) + h5*int32(x[18]) + h3*int32(x[20]) + h1*int32(x[22])
	odd = h1*int32(x[1]) + h3*int32(x[3]) + h5*int32(x[5]) + h7*int32(x[7]) +
		h9*int32(x[9]) + h11*int32(x[11]) + h10*int32(x[13]) + h8*int32(x[15]) +
		h6*int32(x[17]) + h4*int32(x[19]) + h2*int32(x[21]) + h0*int32(x[23])
	return even, odd
}
