package media

import "threering/media/dtmf"

// inband reads keys from the audio of a peer that does not send telephone-event. The zero value is ready.
type inband struct {
	decoder  Decoder
	detector dtmf.Detector
	pcm      []int16
}

// take hears a payload, and gives the key whose press was recognised in it, or 0.
func (i *inband) take(c Codec, payload []byte) (key rune) {
	i.pcm = i.decoder.Decode(i.pcm[:0], c, payload)
	for pcm := i.pcm; len(pcm) > 0; pcm = pcm[min(frame, len(pcm)):] {
		if k := i.detector.Take(pcm[:min(frame, len(pcm))]); k != 0 {
			key = k
		}
	}
	return key
}
