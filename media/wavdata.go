package media

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"
)

// readSound reads a data chunk.
func (f *wavFormat) readSound(r io.Reader, size uint32) (*Sound, error) {
	if f.ready() {
		var data []byte
		err := f.eachSecond(r, size, func(second []byte) error {
			data = append(data, second...)
			return nil
		})
		if err != nil {
			return nil, err
		}
		return encodedSound(f.codec(), data), nil
	}
	sound := resampler{from: int(f.Rate)}
	err := f.eachSecond(r, size, func(second []byte) error { return sound.take(f.decode(second)) })
	if err != nil {
		return nil, err
	}
	pcm, err := sound.all()
	if err != nil {
		return nil, err
	}
	return NewSound(pcm), nil
}

// eachSecond hands on a data chunk a second at a time, so that what is kept of a long file is what will be played.
func (f *wavFormat) eachSecond(r io.Reader, size uint32, take func([]byte) error) error {
	second := make([]byte, int(f.Block)*int(f.Rate))
	left, endless := int64(size), size >= wavEndless
	if endless {
		left = math.MaxInt64
	}
	for length := time.Duration(0); left > 0; length += time.Second {
		n, err := io.ReadFull(r, second[:min(left, int64(len(second)))])
		left -= int64(n)
		over := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		switch {
		case over && !endless:
			return fmt.Errorf("%w: cut short: %d of %d bytes", ErrBadWAV, int64(size)-left, size)
		case err != nil && !over:
			return err
		case n > 0 && length >= wavLongest:
			return fmt.Errorf("%w: longer than %v", ErrBadWAV, wavLongest)
		}
		if err := take(second[:n]); err != nil || over {
			return err
		}
	}
	return nil
}

// ready says whether the data are what a port sends.
func (f *wavFormat) ready() bool {
	return (f.Encoding == wavPCMA || f.Encoding == wavPCMU) && f.Rate == SampleRate && f.Channels == 1
}

func (f *wavFormat) codec() Codec {
	if f.Encoding == wavPCMA {
		return PCMA
	}
	return PCMU
}

// sample gives the function that reads one sample of one channel; nil where the encoding is none that is taken.
func (f *wavFormat) sample() func([]byte) int16 {
	switch [2]uint16{f.Encoding, f.Bits} {
	case [2]uint16{wavPCM, 8}: // unsigned
		return func(b []byte) int16 { return int16(int(b[0])-128) << 8 }
	case [2]uint16{wavPCM, 16}:
		return func(b []byte) int16 { return int16(binary.LittleEndian.Uint16(b)) }
	case [2]uint16{wavPCM, 24}:
		return func(b []byte) int16 { return int16(binary.LittleEndian.Uint16(b[1:])) }
	case [2]uint16{wavFloat, 32}:
		return func(b []byte) int16 { return fromFloat(math.Float32frombits(binary.LittleEndian.Uint32(b))) }
	case [2]uint16{wavPCMA, 8}:
		return func(b []byte) int16 { return fromPCMA[b[0]] }
	case [2]uint16{wavPCMU, 8}:
		return func(b []byte) int16 { return fromPCMU[b[0]] }
	}
	return nil
}

// fromFloat takes a sample between -1 and 1; what is beyond is clipped, what is no number is silence.
func fromFloat(x float32) int16 {
	if x != x {
		return 0
	}
	return int16(math.Round(float64(max(-1, min(x, 1))) * math.MaxInt16))
}

// decode gives the samples of whole blocks, the two sides of stereo mixed; a block that is not whole is left out.
func (f *wavFormat) decode(data []byte) []int16 {
	sample, width := f.sample(), int(f.Bits/8)
	pcm := make([]int16, 0, len(data)/int(f.Block))
	for ; len(data) >= int(f.Block); data = data[f.Block:] {
		one := sample(data)
		if f.Channels == 2 {
			one = int16((int(one) + int(sample(data[width:]))) / 2)
		}
		pcm = append(pcm, one)
	}
	return pcm
}
