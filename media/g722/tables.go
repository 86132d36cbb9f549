package g722

import "math"

// The numbers of table 14: where the intervals of the quantizers begin, what each stands for, both in 1/4096 of the
// step, and what it does to the scale. Intervals are counted outwards, and are the same on both sides of zero.
var (
	levels = [...]int32{ // Q6
		0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650,
		714, 786, 858, 940, 1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919,
	}
	outputs6 = [...]int32{ // QQ6
		17, 54, 91, 130, 170, 211, 254, 300, 347, 396, 447, 501, 558, 618, 682,
		750, 822, 899, 982, 1072, 1170, 1279, 1399, 1535, 1689, 1873, 2088, 2376, 2738, 3101,
	}
	outputs4 = [...]int32{0, 150, 323, 530, 786, 1121, 1612, 2557} // QQ4
	outputs2 = [...]int32{202, 926}                                // QQ2
	changes4 = [...]int32{-60, -30, 58, 172, 334, 538, 1198, 3042} // WL
	changes2 = [...]int32{-214, 798}                               // WH
)

const (
	level2       = 564 // Q2, the one decision level of the higher band
	maxScaleLow  = 18432
	maxScaleHigh = 22528
)

// A meaning is what a code stands for in 1/4096 of the step, and what it does to the scale.
type meaning struct{ output, change int32 }

// What the codes mean. meanings4 is of the upper four bits of the lower band's codes.
var (
	meanings6 = func() (table [64]int32) {
		for code := range table[:4] { // the codes that no coder sends stand for the least
			table[code] = -outputs6[0]
		}
		for i, output := range outputs6 {
			table[codeLow(i+1, 0)] = output
			table[codeLow(i+1, 1)] = -output
		}
		return table
	}()
	meanings4 = func() (table [16]meaning) { // table 17
		for i, output := range outputs4 {
			table[15-i] = meaning{output, changes4[i]}
			table[(8-i)%8] = meaning{-output, changes4[i]}
		}
		return table
	}()
	meanings2 = func() (table [4]meaning) { // table 20
		for i, output := range outputs2 {
			table[3-i] = meaning{output, changes2[i]}
			table[1-i] = meaning{-output, changes2[i]}
		}
		return table
	}()
)

// codeLow is the code of an interval of the lower band (table 16). negative is 1 for one below zero, else 0.
func codeLow(interval, negative int) byte {
	switch {
	case negative == 0:
		return byte(62 - interval)
	case interval <= 2:
		return byte(64 - interval)
	default:
		return byte(34 - interval)
	}
}

// codesLow are the codes of the lower band by sign and by difference in 1/4096 of the step, up to the last level.
var codesLow = func() (table [2][2920]byte) {
	for negative := range table {
		interval := 0
		for ratio := range table[negative] {
			if interval < len(levels) && int32(ratio) == levels[interval] {
				interval++
			}
			table[negative][ratio] = codeLow(interval, negative)
		}
	}
	return table
}()

// steps are the quantizer's steps by scale, 32 an octave. (Table 15 has the mantissa as ILB, and a quarter of each step as ILA.)
var steps = func() (table [maxScaleHigh>>6 + 1]int32) {
	for i := range table {
		mantissa := int32(math.Round(2048 * math.Exp2(float64(i%32)/32)))
		table[i] = mantissa << 1 >> (11 - i/32) << 2
	}
	return table
}()
