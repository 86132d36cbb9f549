package g722

// A Meter measures how loud a stream of speech is, by its lower band alone, at a third of what decoding it costs. The zero
// value is ready.
type Meter struct{ low band }

// MeanSquare is that of a payload's samples up to 4 kHz; 0 for none.
func (m *Meter) MeanSquare(payload []byte) float64 {
	if len(payload) == 0 {
		return 0
	}
	sum := 0
	for _, code := range payload {
		sample := 2 * int(m.low.decodeLow(code&0x3F)) // a band has a bit less
		sum += sample * sample
	}
	return float64(sum) / float64(len(payload))
}
