package recording

import (
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
)

// A file is what a recording is written to; an *os.File is one.
type file interface {
	io.WriterAt
	io.Closer
	Stat() (fs.FileInfo, error)
	Truncate(size int64) error
	Sync() error
}

const (
	kept = reach + lead            // frames that stay in memory when they have been written
	held = kept + 1000*millisecond // frames that there is room for
)

// A tape is a recording's file with its last seconds in memory, where packets
// that come late still find their place. Where writing fails the tape goes on:
// what cannot be written while it is in memory becomes silence in the file.
type tape struct {
	file  file
	pcm   []byte // the frames from base on; zeros from edge on
	base  int64  // first frame held
	edge  int64  // end of the recording so far
	dirty int64  // first frame that the file does not hold as pcm does
	err   error  // the first error
}

func newTape(f file) *tape {
	t := &tape{file: f, pcm: make([]byte, held*frameSize)}
	t.flush()
	return t
}

// put writes the samples of one channel from frame at on. It cuts off what is
// too long ago and says whether anything was left.
func (t *tape) put(at int64, channel int, pcm []int16) bool {
	end := at + int64(len(pcm))
	t.reach(end)
	if end <= t.base {
		return false
	}
	if at < t.base {
		pcm, at = pcm[t.base-at:], t.base
	}
	t.dirty = min(t.dirty, at)
	place := t.pcm[(at-t.base)*frameSize+int64(channel)*2:]
	for i, s := range pcm {
		binary.LittleEndian.PutUint16(place[i*frameSize:], uint16(s))
	}
	return true
}

// settle makes the recording at least end frames long and writes it.
func (t *tape) settle(end int64) {
	t.reach(end)
	t.flush()
	t.slide(t.edge - kept)
}

// reach makes the recording at least end frames long, with silence.
func (t *tape) reach(end int64) {
	if end-t.base > held {
		t.flush()
		t.slide(end - kept)
	}
	t.edge = max(t.edge, end)
}

// flush writes what the file does not hold yet, then the header, which so never
// claims more than there is.
func (t *tape) flush() {
	if err := t.write(); err != nil && t.err == nil {
		t.err = err
	}
}

func (t *tape) write() error {
	pcm := t.pcm[(t.dirty-t.base)*frameSize : (t.edge-t.base)*frameSize]
	if _, err := t.file.WriteAt(pcm, fileSize(t.dirty)); err != nil {
		return fmt.Errorf("write audio: %w", err)
	}
	t.dirty = t.edge
	if _, err := t.file.WriteAt(wavHeader(t.edge), 0); err != nil {
		return fmt.Errorf("write header: %w", err)
	}
	return nil
}

// slide forgets the frames before base.
func (t *tape) slide(base int64) {
	if base <= t.base {
		return
	}
	gone := min(base-t.base, held) * frameSize
	clear(t.pcm[copy(t.pcm, t.pcm[gone:]):])
	t.base = base
	t.edge = max(t.edge, base)
	t.dirty = max(t.dirty, base)
}

// close ends the file: as long as its header says, and on the disk. It tells
// the file's size, and the first error there has been.
func (t *tape) close() (int64, error) {
	t.flush()
	size, err := mend(t.file)
	if t.err == nil {
		t.err = err
	}
	if err := t.file.Close(); err != nil && t.err == nil {
		t.err = fmt.Errorf("close file: %w", err)
	}
	return size, t.err
}

// mend makes the file and its header agree, whatever is in the file, sees it
// to the disk and tells its size.
func mend(f file) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, fmt.Errorf("look at file: %w", err)
	}
	whole := frames(info.Size())
	if err := f.Truncate(fileSize(whole)); err != nil {
		return info.Size(), fmt.Errorf("cut file: %w", err)
	}
	if _, err := f.WriteAt(wavHeader(whole), 0); err != nil {
		return info.Size(), fmt.Errorf("write header: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fileSize(whole), fmt.Errorf("sync file: %w", err)
	}
	return fileSize(whole), nil
}
