package g722

// A band codes one half of the spectrum: what it keeps adapts to the signal in the same way on both sides.
// The names in brackets are the recommendation's, with L for the lower and H for the higher band.
type band struct {
	scale     int32    // logarithm of the quantizer's step, 2048 an octave (NB)
	poles     [2]int32 // coefficients of the predictor's poles, in 1/16384 (A)
	zeros     [6]int32 // coefficients of the predictor's zeros, in 1/16384 (B)
	rebuilt   [2]int32 // samples as the decoder has them, newest first, doubled (R)
	partly    [2]int32 // the same without what the poles gave (P)
	diffs     [6]int32 // quantized differences, newest first (D)
	fromZeros int32    // what the zeros give to the prediction (SZ)
	predicted int32    // of the next sample (S)
}

// adapt takes in what a code means that was quantized with step (blocks 2 to 4). The scale leaks and goes up or down with
// the code; the predictor moves on by the quantized difference. Only sums that can leave 16 bits are clipped.
func (b *band) adapt(m meaning, step, maxScale int32) {
	b.scale = min(max(b.scale*127>>7+m.change, 0), maxScale) // LOGSC
	diff := step * m.output >> 12                            // INVQA
	rebuilt := clip(2 * (b.predicted + diff))                // RECONS
	b.movePoles(diff + b.fromZeros)                          // PARREC
	b.moveZeros(diff)
	fromPoles := clip(b.poles[0]*rebuilt>>15 + b.poles[1]*b.rebuilt[0]>>15) // FILTEP
	b.rebuilt = [2]int32{rebuilt, b.rebuilt[0]}
	b.predicted = clip(fromPoles + b.fromZeros) // PREDIC
}

// movePoles turns the coefficients of the poles by the signs of the partly rebuilt signal (UPPOL2, UPPOL1).
// (x ^ s - s is x where s is 0, and -x where it is -1.)
func (b *band) movePoles(partly int32) {
	other := (partly ^ b.partly[0]) >> 31      // -1 where the sign has changed, else 0
	otherLast := (partly ^ b.partly[1]) >> 31  // the same against the one before
	lean := -min(max(b.poles[0], -8191), 8191) // four times that fits 16 bits
	second := (lean^other-other)>>5 + (128 ^ otherLast - otherLast) + b.poles[1]*127>>7
	second = min(max(second, -12288), 12288)
	first := 192 ^ other - other + b.poles[0]*255>>8
	bound := 15360 - second
	b.poles = [2]int32{min(max(first, -bound), bound), second}
	b.partly = [2]int32{partly, b.partly[0]}
}

// moveZeros turns the coefficients of the zeros by the signs of the differences, and weighs these (UPZERO, FILTEZ).
func (b *band) moveZeros(diff int32) {
	turn := diff>>31<<8 + 128 // 128 with the sign of diff
	if diff == 0 {
		turn = 0
	}
	sum := b.moveZero(5, turn, b.diffs[4], 0)
	sum = b.moveZero(4, turn, b.diffs[3], sum)
	sum = b.moveZero(3, turn, b.diffs[2], sum)
	sum = b.moveZero(2, turn, b.diffs[1], sum)
	sum = b.moveZero(1, turn, b.diffs[0], sum)
	b.fromZeros = b.moveZero(0, turn, diff, sum)
}

// moveZero turns a coefficient by its difference's sign, puts the next difference in place, and adds what it gives to sum.
// A coefficient leaks by 1/256 before it is turned by 128 at most, so that it stays within 16 bits.
func (b *band) moveZero(i int, turn, next, sum int32) int32 {
	down := b.diffs[i] >> 31 // -1 or 0
	zero := b.zeros[i]*255>>8 + (turn ^ down - down)
	b.zeros[i], b.diffs[i] = zero, next
	return clip(sum + zero*next>>14)
}
