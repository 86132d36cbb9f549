package g722

import "math"

// The steps of the quantizers and where they end (clause 6.2.1.3, SCALEL and SCALEH; a scale of 2048 is an octave).
const (
	maxScaleLow   = 18432
	maxScaleHigh  = 22528
	lowAboveHigh  = 64 // how many entries of steps the lower band is ahead: two octaves
	highestLevel  = 2919
	highThreshold = 564
)

// steps are the quantizer's steps by scale, 32 an octave. (The recommendation's table ILA holds a quarter of each.)
var steps = func() (table [maxScaleHigh>>6 + 1]int32) {
	for i := range table {
		mantissa := int32(math.Round(2048 * math.Exp2(float64(i%32)/32)))
		table[i] = mantissa << 1 >> (11 - i/32) << 2
	}
	return table
}()

func (b *band) stepLow() int32  { return steps[b.scale>>6+lowAboveHigh] }
func (b *band) stepHigh() int32 { return steps[b.scale>>6] }

// levels are the decision levels of the lower band's six-bit quantizer in 1/4096 of the step (table 14, Q6):
// level i parts interval i from the next, counted from 1.
var levels = [...]int32{
	0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650,
	714, 786, 858, 940, 1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, highestLevel,
}

// codesLow are the codes of the lower band by sign and by difference in 1/4096 of the step (tables ILP and ILN).
var codesLow = func() (table [2][highestLevel + 1]byte) {
	interval := 0
	for ratio := range table[0] {
		if interval < len(levels) && int32(ratio) == levels[interval] {
			interval++
		}
		table[0][ratio] = byte(62 - interval)
		table[1][ratio] = byte(34 - interval)
		if interval <= 2 {
			table[1][ratio] = byte(64 - interval)
		}
	}
	return table
}()

// quantizeLow gives the six-bit code of a difference (QUANTL). A difference reaches a level where
// |difference| ≥ ⌊level · step / 4096⌋, which is to say level ≤ ratio.
func quantizeLow(diff, step int32) byte {
	sign := diff >> 31
	ratio := uint32((diff^sign+1)<<12-1) / uint32(step)
	return codesLow[-sign&1][min(ratio, highestLevel)]
}

// quantizeHigh gives the two-bit code of a difference (QUANTH).
func quantizeHigh(diff, step int32) byte {
	sign := diff >> 31
	code := byte(3 + sign<<1) // 3 and 1 are the inner intervals, 2 and 0 the outer ones
	if diff^sign >= highThreshold*step>>12 {
		code--
	}
	return code
}

// What a code stands for, in 1/32768 of the step, and what it does to the scale (clause 6.2.1.2 and 6.2.1.3).
var (
	// sixBits is table QM6. The codes 0 to 3 are never sent.
	sixBits = [64]int32{
		-136, -136, -136, -136, -24808, -21904, -19008, -16704,
		-14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856,
		-7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576,
		-3168, -2776, -2400, -2032, -1688, -1360, -1040, -728,
		24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192,
		10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456,
		4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032,
		1688, 1360, 1040, 728, 432, 136, -432, -136,
	}
	// fourBits is table QM4.
	fourBits = [16]int32{
		0, -20456, -12896, -8968, -6288, -4240, -2584, -1200,
		20456, 12896, 8968, 6288, 4240, 2584, 1200, 0,
	}
	// twoBits is table QM2.
	twoBits = [4]int32{-7408, -1616, 7408, 1616}
	// weightsLow is table WL, by the four bits of a code (table RL42).
	weightsLow = [16]int32{-60, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60}
	// weightsHigh is table WH, by the two bits of a code (table RH2).
	weightsHigh = [4]int32{798, -214, 798, -214}
)
