package recording

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// memory is a file in memory; it is full at limit bytes where that is not 0.
type memory struct {
	data   []byte
	limit  int64
	closed bool
}

var errFull = &fs.PathError{Op: "write", Path: "memory", Err: syscall.ENOSPC}

func (m *memory) WriteAt(p []byte, off int64) (int, error) {
	end := off + int64(len(p))
	if m.limit > 0 && end > m.limit {
		n := max(0, min(int64(len(p)), m.limit-off))
		if n > 0 {
			m.WriteAt(p[:n], off)
		}
		return int(n), errFull
	}
	m.data = append(m.data, make([]byte, max(0, end-int64(len(m.data))))...)
	return copy(m.data[off:], p), nil
}

func (m *memory) Truncate(size int64) error {
	m.data = append(m.data[:min(size, int64(len(m.data)))], make([]byte, max(0, size-int64(len(m.data))))...)
	return nil
}

func (m *memory) Stat() (fs.FileInfo, error) { return sized{size: int64(len(m.data))}, nil }
func (m *memory) Sync() error                { return nil }
func (m *memory) Close() error               { m.closed = true; return nil }

type sized struct {
	fs.FileInfo
	size int64
}

func (s sized) Size() int64 { return s.size }

// TestTapeHoldsWhatWasPut compares the tape with two plain slices over random
// writes, at random places and in random order.
func TestTapeHoldsWhatWasPut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &memory{}
		tape := newTape(m)
		var model [channels][]int16
		var now int64
		for i := range rapid.IntRange(1, 60).Draw(t, "writes") {
			now += rapid.SampledFrom([]int64{0, 160, 160, 4000, 100000}).Draw(t, "step")
			at := now + rapid.Int64Range(-reach, lead).Draw(t, "place")
			channel := rapid.IntRange(0, 1).Draw(t, "channel")
			pcm := bytes16(int16(i+1), rapid.IntRange(1, chunk).Draw(t, "length"))
			if kept := tape.put(at, channel, pcm); kept != (at+int64(len(pcm)) > tape.base) {
				t.Fatal("put says what it did not do")
			}
			if from := tape.base; at < from { // what is cut off
				pcm, at = pcm[min(int64(len(pcm)), from-at):], from
			}
			for n := range model {
				model[n] = append(model[n], make([]int16, max(0, int(at)+len(pcm)-len(model[n])))...)
			}
			copy(model[channel][min(int(at), len(model[channel])):], pcm)
			if rapid.Bool().Draw(t, "settle") {
				tape.settle(now)
			}
		}
		size, err := tape.close()
		require.NoError(t, err)
		require.Equal(t, int64(len(m.data)), size)
		left, right := decode(t, m.data)
		for n, got := range [][]int16{left, right} {
			require.True(t, slices.Equal(model[n], got[:len(model[n])]))
			require.Empty(t, bytes.Trim(raw(got[len(model[n]):]), "\x00"))
		}
	})
}

func bytes16(value int16, n int) []int16 {
	pcm := make([]int16, n)
	for i := range pcm {
		pcm[i] = value
	}
	return pcm
}

func raw(pcm []int16) []byte {
	var b []byte
	for _, s := range pcm {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}

func TestTapeGoesOnWhenThereIsRoomAgain(t *testing.T) {
	m := &memory{limit: fileSize(8000) + 3}
	tape := newTape(m)
	say := func(from, to int64, value int16) {
		for at := from; at < to; at += 160 {
			tape.put(at, 0, bytes16(value, 160))
			tape.put(at, 1, bytes16(-value, 160))
		}
		tape.settle(to)
	}
	say(0, 8000, 1)
	require.NoError(t, tape.err)
	say(8000, 12000, 2)
	require.ErrorIs(t, tape.err, syscall.ENOSPC)
	left, _ := decode(t, m.data)
	require.Equal(t, bytes16(1, 8000), left[:8000], "what was there is unhurt and its header right")
	for at := int64(12000); at < 80000; at += 4000 {
		say(at, at+4000, 3)
	}
	m.limit = 0
	say(80000, 84000, 4)
	size, err := tape.close()
	require.ErrorIs(t, err, syscall.ENOSPC, "the first error stays")
	require.Equal(t, fileSize(84000), size)
	left, right := decode(t, m.data)
	require.Equal(t, bytes16(1, 8000), left[:8000])
	require.Equal(t, bytes16(4, 4000), left[80000:])
	require.Equal(t, bytes16(-4, 4000), right[80000:])
	require.Equal(t, bytes16(3, 8000), left[72000:80000], "what was still in memory is made up for")
	require.Contains(t, left[8000:72000], int16(0))
	require.True(t, m.closed)
}

func TestMend(t *testing.T) {
	for name, c := range map[string]struct{ have, want int64 }{
		"nothing":       {0, 44},
		"half a header": {20, 44},
		"header alone":  {44, 44},
		"half a frame":  {44 + 4000 + 3, 44 + 4000},
		"whole frames":  {44 + 4000, 44 + 4000},
	} {
		t.Run(name, func(t *testing.T) {
			m := &memory{data: make([]byte, c.have)}
			size, err := mend(m)
			require.NoError(t, err)
			require.Equal(t, c.want, size)
			left, _ := decode(t, m.data)
			require.Len(t, left, int(c.want-44)/4)
		})
	}
}

func TestHeaderOfAnEndlessTalk(t *testing.T) {
	h := wavHeader(frames(1 << 40))
	require.Equal(t, uint32(0xFFFFFFFF-8), binary.LittleEndian.Uint32(h[4:]))
	require.Equal(t, uint32(0xFFFFFFFF-44), binary.LittleEndian.Uint32(h[40:]))
	require.Equal(t, time.Hour, length(samples(time.Hour)))
	require.False(t, errors.Is(ErrNoAudio, ErrNotFound))
}
