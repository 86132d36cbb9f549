package media

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestG711KnowsTheValuesOfTheStandard(t *testing.T) {
	for pcm, want := range map[int16][2]byte{ // A-law, µ-law
		0: {0xD5, 0xFF}, 8: {0xD5, 0xFE}, -8: {0x55, 0x7E}, 1000: {0xFA, 0xCE}, -1000: {0x7A, 0x4E},
		math.MaxInt16: {0xAA, 0x80}, math.MinInt16: {0x2A, 0x00},
	} {
		require.Equal(t, want[0], encodePCMA(pcm), "A-law of %d", pcm)
		require.Equal(t, want[1], encodePCMU(pcm), "µ-law of %d", pcm)
	}
	require.EqualValues(t, 32256, decodePCMA(0xAA))
	require.EqualValues(t, 8, decodePCMA(0xD5))
	require.EqualValues(t, 32124, decodePCMU(0x80))
	require.EqualValues(t, 0, decodePCMU(0xFF))
}

func TestG711IsCloseAndStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sample := rapid.Int16().Draw(t, "sample")
		for _, c := range []Codec{PCMA, PCMU} {
			once := decode711(nil, c, encode711(nil, c, []int16{sample}))[0]
			twice := decode711(nil, c, encode711(nil, c, []int16{once}))[0]
			require.Equal(t, once, twice, "%s", c)
			require.InDelta(t, sample, once, max(8, (math.Abs(float64(sample))+biasPCMU)/32+1), "%s", c)
		}
	})
	require.Equal(t, "PCMA PCMU", PCMA.String()+" "+PCMU.String())
}

func TestTonesAreHeard(t *testing.T) {
	for _, hz := range []float64{350, 440, 1000, 3000} {
		s := Tone(hz, 200*time.Millisecond)
		require.Equal(t, 200*time.Millisecond, s.Duration())
		require.Greater(t, Detect(s.PCM(), hz), 0.99)
		require.Less(t, Detect(s.PCM(), hz+100), 0.01)
		require.InDelta(t, 20*math.Log10(32124)-3.01-13.14, level(s.PCM()), 0.2, "-10 dBm0")
	}
	require.Zero(t, Detect(nil, 440))
	require.Zero(t, Detect(make([]int16, 800), 440))
	require.Less(t, Detect(Silence(time.Second).PCM(), 440), 0.01)
}

func TestRingback(t *testing.T) {
	for country, want := range map[string]struct {
		period time.Duration
		hz     []float64
		on     [][2]int // milliseconds
	}{
		"cn":      {5 * time.Second, []float64{450}, [][2]int{{0, 1000}}},
		"us":      {6 * time.Second, []float64{440, 480}, [][2]int{{0, 2000}}},
		"uk":      {3 * time.Second, []float64{400, 450}, [][2]int{{0, 400}, {600, 1000}}},
		"nowhere": {5 * time.Second, []float64{450}, [][2]int{{0, 1000}}},
	} {
		s := Ringback(country)
		require.Equal(t, want.period, s.Duration(), country)
		pcm := s.PCM()
		for ms := 0; ms < int(want.period.Milliseconds()); ms += 200 {
			on := false
			for _, burst := range want.on {
				on = on || burst[0] <= ms && ms < burst[1]
			}
			piece := pcm[ms*8 : (ms+200)*8]
			share := 0.0
			for _, hz := range want.hz {
				share += Detect(piece, hz)
			}
			require.Equal(t, on, share > 0.9, "%s at %d ms: %g", country, ms, share)
			require.Equal(t, on, level(piece) > 40, "%s at %d ms", country, ms)
		}
	}
}

// wav writes a WAV file with a chunk nobody knows in it.
func wav(encoding, channels uint16, rate uint32, bits uint16, data []byte, size uint32) []byte {
	var b bytes.Buffer
	put := func(values ...any) {
		for _, v := range values {
			_ = binary.Write(&b, binary.LittleEndian, v)
		}
	}
	put([]byte("RIFF"), uint32(0), []byte("WAVE"), []byte("LIST"), uint32(3), []byte("abc\x00"))
	put([]byte("fmt "), uint32(16), encoding, channels, rate, rate*uint32(bits/8), bits/8*channels, bits)
	put([]byte("data"), size, data)
	return b.Bytes()
}

func TestReadWAV(t *testing.T) {
	tone := Tone(600, 100*time.Millisecond)
	var pcm16, pcm8 []byte
	for _, s := range tone.PCM() {
		pcm16 = binary.LittleEndian.AppendUint16(pcm16, uint16(s))
		pcm8 = append(pcm8, byte(int(s)>>8+128))
	}
	for name, file := range map[string][]byte{
		"PCM 16":              wav(1, 1, 8000, 16, pcm16, uint32(len(pcm16))),
		"PCM 8":               wav(1, 1, 8000, 8, pcm8, uint32(len(pcm8))),
		"A-law":               wav(6, 1, 8000, 8, tone.pcma, uint32(len(tone.pcma))),
		"µ-law":               wav(7, 1, 8000, 8, tone.pcmu, uint32(len(tone.pcmu))),
		"to a pipe":           wav(1, 1, 8000, 16, pcm16, 0xFFFFFFFF),
		"more after the data": append(wav(1, 1, 8000, 16, pcm16, uint32(len(pcm16))), "LIST"...),
	} {
		t.Run(name, func(t *testing.T) {
			sound, err := ReadWAV(bytes.NewReader(file))
			require.NoError(t, err)
			require.Equal(t, tone.Duration(), sound.Duration())
			require.Greater(t, Detect(sound.PCM(), 600), 0.98)
			require.InDelta(t, level(tone.PCM()), level(sound.PCM()), 0.5)
		})
	}
}

func TestReadWAVSaysWhatIsWrong(t *testing.T) {
	data := make([]byte, 100)
	good := wav(1, 1, 8000, 16, data, 100)
	for name, c := range map[string]struct {
		file []byte
		says string
	}{
		"empty":          {nil, "cut short"},
		"other file":     {[]byte("ID3 and then music, a lot of it"), "RIFF"},
		"44.1 kHz":       {wav(1, 1, 44100, 16, data, 100), "44100 Hz"},
		"stereo":         {wav(1, 2, 8000, 16, data, 100), "2 channels"},
		"24 bits":        {wav(1, 1, 8000, 24, data, 100), "24 bits"},
		"MP3":            {wav(85, 1, 8000, 0, data, 100), "encoding 85"},
		"cut in head":    {good[:30], "cut short"},
		"cut in data":    {good[:len(good)-10], "90 of 100"},
		"data first":     {append(append([]byte{}, good[:12]...), "data\x00\x00\x00\x00"...), "no format"},
		"endless format": {append(append([]byte{}, good[:12]...), "fmt \xff\xff\xff\xff"...), "format chunk"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadWAV(bytes.NewReader(c.file))
			require.ErrorIs(t, err, ErrBadWAV)
			require.ErrorContains(t, err, c.says)
		})
	}
}
