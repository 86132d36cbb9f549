package media

import (
	"time"

	"threering/media/conceal"
	"threering/media/g722"
	"threering/media/jitter"
)

// hushed is the mean square of a frame so soft that one more or less of its kind is not heard: about -50 dBm0.
const hushed = 100 * 100

// A voice is what a port receives as frames of samples on the 20 ms grid, for those who cannot be sent its packets as they
// are: through a jitter buffer, a decoder, and concealment of what was lost. Its owner locks.
type voice struct {
	buffer  jitter.Buffer
	decoder g722.Decoder
	codec   Codec // of the last frame
	narrow  conceal.Concealer
	wide    conceal.Concealer
	samples [2 * frame]int16
}

func newVoice() *voice {
	return &voice{codec: PCMA, wide: conceal.Concealer{Rate: G722.rate()}}
}

// put takes in a received packet.
func (v *voice) put(pkt *packet) {
	p := jitter.Packet{Seq: pkt.seq, Timestamp: pkt.timestamp, Stream: pkt.stream.number}
	if pkt.isAudio() {
		p.Codec, p.Payload = uint8(pkt.kind.codec()), pkt.payload
	}
	v.buffer.Put(pkt.at, p)
}

// frame gives the samples that are due at an instant of the grid, at the rate of their codec, valid until the next call; none
// while the peer says nothing.
func (v *voice) frame(at time.Time) (pcm []int16, rate int) {
	f := v.buffer.Next(at)
	switch f.State {
	case jitter.Silent:
		return nil, 0
	case jitter.Played:
		v.codec = Codec(f.Codec)
		pcm = v.decode(f.Payload)
		if f.Cut { // glide over the seam
			var scratch [2 * frame]int16
			v.concealer().Lost(scratch[:len(pcm)])
		}
		v.concealer().Good(pcm)
		v.buffer.Quiet(meanSquare(pcm) < hushed)
	case jitter.Lost:
		pcm = v.samples[:v.codec.rate()/50]
		v.concealer().Lost(pcm)
	}
	return pcm, v.codec.rate()
}

func (v *voice) decode(payload []byte) []int16 {
	if v.codec.is711() {
		return decode711(v.samples[:0], v.codec, payload)
	}
	return v.decoder.Decode(v.samples[:0], payload)
}

func (v *voice) concealer() *conceal.Concealer {
	if v.codec.is711() {
		return &v.narrow
	}
	return &v.wide
}

func meanSquare(pcm []int16) int {
	sum := 0
	for _, s := range pcm {
		sum += int(s) * int(s)
	}
	return sum / max(len(pcm), 1)
}
