// Package g722 is the wideband speech codec of ITU-T Recommendation G.722 in mode 1, 64 kbit/s: an [Encoder] and a
// [Decoder] between 16 kHz samples and bytes, bit for bit what the recommendation lays down. A filter bank halves the
// band, and each half is coded as the difference to a prediction (SB-ADPCM), six bits for the lower and two for the higher.
// The package knows no packets; note that RTP counts G.722 in ticks of 8000 a second, one for each byte (RFC 3551 section 4.5.2).
package g722

// block is how many bytes, or pairs of samples, are coded at a go: 20 ms.
const block = 160

// clip is the saturation that all additions of the recommendation have: x within 16 bits.
func clip(x int32) int32 {
	if x == int32(int16(x)) {
		return x
	}
	return x>>31 ^ 0x7FFF
}
