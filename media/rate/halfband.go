package rate

import "math"

// reach is how many samples at 8 kHz a halfband filter of 47 taps at 16 kHz sees. It passes what is below 3.4 kHz and
// stops what is above 4.6 kHz; at 4 kHz it halves. But for the middle one every second tap is zero, so that half
// of the samples at 16 kHz are weighed with 24 taps and the other half are only delayed.
const (
	reach  = 24
	middle = reach / 2
)

// taps are the filter's taps that are not zero, in 1/16384 and from the outermost to the innermost; the other half mirrors
// them. Without their signs they add up to 2.4 times 16384, so that sums of full scale stay within 32 bits.
var taps = func() (table [middle]int32) {
	for i := range table {
		t := float64(i-middle) + 0.5
		table[i] = int32(math.Round((1 << 14) * sinc(t) * kaiser(t/middle)))
	}
	return table
}()

// between is the signal half way between x[11] and x[12], in 1/16384.
func between(x *[reach]int16) int32 {
	return taps[0]*(int32(x[0])+int32(x[23])) +
		taps[1]*(int32(x[1])+int32(x[22])) +
		taps[2]*(int32(x[2])+int32(x[21])) +
		taps[3]*(int32(x[3])+int32(x[20])) +
		taps[4]*(int32(x[4])+int32(x[19])) +
		taps[5]*(int32(x[5])+int32(x[18])) +
		taps[6]*(int32(x[6])+int32(x[17])) +
		taps[7]*(int32(x[7])+int32(x[16])) +
		taps[8]*(int32(x[8])+int32(x[15])) +
		taps[9]*(int32(x[9])+int32(x[14])) +
		taps[10]*(int32(x[10])+int32(x[13])) +
		taps[11]*(int32(x[11])+int32(x[12]))
}

// scaled is sum in 1/2ⁿ as a sample, rounded and clipped.
func scaled(sum int32, n int) int16 {
	return int16(min(max((sum+1<<n>>1)>>n, math.MinInt16), math.MaxInt16))
}
