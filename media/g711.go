package media

// decode711 appends the 16-bit samples of a G.711 payload, one for each byte, to dst and returns it.
func decode711(dst []int16, c Codec, payload []byte) []int16 {
	table := &fromPCMA
	if c == PCMU {
		table = &fromPCMU
	}
	for _, b := range payload {
		dst = append(dst, table[b])
	}
	return dst
}

// encode711 appends the G.711 bytes of 16-bit samples, one for each sample, to dst and returns it.
func encode711(dst []byte, c Codec, pcm []int16) []byte {
	encode := encodePCMA
	if c == PCMU {
		encode = encodePCMU
	}
	for _, sample := range pcm {
		dst = append(dst, encode(sample))
	}
	return dst
}

// translate711 writes to dst what src says in the other codec of G.711; dst is at least as long as src.
func translate711(dst []byte, to Codec, src []byte) {
	table := &pcmaToPCMU
	if to == PCMA {
		table = &pcmuToPCMA
	}
	for i, b := range src {
		dst[i] = table[b]
	}
}

// Lookup tables, computed once and only read.
var (
	fromPCMA   = table(decodePCMA)
	fromPCMU   = table(decodePCMU)
	pcmaToPCMU = table(func(b byte) byte { return encodePCMU(decodePCMA(b)) })
	pcmuToPCMA = table(func(b byte) byte { return encodePCMA(decodePCMU(b)) })
)

func table[T any](f func(byte) T) (t [256]T) {
	for i := range t {
		t[i] = f(byte(i))
	}
	return t
}

// decodePCMA expands an A-law byte (ITU-T G.711): sign, three bits of segment, four bits within it,
// every other bit inverted.
func decodePCMA(b byte) int16 {
	b ^= 0x55
	segment, step := int(b>>4&7), int(b&15)
	magnitude := step<<4 + 8
	if segment > 0 {
		magnitude = (magnitude + 0x100) << (segment - 1)
	}
	if b&0x80 == 0 {
		return int16(-magnitude)
	}
	return int16(magnitude)
}

func encodePCMA(sample int16) byte {
	const positive, negative = 0xD5, 0x55 // the sign bit, XORed with the inversion
	sign, magnitude := byte(positive), int(sample)
	if sample < 0 {
		sign, magnitude = negative, -magnitude-1
	}
	segment := 0
	for magnitude>>(segment+8) > 0 {
		segment++
	}
	if segment == 0 {
		return sign ^ byte(magnitude>>4)
	}
	return sign ^ byte(segment<<4|magnitude>>(segment+3)&15)
}

// A µ-law byte (ITU-T G.711) is an A-law like one whose segments all double, thanks to a bias that is
// added before and taken off afterwards; all bits are inverted.
const biasPCMU = 0x84

func decodePCMU(b byte) int16 {
	b = ^b
	segment, step := int(b>>4&7), int(b&15)
	magnitude := (step<<3+biasPCMU)<<segment - biasPCMU
	if b&0x80 != 0 {
		return int16(-magnitude)
	}
	return int16(magnitude)
}

func encodePCMU(sample int16) byte {
	const loudest = 32635 // beyond it the bias would overflow the last segment
	sign, magnitude := byte(0), int(sample)
	if sample < 0 {
		sign, magnitude = 0x80, -magnitude
	}
	magnitude = min(magnitude, loudest) + biasPCMU
	segment := 0
	for magnitude>>(segment+8) > 0 {
		segment++
	}
	return ^(sign | byte(segment<<4) | byte(magnitude>>(segment+3)&15))
}
