package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "github.com/mattn/go-sqlite3" // registers the driver
)

// busyTimeout is how long a statement waits for a lock that another connection
// or process holds, before it fails with an error that [IsBusy] knows.
const busyTimeout = 5 * time.Second

// mostIdle is how many connections stay open for the next readers: to open one
// takes longer than a hundred reads, and calls that come in together read together.
const mostIdle = 16

// DB is the open database. Its embedded sql.DB serves reads and single
// statements; what belongs together goes through [DB.Tx].
type DB struct {
	*sql.DB

	// writer is held by the one transaction under way in this process. The
	// others queue here, in order, because SQLite itself lets waiting writers
	// poll: with many of them some would starve.
	writer chan struct{}
}

// Open opens the database in the file at path, and creates the file (mode
// 0600) and its folder (0700) where there are none. It fails at once where the
// file is no database or cannot be written.
func Open(ctx context.Context, path string) (*DB, error) {
	if err := createFile(path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db, err := sql.Open("sqlite3", sourceName(path))
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	db.SetMaxIdleConns(mostIdle)
	// The first real query; opening alone would not notice a foreign file.
	if _, err := db.ExecContext(ctx, "SELECT count(*) FROM sqlite_master"); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, errors.Join(err, db.Close()))
	}
	return &DB{DB: db, writer: make(chan struct{}, 1)}, nil
}

func createFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	// SQLite gives its -wal and -shm files the mode of the main file.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// sourceName is the driver's name of the file with the settings that every
// connection gets. Transactions take the write lock when they begin: one that
// began as a reader could not wait for it later, but would fail at once.
func sourceName(path string) string {
	settings := url.Values{
		"_journal_mode": {"WAL"},
		"_synchronous":  {"NORMAL"},
		"_busy_timeout": {fmt.Sprint(busyTimeout.Milliseconds())},
		"_foreign_keys": {"on"},
		"_txlock":       {"immediate"},
		// Statements that a connection keeps ready: to read them anew takes longer than most of them run.
		"_stmt_cache_size": {"100"},
	}
	file := url.URL{Path: path}
	return "file:" + file.EscapedPath() + "?" + settings.Encode()
}

// Tx runs do in a transaction: committed when do returns nil, rolled back when
// it returns an error (which Tx returns as it is) or panics. Transactions of
// one process run one after the other, so do must be short, must use tx alone,
// and must not call Tx again.
func (db *DB) Tx(ctx context.Context, do func(tx *sql.Tx) error) error {
	if err := db.lock(ctx); err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer func() { <-db.writer }()

	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer tx.Rollback() // does nothing after Commit
	if err := do(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit transaction: %w", err)
	}
	return nil
}

// lock waits for the turn to write, no longer than for any other lock.
func (db *DB) lock(ctx context.Context) error {
	patience := time.NewTimer(busyTimeout)
	defer patience.Stop()
	select {
	case db.writer <- struct{}{}:
		return nil
	case <-patience.C:
		return errQueue
	case <-ctx.Done():
		return ctx.Err()
	}
}
