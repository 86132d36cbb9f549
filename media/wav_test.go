package media

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// wavHead writes the beginning of a WAV file, up to the samples, with a chunk nobody knows in it.
func wavHead(encoding, channels uint16, rate uint32, bits uint16, size uint32) []byte {
	return wavOf(wavFmt(encoding, channels, rate, bits), size)
}

func wavFmt(encoding, channels uint16, rate uint32, bits uint16) []byte {
	block := channels * bits / 8
	return little(encoding, channels, rate, rate*uint32(block), block, bits)
}

func wavOf(format []byte, size uint32) []byte {
	return little([]byte("RIFF"), uint32(0), []byte("WAVE"), []byte("LIST"), uint32(3), []byte("abc\x00"),
		[]byte("fmt "), uint32(len(format)), format, []byte("data"), size)
}

// extensible makes the format chunk of a file an extensible one.
func extensible(format []byte, guid string) []byte {
	long := append(little(uint16(wavExtensible)), format[2:]...)
	bits := format[14:16]
	return append(append(append(long, 22, 0), bits...), append([]byte{4, 0, 0, 0, format[0], format[1]}, guid...)...)
}

func little(values ...any) []byte {
	var b bytes.Buffer
	for _, v := range values {
		_ = binary.Write(&b, binary.LittleEndian, v)
	}
	return b.Bytes()
}

// wav writes a whole file.
func wav(encoding, channels uint16, rate uint32, bits uint16, data []byte) []byte {
	return append(wavHead(encoding, channels, rate, bits, uint32(len(data))), data...)
}

// sine is d of a tone of -13 dBm0 at a rate, as a function of each sample writes it.
func sine(rate uint32, hz float64, d time.Duration, put func(b []byte, x float64) []byte) (data []byte) {
	for i := range int(d.Seconds() * float64(rate)) {
		data = put(data, 0.156*math.Sin(2*math.Pi*hz*float64(i)/float64(rate)))
	}
	return data
}

func put8(b []byte, x float64) []byte { return append(b, byte(math.Floor(x*128)+128)) }

func put16(b []byte, x float64) []byte {
	return binary.LittleEndian.AppendUint16(b, uint16(int16(x*32767)))
}

func put24(b []byte, x float64) []byte {
	return append(b, binary.LittleEndian.AppendUint32(nil, uint32(int32(x*8388607)))[:3]...)
}

func putFloat(b []byte, x float64) []byte {
	return binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(x)))
}

func putPCMA(b []byte, x float64) []byte { return append(b, encodePCMA(int16(x*32767))) }

func putPCMU(b []byte, x float64) []byte { return append(b, encodePCMU(int16(x*32767))) }

// left puts a sample on the left and silence on the right.
func left(put func([]byte, float64) []byte) func([]byte, float64) []byte {
	return func(b []byte, x float64) []byte { return put(put(b, x), 0) }
}

// both puts a sample on both sides.
func both(put func([]byte, float64) []byte) func([]byte, float64) []byte {
	return func(b []byte, x float64) []byte { return put(put(b, x), x) }
}

func TestReadWAV(t *testing.T) {
	const d, hz = 2 * time.Second, 600
	tone := func(rate uint32, put func([]byte, float64) []byte) []byte { return sine(rate, hz, d, put) }
	at8k := tone(8000, put16)
	for name, file := range map[string][]byte{
		"PCM 16":              wav(1, 1, 8000, 16, at8k),
		"PCM 8":               wav(1, 1, 8000, 8, tone(8000, put8)),
		"PCM 24":              wav(1, 1, 8000, 24, tone(8000, put24)),
		"float":               wav(3, 1, 8000, 32, tone(8000, putFloat)),
		"A-law":               wav(6, 1, 8000, 8, tone(8000, putPCMA)),
		"µ-law":               wav(7, 1, 8000, 8, tone(8000, putPCMU)),
		"4 kHz":               wav(1, 1, 4000, 16, tone(4000, put16)),
		"16 kHz":              wav(1, 1, 16000, 16, tone(16000, put16)),
		"22.05 kHz, 8 bits":   wav(1, 1, 22050, 8, tone(22050, put8)),
		"44.1 kHz stereo":     wav(1, 2, 44100, 16, tone(44100, both(put16))),
		"48 kHz stereo, 24":   wav(1, 2, 48000, 24, tone(48000, both(put24))),
		"192 kHz float":       wav(3, 1, 192000, 32, tone(192000, putFloat)),
		"A-law 16 kHz stereo": wav(6, 2, 16000, 8, tone(16000, both(putPCMA))),
		"µ-law stereo":        wav(7, 2, 8000, 8, tone(8000, both(putPCMU))),
		"extensible":          append(wavOf(extensible(wavFmt(1, 1, 48000, 16), wavSubformat), 192000), tone(48000, put16)...),
		"to a pipe":           append(wavHead(1, 1, 8000, 16, 0xFFFFFFFF), at8k...),
		"to a pipe, odd":      append(append(wavHead(1, 1, 8000, 16, 0x7FFFFFFF), at8k...), 7),
		"more after the data": append(wav(1, 1, 8000, 16, at8k), "LIST"...),
	} {
		t.Run(name, func(t *testing.T) {
			sound, err := ReadWAV(iotest.OneByteReader(bytes.NewReader(file)))
			require.NoError(t, err)
			require.Equal(t, d, sound.Duration())
			pcm := sound.PCM()
			require.Greater(t, Detect(pcm, hz), 0.98)
			middle := pcm[SampleRate/2 : SampleRate*3/2]
			require.InDelta(t, 20*math.Log10(0.156*32767)-3.01, level(middle), 0.3)
		})
	}
	t.Run("one side", func(t *testing.T) {
		sound, err := ReadWAV(bytes.NewReader(wav(1, 2, 8000, 16, tone(8000, left(put16)))))
		require.NoError(t, err)
		require.InDelta(t, 20*math.Log10(0.156*32767)-3.01-6.02, level(sound.PCM()), 0.3, "mixed down: half of it")
	})
	t.Run("ready to be sent", func(t *testing.T) {
		data := tone(8000, putPCMA)
		sound, err := ReadWAV(bytes.NewReader(wav(6, 1, 8000, 8, data)))
		require.NoError(t, err)
		require.Equal(t, data, sound.pcma, "not encoded again")
	})
	t.Run("nothing in it", func(t *testing.T) {
		sound, err := ReadWAV(bytes.NewReader(wav(1, 1, 44100, 16, nil)))
		require.NoError(t, err)
		require.Zero(t, sound.Duration())
	})
}

