package recording

import (
	"io"
	"os"
)

// audio is a recording's file as it was when it was opened, with a header that
// fits: the one in the file may be some milliseconds behind.
type audio struct {
	*io.SectionReader
	file *os.File
}

// openAudio opens the file and says how long it is in bytes.
func openAudio(root *os.Root, name string) (*audio, int64, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	whole := frames(info.Size())
	size := fileSize(whole)
	return &audio{io.NewSectionReader(headed{wavHeader(whole), f}, 0, size), f}, size, nil
}

func (a *audio) Close() error { return a.file.Close() }

// headed is a file whose first bytes are head.
type headed struct {
	head []byte
	body io.ReaderAt
}

func (h headed) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	if off < int64(len(h.head)) {
		n = copy(p, h.head[off:])
	}
	if n == len(p) {
		return n, nil
	}
	m, err := h.body.ReadAt(p[n:], off+int64(n))
	return n + m, err
}
