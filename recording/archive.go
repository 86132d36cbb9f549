package recording

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"threering/store"
)

// days is the layout of the folders that the files of one day (UTC) are in.
const days = "2006/01/02"

// Config says where recordings are kept.
type Config struct {
	Dir   string           // folder of the files, which are Dir/YYYY/MM/DD/ID.wav by the UTC day the talk began; made (0700) where it is missing
	DB    *store.DB        // database of the rows
	Log   *slog.Logger     // nil: none
	Alarm func(error)      // told once of each recording that goes wrong, and nil when one goes well again; must not block; nil: none
	Clock func() time.Time // nil: time.Now
}

// Archive keeps the recordings. Its methods may be called side by side.
type Archive struct {
	root   *os.Root
	table  table
	log    *slog.Logger
	alarm  func(error)
	clock  func() time.Time
	create func(name string) (file, error) // makes an empty file for a recording

	writing, syncing lane // to the disk

	mu       sync.Mutex // guards the fields below
	closed   bool
	captures map[*Capture]struct{} // those under way
	unsaved  []Recording           // ended, but the database would not have them yet
	wrong    bool                  // the alarm is raised
}

// Open opens the archive, brings its table up to date, and puts right what a
// crash left open: the file is given the length it has and its row the state
// repaired, or failed where there is no file. Files that no row knows are left
// alone and logged. A recording that cannot be put right raises the alarm and
// is tried again by the next Open.
func Open(ctx context.Context, config Config) (*Archive, error) {
	if err := config.DB.Migrate(ctx, "recording", migrations); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(config.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("open recordings: %w", err)
	}
	root, err := os.OpenRoot(config.Dir)
	if err != nil {
		return nil, fmt.Errorf("open recordings: %w", err)
	}
	a := config.archive(root)
	if err := errors.Join(a.repair(ctx), a.reportStrays(ctx)); err != nil {
		root.Close()
		return nil, fmt.Errorf("open recordings: %w", err)
	}
	return a, nil
}

func (c Config) archive(root *os.Root) *Archive {
	a := &Archive{
		root: root, table: table{c.DB}, log: c.Log, alarm: c.Alarm, clock: c.Clock,
		captures: map[*Capture]struct{}{},
		writing:  newLane(), syncing: newLane(),
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if a.alarm == nil {
		a.alarm = func(error) {}
	}
	if a.clock == nil {
		a.clock = time.Now
	}
	a.create = a.createFile
	return a
}

// Close stops the recordings that are under way and waits until they are on
// the disk. The database stays open.
func (a *Archive) Close() error {
	a.mu.Lock()
	a.closed = true
	open := slices.Collect(maps.Keys(a.captures))
	a.mu.Unlock()
	var errs []error
	for _, c := range open {
		_, err := c.Stop()
		errs = append(errs, err)
	}
	return errors.Join(append(errs, a.root.Close())...)
}

// Start begins to record a talk, from this moment on: it waits for nothing. The
// row is written and the file made beside the talk; where that fails the alarm
// is raised, and Stop tells.
func (a *Archive) Start(meta Meta) (*Capture, error) {
	if meta.Call == "" {
		return nil, errors.New("start recording: no call given")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return nil, fmt.Errorf("start recording: %w", ErrClosed)
	}
	rec, origin := a.begin(meta)
	c := newCapture(a, rec, origin)
	a.captures[c] = struct{}{}
	go c.run()
	return c, nil
}

// begin makes the recording's first state and says when its second 0 is.
func (a *Archive) begin(meta Meta) (Recording, time.Time) {
	now := a.clock()
	origin := now
	if !meta.At.IsZero() && meta.At.Before(now) {
		origin = now.Add(-now.Sub(meta.At)) // keeps the monotonic reading, which meta.At may lack
	}
	started := origin.UTC().Truncate(time.Millisecond)
	id := started.Format("20060102T150405-") + strings.ToLower(rand.Text()[:12])
	return Recording{
		ID: id, Call: meta.Call, Talk: meta.Talk, Agent: meta.Agent, Queue: meta.Queue, Caller: meta.Caller,
		StartedAt: started, State: StateRecording, file: path.Join(started.Format(days), id+".wav"),
	}, origin
}

// enter writes the row of a recording that begins.
func (a *Archive) enter(rec Recording) error {
	if err := a.table.save(context.Background(), rec); err != nil {
		return fmt.Errorf("write row: %w", err)
	}
	return nil
}

// unmade is a file that could not be made.
type unmade struct{ err error }

func (u unmade) WriteAt([]byte, int64) (int, error) { return 0, u.err }
func (u unmade) Stat() (fs.FileInfo, error)         { return nil, u.err }
func (u unmade) Truncate(int64) error               { return u.err }
func (u unmade) Sync() error                        { return u.err }
func (u unmade) Close() error                       { return nil }

func (a *Archive) createFile(name string) (file, error) {
	if err := a.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	f, err := a.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make file: %w", err)
	}
	return f, nil
}

