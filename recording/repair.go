package recording

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"time"

	"threering/store"
)

// repair puts right the recordings that a crash left open.
func (a *Archive) repair(ctx context.Context) error {
	open, err := a.table.query(ctx, `state = $1`, StateRecording)
	if err != nil {
		return err
	}
	for _, rec := range open {
		if err := a.repairOne(ctx, rec); err != nil {
			_ = a.fail(rec, fmt.Errorf("repair: %w", err))
		}
	}
	return nil
}

func (a *Archive) repairOne(ctx context.Context, rec Recording) error {
	size, err := a.mend(rec.file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		rec.end(StateFailed, 0)
		rec.Error = "the file is missing"
	case err != nil:
		return err
	default:
		rec.end(StateRepaired, size)
	}
	a.log.Warn("recording was left open", "recording", rec.ID, "call", rec.Call, "state", rec.State, "duration", rec.Duration)
	return a.table.save(ctx, rec)
}

func (a *Archive) mend(name string) (int64, error) {
	f, err := a.root.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return mend(f)
}

// reportStrays logs the files that no row knows, one line a day.
func (a *Archive) reportStrays(ctx context.Context) error {
	return fs.WalkDir(a.root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			a.log.Warn("cannot look through recordings", "folder", name, "error", err)
			return nil //nolint:nilerr // the archive is of use without this look
		}
		day, is := dayOf(name)
		if !is || !entry.IsDir() {
			return nil
		}
		strays, err := a.strays(ctx, name, day)
		if err != nil {
			return err
		}
		if len(strays) > 0 {
			a.log.Warn("files without a recording", "folder", name, "files", len(strays), "first", strays[0])
		}
		return fs.SkipDir
	})
}

// dayOf is the day that a folder is of, by its name; false where it is of none.
func dayOf(folder string) (time.Time, bool) {
	day, err := time.Parse(days, folder)
	return day, err == nil
}

func (a *Archive) strays(ctx context.Context, folder string, day time.Time) ([]string, error) {
	recs, err := a.table.query(ctx, `started_at >= $1 AND started_at < $2`, store.Millis(day), store.Millis(day.AddDate(0, 0, 1)))
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, rec := range recs {
		known[rec.file] = true
	}
	entries, err := fs.ReadDir(a.root.FS(), folder)
	if err != nil {
		return nil, fmt.Errorf("look through recordings: %w", err)
	}
	var strays []string
	for _, entry := range entries {
		if name := path.Join(folder, entry.Name()); !known[name] {
			strays = append(strays, name)
		}
	}
	return strays, nil
}
