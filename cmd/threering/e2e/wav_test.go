package e2e

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"threering/media"
)

const rate = 8000

// samples takes a 16-bit PCM WAV apart into its channels. Of one at 16 kHz it gives every other sample, which is enough for
// tones below 4 kHz.
func samples(t *testing.T, wav []byte) [][]int16 {
	t.Helper()
	require.Greater(t, len(wav), 44, "no WAV")
	require.Equal(t, "RIFF", string(wav[:4]))
	require.Equal(t, "WAVE", string(wav[8:12]))
	channels, bits, step := 0, 0, 1
	for at := 12; at+8 <= len(wav); {
		id, size := string(wav[at:at+4]), int(binary.LittleEndian.Uint32(wav[at+4:]))
		body := wav[at+8 : min(at+8+size, len(wav))]
		switch id {
		case "fmt ":
			channels = int(binary.LittleEndian.Uint16(body[2:]))
			step = int(binary.LittleEndian.Uint32(body[4:])) / rate
			require.Contains(t, []int{1, 2}, step)
			bits = int(binary.LittleEndian.Uint16(body[14:]))
		case "data":
			require.Equal(t, 16, bits)
			split := make([][]int16, channels)
			for i := 0; i+2*channels <= len(body); i += 2 * channels * step {
				for ch := range split {
					split[ch] = append(split[ch], int16(binary.LittleEndian.Uint16(body[i+2*ch:])))
				}
			}
			return split
		}
		at += 8 + size + size%2
	}
	t.Fatal("no data in the WAV")
	return nil
}

// seconds tells for how long a tone is what is heard, in tenths of a second. It looks at a frame at a time, since a recording
// follows a telephone's clock by a sample from one to the next.
func seconds(pcm []int16, hz float64) float64 {
	const frames, frame = 5, rate / 50
	n := 0
	for part := range slices.Chunk(pcm, frames*frame) {
		share := 0.0
		for one := range slices.Chunk(part, frame) {
			share += media.Detect(one, hz) / frames
		}
		if len(part) == frames*frame && share > 0.8 {
			n++
		}
	}
	return float64(n) / 10
}

// secondsOfBoth counts how long two tones sound at once, in tenths of a second.
func secondsOfBoth(pcm []int16, one, other float64) float64 {
	n := 0
	for part := range slices.Chunk(pcm, rate/10) {
		if len(part) == rate/10 && media.Detect(part, one) > 0.2 && media.Detect(part, other) > 0.2 {
			n++
		}
	}
	return float64(n) / 10
}

// tone is a second of a tone.
func tone(hz float64) []int16 {
	pcm := make([]int16, rate)
	for i := range pcm {
		pcm[i] = int16(8000 * math.Sin(2*math.Pi*hz*float64(i)/rate))
	}
	return pcm
}

// toneWAV writes a minute of a tone where baresip can play it from; at its end baresip hangs up.
func toneWAV(t *testing.T, hz float64) string {
	t.Helper()
	const lasts = 60
	data := make([]byte, 44, 44+lasts*2*rate)
	for range lasts {
		for _, s := range tone(hz) {
			data = binary.LittleEndian.AppendUint16(data, uint16(s))
		}
	}
	copy(data, "RIFF")
	binary.LittleEndian.PutUint32(data[4:], uint32(len(data)-8))
	copy(data[8:], "WAVEfmt ")
	for i, v := range []uint32{16, 1 | 1<<16, rate, 2 * rate, 2 | 16<<16} {
		binary.LittleEndian.PutUint32(data[16+4*i:], v)
	}
	copy(data[36:], "data")
	binary.LittleEndian.PutUint32(data[40:], uint32(len(data)-44))
	return write(t, "tone.wav", data)
}

// toneALaw writes a tone as SIPp sends it.
func toneALaw(t *testing.T, hz float64) string {
	t.Helper()
	return writeALaw(t, "tone.alaw", slices.Repeat(tone(hz), 5))
}

// keyALaw writes the press of a key by its two tones (ITU-T Q.23), 100 ms long, and as much silence before and after.
func keyALaw(t *testing.T, low, high float64) string {
	t.Helper()
	pcm := make([]int16, 3*rate/10)
	press, other := pcm[rate/10:2*rate/10], tone(high)
	copy(press, tone(low))
	for i := range press {
		press[i] += other[i]
	}
	return writeALaw(t, "key.alaw", pcm)
}

// writeALaw writes samples where SIPp can send them from.
func writeALaw(t *testing.T, name string, pcm []int16) string {
	t.Helper()
	data := make([]byte, len(pcm))
	for i, s := range pcm {
		data[i] = aLaw(s)
	}
	return write(t, name, data)
}

// aLaw is G.711's table turned into arithmetic (ITU-T G.711, table 1a), apart from the code under test.
func aLaw(s int16) byte {
	sign, v := byte(0xD5), int(s)
	if v < 0 {
		sign, v = 0x55, -v-1
	}
	v = min(v>>4, 0x7FF)
	if v < 32 {
		return byte(v>>1) ^ sign
	}
	exp := 0
	for x := v; x >= 64; x >>= 1 {
		exp++
	}
	exp++
	return byte(exp<<4|(v>>exp)&0x0F) ^ sign
}

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}
