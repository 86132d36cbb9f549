package g722

// stepLow and stepHigh are the quantizers' steps at the band's scale (SCALEL, SCALEH); the lower band's is two octaves up.
func (b *band) stepLow() int32  { return steps[b.scale>>6+64] }
func (b *band) stepHigh() int32 { return steps[b.scale>>6] }

// quantizeLow gives the six-bit code of a difference (QUANTL). A difference reaches a level where
// |difference| ≥ ⌊level · step / 4096⌋, which is to say level ≤ ratio.
func quantizeLow(diff, step int32) byte {
	sign := diff >> 31 // -1 or 0; below zero the magnitude is one less
	ratio := uint32((diff^sign+1)<<12-1) / uint32(step)
	codes := &codesLow[-sign&1]
	return codes[min(ratio, uint32(len(codes))-1)]
}

// quantizeHigh gives the two-bit code of a difference (QUANTH).
func quantizeHigh(diff, step int32) byte {
	sign := diff >> 31
	code := byte(3 + sign<<1) // 3 and 1 are the inner intervals, 2 and 0 the outer ones
	if diff^sign >= level2*step>>12 {
		code--
	}
	return code
}

// encodeLow codes a sample of the lower band in six bits (blocks 1L to 4L).
func (b *band) encodeLow(sample int32) byte {
	step := b.stepLow()
	code := quantizeLow(clip(sample-b.predicted), step)
	b.adapt(meanings4[code>>2&15], step, maxScaleLow)
	return code
}

// encodeHigh codes a sample of the higher band in two bits (blocks 1H to 4H).
func (b *band) encodeHigh(sample int32) byte {
	step := b.stepHigh()
	code := quantizeHigh(clip(sample-b.predicted), step)
	b.adapt(meanings2[code&3], step, maxScaleHigh)
	return code
}

// decodeLow decodes a sample of the lower band (blocks 2L to 6L). It is heard with all six bits of the code (INVQBL),
// and predicted from with the upper four (INVQAL), which all modes have.
func (b *band) decodeLow(code byte) int32 {
	step := b.stepLow()
	sample := b.predicted + step*meanings6[code&63]>>12
	b.adapt(meanings4[code>>2&15], step, maxScaleLow)
	return limit(sample)
}

// decodeHigh decodes a sample of the higher band (blocks 2H to 5H).
func (b *band) decodeHigh(code byte) int32 {
	step, m := b.stepHigh(), meanings2[code&3]
	sample := b.predicted + step*m.output>>12
	b.adapt(m, step, maxScaleHigh)
	return limit(sample)
}
