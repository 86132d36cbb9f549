package recording

import (
	"encoding/binary"
	"math"
	"time"

	"threering/media"
)

const (
	channels   = 2
	frameSize  = channels * 2 // bytes of one sample of both sides
	headerSize = 44
)

// wavHeader is the head of a WAV file (RIFF, 16-bit PCM, stereo, 8 kHz) that
// holds that many frames. Beyond 4 GiB, 37 hours, it names the greatest length
// there is.
func wavHeader(frames int64) []byte {
	size := uint32(min(frames*frameSize, math.MaxUint32-headerSize))
	h := make([]byte, 0, headerSize)
	h = append(h, "RIFF"...)
	h = binary.LittleEndian.AppendUint32(h, headerSize-8+size)
	h = append(h, "WAVEfmt "...)
	h = binary.LittleEndian.AppendUint32(h, 16)
	h = binary.LittleEndian.AppendUint16(h, 1) // PCM
	h = binary.LittleEndian.AppendUint16(h, channels)
	h = binary.LittleEndian.AppendUint32(h, media.SampleRate)
	h = binary.LittleEndian.AppendUint32(h, media.SampleRate*frameSize)
	h = binary.LittleEndian.AppendUint16(h, frameSize)
	h = binary.LittleEndian.AppendUint16(h, 16) // bits a sample
	h = append(h, "data"...)
	return binary.LittleEndian.AppendUint32(h, size)
}

// fileSize is the size in bytes of a file with that many frames.
func fileSize(frames int64) int64 { return headerSize + frames*frameSize }

// frames is how many whole frames a file of size bytes holds.
func frames(size int64) int64 { return max(0, size-headerSize) / frameSize }

// length is how long it takes to play that many frames.
func length(frames int64) time.Duration {
	return time.Duration(frames) * (time.Second / media.SampleRate)
}

// samples is how many samples d lasts.
func samples(d time.Duration) int64 { return int64(d / (time.Second / media.SampleRate)) }