func TestFloatsOutOfRange(t *testing.T) {
	for x, want := range map[float32]int16{
		1: math.MaxInt16, 2: math.MaxInt16, -7: -math.MaxInt16, 0.5: 16384, float32(math.Inf(-1)): -math.MaxInt16,
	} {
		require.Equal(t, want, fromFloat(x), "%g", x)
	}
	require.Zero(t, fromFloat(float32(math.NaN())))
}

func TestReadWAVSaysWhatIsWrong(t *testing.T) {
	data := make([]byte, 100)
	good := wav(1, 1, 8000, 16, data)
	block := wavFmt(1, 1, 8000, 16)
	block[12] = 4
	for name, c := range map[string]struct {
		file []byte
		says string
	}{
		"empty":          {nil, "cut short"},
		"other file":     {[]byte("ID3 and then music, a lot of it"), "RIFF"},
		"3.999 kHz":      {wav(1, 1, 3999, 16, data), "3999 Hz; want 4000 to 192000"},
		"384 kHz":        {wav(1, 1, 384000, 16, data), "384000 Hz"},
		"no channel":     {wav(1, 0, 8000, 16, data), "0 channels"},
		"5.1":            {wav(1, 6, 8000, 16, data), "6 channels"},
		"32 bits":        {wav(1, 1, 8000, 32, data), "encoding 1 with 32 bits"},
		"double":         {wav(3, 1, 8000, 64, data), "encoding 3 with 64 bits"},
		"A-law 16":       {wav(6, 1, 8000, 16, data), "encoding 6 with 16 bits"},
		"MP3":            {wav(85, 1, 8000, 0, data), "encoding 85"},
		"unknown GUID":   {wavOf(extensible(wavFmt(1, 1, 8000, 16), "another format"), 0), "encoding 65534"},
		"blocks":         {wavOf(block, 0), "blocks of 4 bytes"},
		"cut in head":    {good[:30], "cut short"},
		"cut in data":    {good[:len(good)-10], "90 of 100"},
		"cut long data":  {wavHead(1, 1, 8000, 16, 1<<30), "0 of 1073741824"},
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

// zeros never ends.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

func TestReadWAVTakesAnHour(t *testing.T) {
	const hour = 3600 * 4000
	read := func(size uint32, there int64) (*Sound, error) {
		return ReadWAV(io.MultiReader(bytes.NewReader(wavHead(wavPCMA, 1, 8000, 8, size)), io.LimitReader(zeros{}, there)))
	}
	sound, err := read(2*hour, 2*hour)
	require.NoError(t, err)
	require.Equal(t, time.Hour, sound.Duration())
	for _, size := range []uint32{2*hour + 1, 0xFFFFFFFF} {
		_, err = read(size, 1<<40)
		require.ErrorIs(t, err, ErrBadWAV)
		require.ErrorContains(t, err, "longer than 1h0m0s")
	}
}

func TestReadWAVGivesTheErrorOfTheReader(t *testing.T) {
	good := wav(1, 1, 8000, 16, make([]byte, 100))
	for _, cut := range []int{0, 10, 30, 60, 100} {
		_, err := ReadWAV(io.MultiReader(bytes.NewReader(good[:cut]), iotest.ErrReader(io.ErrClosedPipe)))
		require.ErrorIs(t, err, io.ErrClosedPipe)
		require.NotErrorIs(t, err, ErrBadWAV)
	}
}

func TestWhateverIsWrittenAsWAVIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pcm := rapid.SliceOfN(rapid.Int16(), 0, 500).Draw(t, "samples")
		sound, err := ReadWAV(bytes.NewReader(wav(1, 1, 8000, 16, little(pcm))))
		require.NoError(t, err)
		require.Equal(t, NewSound(pcm), sound)
	})
}

func FuzzReadWAV(f *testing.F) {
	data := make([]byte, 240)
	for i := range data {
		data[i] = byte(i * i)
	}
	for _, format := range [][4]uint32{
		{1, 1, 8000, 8}, {1, 2, 8000, 16}, {1, 2, 48000, 24}, {3, 1, 44100, 32}, {6, 1, 8000, 8}, {7, 2, 16000, 8}, {1, 1, 4001, 16},
	} {
		f.Add(wav(uint16(format[0]), uint16(format[1]), format[2], uint16(format[3]), data))
	}
	f.Add(append(wavOf(extensible(wavFmt(1, 1, 11025, 16), wavSubformat), 0xFFFFFFFF), data...))
	f.Fuzz(func(t *testing.T, file []byte) {
		sound, err := ReadWAV(bytes.NewReader(file))
		if err != nil {
			require.ErrorIs(t, err, ErrBadWAV)
			require.Nil(t, sound)
			return
		}
		require.Len(t, sound.pcmu, len(sound.pcma))
		require.LessOrEqual(t, len(sound.pcma), 2*len(file)+1, "4 kHz, doubled, is the most a byte can give")
	})
}
