package media

import (
	"threering/media/g722"
	"threering/media/rate"
)

// A Codec is one that a port speaks; its value is the static RTP payload type (RFC 3551 section 6). All of them take
// a byte for each tick of their RTP clock of 8000 a second, G.722 too, though it carries 16000 samples.
type Codec uint8

// The codecs.
const (
	PCMU Codec = 0 // G.711 µ-law
	PCMA Codec = 8 // G.711 A-law
	G722 Codec = 9 // wideband
)

// codecs is what ports speak, in the order in which an offer names them.
var codecs = [...]Codec{PCMA, PCMU, G722}

// String gives the encoding name of RFC 3551.
func (c Codec) String() string {
	switch c {
	case PCMU:
		return "PCMU"
	case G722:
		return "G722"
	}
	return "PCMA"
}

// rate is the codec's sampling rate.
func (c Codec) rate() int {
	if c == G722 {
		return 2 * SampleRate
	}
	return SampleRate
}

// is711 says whether the codec is one of G.711's two, which are translated byte by byte.
func (c Codec) is711() bool { return c != G722 }

// silence is what encodes a sample of zero in G.711.
func (c Codec) silence() byte {
	if c == PCMU {
		return 0xFF
	}
	return 0xD5
}

// A Decoder turns the payloads of one stream into samples at 8 kHz, whatever their codec. The zero value is ready.
// It allocates only until it has seen the longest payload.
type Decoder struct {
	wide g722.Decoder
	down rate.Down
	pcm  []int16 // at 16 kHz
}

// Decode appends the samples of a payload, one for each byte, to dst and returns it.
func (d *Decoder) Decode(dst []int16, c Codec, payload []byte) []int16 {
	if c.is711() {
		return decode711(dst, c, payload)
	}
	d.pcm = d.wide.Decode(d.pcm[:0], payload)
	return d.down.Take(dst, d.pcm)
}

// An Encoder turns samples of one stream into payloads of any codec. The zero value is ready. It allocates only until it
// has seen the longest frame.
type Encoder struct {
	wide g722.Encoder
	fit  fitter
}

// Encode appends the payload of samples, taken at a rate of 8000 or 16000 a second, to dst and returns it.
func (e *Encoder) Encode(dst []byte, c Codec, pcm []int16, rate int) []byte {
	pcm = e.fit.take(pcm, rate, c.rate())
	if c.is711() {
		return encode711(dst, c, pcm)
	}
	return e.wide.Encode(dst, pcm)
}
