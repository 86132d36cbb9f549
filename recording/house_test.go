package recording

import (
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"threering/store"
	"threering/store/storetest"
)

// A house is an archive with all that it needs.
type house struct {
	*Archive
	dir    string
	db     *store.DB
	alarms *alarms
}

type alarms struct {
	mu   sync.Mutex // guards errs
	errs []error
}

func (a *alarms) raise(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.errs = append(a.errs, err)
}

func (a *alarms) all() []error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.errs
}

func newHouse(t testing.TB) *house {
	return openHouse(t, filepath.Join(t.TempDir(), "recordings"), storetest.Open(t))
}

func openHouse(t testing.TB, dir string, db *store.DB) *house {
	t.Helper()
	h := &house{dir: dir, db: db, alarms: &alarms{}}
	a, err := Open(t.Context(), Config{Dir: dir, DB: db, Log: slog.New(slog.DiscardHandler), Alarm: h.alarms.raise})
	require.NoError(t, err)
	t.Cleanup(func() { a.Close() })
	h.Archive = a
	return h
}

func (h *house) start(t testing.TB, meta Meta) *Capture {
	t.Helper()
	c, err := h.Start(meta)
	require.NoError(t, err)
	return c
}

func (h *house) wav(t testing.TB, id string) ([]byte, Recording) {
	t.Helper()
	audio, rec, err := h.Audio(t.Context(), id)
	require.NoError(t, err)
	defer audio.Close()
	wav, err := io.ReadAll(audio)
	require.NoError(t, err)
	require.Len(t, wav, int(rec.Size))
	return wav, rec
}
