package media

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"threering/media/rate"
)

// ErrBadWAV says that a WAV file cannot be read or is not of a kind that is taken.
var ErrBadWAV = errors.New("bad WAV file")

// wavLongest is the longest sound that is taken.
const wavLongest = time.Hour

// wavEndless is the least data size that stands for "until the end": a program that writes to a pipe cannot know it.
const wavEndless = 0x7FFF0000

// ReadWAV reads a sound from a WAV file (RIFF, little-endian): PCM of 8, 16 or 24 bits, floats of 32 bits, A-law or
// µ-law, also as WAVE_FORMAT_EXTENSIBLE; 4 to 192 kHz; mono, or stereo, whose sides are mixed; up to an hour long.
// A file that ends before its header says is refused rather than played in part, except where the header leaves
// the end open. The error is ErrBadWAV with what was found instead, or the reader's own.
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
			if format == nil {
				return nil, fmt.Errorf("%w: no format before the data", ErrBadWAV)
			}
			return format.readSound(r, chunk.Size)
		default:
			if _, err := io.CopyN(io.Discard, r, padded(chunk.Size)); err != nil {
				return nil, err
			}
		}
	}
}

// padded is the size of a chunk with the byte that makes it even.
func padded(size uint32) int64 { return int64(size) + int64(size&1) }

// Encodings of a WAV file (RFC 2361).
const (
	wavPCM        = 1
	wavFloat      = 3
	wavPCMA       = 6
	wavPCMU       = 7
	wavExtensible = 0xFFFE
)

// wavSubformat is what follows the true encoding in the GUID of an extensible format.
const wavSubformat = "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xAA\x00\x38\x9B\x71"

// wavFormat is what a "fmt " chunk says.
type wavFormat struct {
	Encoding, Channels uint16
	Rate, _            uint32
	Block, Bits        uint16 // Block is the bytes of a sample of all channels
}

func readWAVFormat(r io.Reader, size uint32) (*wavFormat, error) {
	const plain, extensible, most = 16, 40, 1 << 10
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
	if f.Encoding == wavExtensible && size >= extensible && string(chunk[26:40]) == wavSubformat {
		f.Encoding = binary.LittleEndian.Uint16(chunk[24:])
	}
	return &f, f.check()
}

func (f *wavFormat) check() error {
	switch {
	case f.sample() == nil:
		return fmt.Errorf("%w: encoding %d with %d bits; want PCM of 8, 16 or 24 bits, floats of 32, A-law or µ-law",
			ErrBadWAV, f.Encoding, f.Bits)
	case f.Channels != 1 && f.Channels != 2:
		return fmt.Errorf("%w: %d channels; want mono or stereo", ErrBadWAV, f.Channels)
	case f.Rate < rate.Lowest || f.Rate > rate.Highest:
		return fmt.Errorf("%w: %d Hz; want %d to %d", ErrBadWAV, f.Rate, rate.Lowest, rate.Highest)
	case f.Block != f.Channels*f.Bits/8:
		return fmt.Errorf("%w: blocks of %d bytes for %d channels of %d bits", ErrBadWAV, f.Block, f.Channels, f.Bits)
	}
	return nil
}
