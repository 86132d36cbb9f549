package media

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrBadWAV says that a WAV file cannot be read or is not of a kind that is taken.
var ErrBadWAV = errors.New("bad WAV file")

// Encodings of a WAV file (RFC 2361).
const (
	wavPCM        = 1
	wavPCMA       = 6
	wavPCMU       = 7
	wavExtensible = 0xFFFE
)

// wavEndless is the least data size that stands for "until the end": a program that writes to a pipe cannot know it.
const wavEndless = 0x7FFF0000

// wavFormat is what a "fmt " chunk says.
type wavFormat struct {
	Encoding, Channels uint16
	Rate, _            uint32
	_, Bits            uint16
}

// ReadWAV reads a sound from a WAV file: 8 kHz, mono, 16-bit or 8-bit PCM, A-law or µ-law. The error is ErrBadWAV
// with what was found instead, or the reader's own.
func ReadWAV(r io.Reader) (*Sound, error) {
	sound, err := readWAV(r)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("%w: cut short", ErrBadWAV)
	}
	if err != nil {
		return nil, fmt.Errorf("reading a sound: %w", err)
	}
	return sound, nil
}

func readWAV(r io.Reader) (*Sound, error) {
	var head struct {
		RIFF [4]byte
		_    uint32
		WAVE [4]byte
	}
	if err := binary.Read(r, binary.LittleEndian, &head); err != nil {
		return nil, err
	}
	if string(head.RIFF[:]) != "RIFF" || string(head.WAVE[:]) != "WAVE" {
		return nil, fmt.Errorf("%w: it does not begin with RIFF … WAVE", ErrBadWAV)
	}
	var format *wavFormat
	for {
		var chunk struct {
			ID   [4]byte
			Size uint32
		}
		if err := binary.Read(r, binary.LittleEndian, &chunk); err != nil {
			return nil, err
		}
		switch string(chunk.ID[:]) {
		case "fmt ":
			var err error
			if format, err = readWAVFormat(r, chunk.Size); err != nil {
				return nil, err
			}
		case "data":
			return readWAVData(r, chunk.Size, format)
		default:
			if _, err := io.CopyN(io.Discard, r, padded(chunk.Size)); err != nil {
				return nil, err
			}
		}
	}
}

// padded is the size of a chunk with the byte that makes it even.
func padded(size uint32) int64 { return int64(size) + int64(size&1) }

func readWAVFormat(r io.Reader, size uint32) (*wavFormat, error) {
	const plain, extensible, most = 16, 26, 1 << 10
	if size < plain || size > most {
		return nil, fmt.Errorf("%w: format chunk of %d bytes", ErrBadWAV, size)
	}
	chunk := make([]byte, padded(size))
	if _, err := io.ReadFull(r, chunk); err != nil {
		return nil, err
	}
	var f wavFormat
	if _, err := binary.Decode(chunk, binary.LittleEndian, &f); err != nil {
		return nil, err
	}
	if f.Encoding == wavExtensible && size >= extensible { // the true encoding begins the subformat's GUID
		f.Encoding = binary.LittleEndian.Uint16(chunk[24:])
	}
	if f.Rate != SampleRate || f.Channels != 1 {
		return nil, fmt.Errorf("%w: %d Hz, %d channels; want 8000 Hz mono", ErrBadWAV, f.Rate, f.Channels)
	}
	return &f, nil
}

func readWAVData(r io.Reader, size uint32, f *wavFormat) (*Sound, error) {
	if f == nil {
		return nil, fmt.Errorf("%w: no format before the data", ErrBadWAV)
	}
	data, err := io.ReadAll(io.LimitReader(r, int64(size)))
	if err != nil {
		return nil, err
	}
	if len(data) < int(size) && size < wavEndless {
		return nil, fmt.Errorf("%w: cut short: %d of %d bytes", ErrBadWAV, len(data), size)
	}
	return f.sound(data)
}

// sound makes a sound of a data chunk.
func (f *wavFormat) sound(data []byte) (*Sound, error) {
	var pcm []int16
	switch {
	case f.Encoding == wavPCM && f.Bits == 16:
		for ; len(data) >= 2; data = data[2:] {
			pcm = append(pcm, int16(binary.LittleEndian.Uint16(data)))
		}
	case f.Encoding == wavPCM && f.Bits == 8: // unsigned
		for _, b := range data {
			pcm = append(pcm, int16(int(b)-128)<<8)
		}
	case f.Encoding == wavPCMA && f.Bits == 8:
		return encodedSound(PCMA, data), nil
	case f.Encoding == wavPCMU && f.Bits == 8:
		return encodedSound(PCMU, data), nil
	default:
		return nil, fmt.Errorf("%w: encoding %d with %d bits; want PCM of 16 or 8 bits, A-law or µ-law", ErrBadWAV, f.Encoding, f.Bits)
	}
	return NewSound(pcm), nil
}