// forget takes a capture that has ended off the list.
func (a *Archive) forget(c *Capture) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.captures, c)
}

// finish writes what became of a recording, and of those that the database
// refused before.
func (a *Archive) finish(ctx context.Context, rec Recording) error {
	a.mu.Lock()
	todo := slices.Concat(a.unsaved, []Recording{rec})
	a.unsaved = nil
	a.mu.Unlock()
	err := a.table.save(ctx, todo...)
	if err == nil {
		return nil
	}
	a.mu.Lock()
	a.unsaved = append(a.unsaved, todo...)
	a.mu.Unlock()
	return fmt.Errorf("write row: %w", err)
}

// fail logs what went wrong with a recording, raises the alarm and returns it.
func (a *Archive) fail(rec Recording, err error) error {
	err = fmt.Errorf("recording %s of call %s: %w", rec.ID, rec.Call, err)
	a.mu.Lock()
	a.wrong = true
	a.mu.Unlock()
	a.log.Error("recording failed", "recording", rec.ID, "call", rec.Call, "error", err)
	a.alarm(err)
	return err
}

// recovered ends the alarm: a recording went well from its start to its row.
func (a *Archive) recovered() {
	a.mu.Lock()
	was := a.wrong
	a.wrong = false
	a.mu.Unlock()
	if was {
		a.log.Info("recordings go well again")
		a.alarm(nil)
	}
}

// List is the recordings of a call, oldest first; empty where it has none.
func (a *Archive) List(ctx context.Context, call string) ([]Recording, error) {
	return a.table.query(ctx, `call_id = $1`, call)
}

// Get is one recording, or ErrNotFound.
func (a *Archive) Get(ctx context.Context, id string) (Recording, error) {
	found, err := a.table.query(ctx, `id = $1`, id)
	if err != nil {
		return Recording{}, err
	}
	if len(found) == 0 {
		return Recording{}, fmt.Errorf("recording %q: %w", id, ErrNotFound)
	}
	return found[0], nil
}

// Audio opens a recording's WAV file (16-bit PCM, stereo, 8 kHz): the whole of
// it, or what there is at this moment while the talk is under way, which the
// Recording's Size and Duration then tell too. The error is ErrNotFound where
// there is no such recording and ErrNoAudio where its file is missing. The
// caller closes it.
func (a *Archive) Audio(ctx context.Context, id string) (io.ReadSeekCloser, Recording, error) {
	rec, err := a.Get(ctx, id)
	if err != nil {
		return nil, Recording{}, err
	}
	audio, size, err := openAudio(a.root, rec.file)
	if errors.Is(err, os.ErrNotExist) {
		err = ErrNoAudio
	}
	if err != nil {
		return nil, rec, fmt.Errorf("recording %q: %w", id, err)
	}
	rec.measure(size)
	return audio, rec, nil
}
