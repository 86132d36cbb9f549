package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mattn/go-sqlite3"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"threering/store"
	"threering/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// room is migrations of a room with one table.
func room(table string) fstest.MapFS {
	sql := fmt.Sprintf("-- +goose Up\nCREATE TABLE %s (id TEXT PRIMARY KEY);\n-- +goose Down\nDROP TABLE %s;\n", table, table)
	return fstest.MapFS{"migrations/00001_first.sql": {Data: []byte(sql)}}
}

func count(t *testing.T, db *store.DB, table string) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
	return n
}

func TestOpenMakesPrivateFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder?", "a#1%20.db")
	db, err := store.Open(t.Context(), path)
	require.NoError(t, err)
	require.NoError(t, db.Migrate(t.Context(), "a", room("a_things")))

	folder, err := os.Stat(filepath.Dir(path))
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o700), folder.Mode().Perm())
	for _, suffix := range []string{"", "-wal", "-shm"} {
		file, err := os.Stat(path + suffix)
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o600), file.Mode().Perm(), suffix)
	}
	require.NoError(t, db.Close())
}

func TestOpenRefusesWhatIsNoDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes.txt")
	text := []byte("shopping list: milk, bread, and whatever else is needed\n")
	require.NoError(t, os.WriteFile(path, text, 0o600))
	_, err := store.Open(t.Context(), path)
	require.ErrorContains(t, err, "notes.txt")
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, text, after)

	_, err = store.Open(t.Context(), t.TempDir())
	require.Error(t, err, "a folder")
}

func TestSettingsHoldOnEveryConnection(t *testing.T) {
	db := storetest.Open(t)
	for range 3 { // three connections at once
		conn, err := db.Conn(t.Context())
		require.NoError(t, err)
		defer conn.Close()
		for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "1", "busy_timeout": "5000", "foreign_keys": "1"} {
			var got string
			require.NoError(t, conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
			require.Equal(t, want, got, pragma)
		}
	}
}

func TestMigrateCountsEachRoomForItself(t *testing.T) {
	db := storetest.Open(t)
	a := room("a_things")
	require.NoError(t, db.Migrate(t.Context(), "a", a))
	require.NoError(t, db.Migrate(t.Context(), "b", room("b_things")))
	require.NoError(t, db.Migrate(t.Context(), "a", a), "again changes nothing")

	a["migrations/00002_second.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nALTER TABLE a_things ADD COLUMN name TEXT NOT NULL DEFAULT '';\n")}
	require.NoError(t, db.Migrate(t.Context(), "a", a))
	_, err := db.ExecContext(t.Context(), "INSERT INTO a_things (id, name) VALUES ('1', 'x')")
	require.NoError(t, err)
	require.Equal(t, 0, count(t, db, "b_things"))

	root, err := fs.Sub(room("c_things"), "migrations")
	require.NoError(t, err)
	require.NoError(t, db.Migrate(t.Context(), "c", root))
}

func TestFailedMigrationLeavesNothing(t *testing.T) {
	db := storetest.Open(t)
	broken := fstest.MapFS{"00001_first.sql": {Data: []byte("-- +goose Up\nCREATE TABLE a_things (id TEXT);\nINSERT INTO nowhere VALUES (1);\n")}}
	err := db.Migrate(t.Context(), "a", broken)
	require.ErrorContains(t, err, "migrate the tables of a")
	require.NoError(t, db.Migrate(t.Context(), "a", room("a_things")))
}

func TestTxIsAllOrNothing(t *testing.T) {
	db := storetest.Open(t)
	require.NoError(t, db.Migrate(t.Context(), "a", room("a_things")))
	insert := func(tx *sql.Tx, id string) {
		_, err := tx.ExecContext(t.Context(), "INSERT INTO a_things (id) VALUES ($1)", id)
		require.NoError(t, err)
	}

	refused := errors.New("refused")
	require.Equal(t, refused, db.Tx(t.Context(), func(tx *sql.Tx) error { insert(tx, "1"); return refused }))
	require.Panics(t, func() { db.Tx(t.Context(), func(tx *sql.Tx) error { insert(tx, "2"); panic("bug") }) })
	require.Equal(t, 0, count(t, db, "a_things"))

	require.NoError(t, db.Tx(t.Context(), func(tx *sql.Tx) error { insert(tx, "3"); return nil }))
	require.Equal(t, 1, count(t, db, "a_things"))
}

func TestManyWritersAllGetTheirTurn(t *testing.T) {
	db := storetest.Open(t)
	require.NoError(t, db.Migrate(t.Context(), "a", room("a_things")))
	var all sync.WaitGroup
	errs := make(chan error, 100)
	for i := range cap(errs) {
		all.Go(func() {
			errs <- db.Tx(t.Context(), func(tx *sql.Tx) error {
				_, err := tx.ExecContext(t.Context(), "INSERT INTO a_things (id) VALUES ($1)", fmt.Sprint(i))
				return err
			})
		})
	}
	all.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
	require.Equal(t, 100, count(t, db, "a_things"))
}

func TestWaitingForTheTurnEndsWithTheContext(t *testing.T) {
	db := storetest.Open(t)
	err := db.Tx(t.Context(), func(*sql.Tx) error {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		return db.Tx(ctx, func(*sql.Tx) error { return nil })
	})
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestLockOfAnotherProcessIsBusy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	mine, err := store.Open(t.Context(), path)
	require.NoError(t, err)
	defer mine.Close()
	other, err := sql.Open("sqlite3", "file:"+path+"?_txlock=exclusive&_busy_timeout=1")
	require.NoError(t, err)
	defer other.Close()
	lock, err := mine.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = other.ExecContext(t.Context(), "CREATE TABLE x (id TEXT)")
	require.True(t, store.IsBusy(err), err)
	require.True(t, store.IsBusy(fmt.Errorf("wrapped: %w", err)))
	require.False(t, store.IsFull(err))
	require.NoError(t, lock.Rollback())
}

func TestFullDatabaseIsFull(t *testing.T) {
	db := storetest.Open(t)
	require.NoError(t, db.Migrate(t.Context(), "a", room("a_things")))
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.ExecContext(t.Context(), "PRAGMA max_page_count = 1")
	require.NoError(t, err)
	for i := 0; err == nil && i < 100; i++ {
		_, err = conn.ExecContext(t.Context(), "INSERT INTO a_things (id) VALUES ($1)", fmt.Sprintf("%04000d", i))
	}
	require.True(t, store.IsFull(err), err)
	require.False(t, store.IsBusy(err))
}

func TestErrorsAreToldApart(t *testing.T) {
	for _, err := range []error{nil, errors.New("x"), sqlite3.Error{Code: sqlite3.ErrConstraint}} {
		require.False(t, store.IsBusy(err))
		require.False(t, store.IsFull(err))
	}
	require.True(t, store.IsBusy(sqlite3.Error{Code: sqlite3.ErrLocked}))
	require.True(t, store.IsFull(sqlite3.Error{Code: sqlite3.ErrIoErr, SystemErrno: syscall.ENOSPC}))
	require.True(t, store.IsFull(&fs.PathError{Err: syscall.ENOSPC}))
}

func TestMillisAndBack(t *testing.T) {
	now := time.Now()
	require.True(t, store.Time(store.Millis(now)).Equal(now.Truncate(time.Millisecond)))
	require.True(t, store.Time(store.Millis(time.Time{})).IsZero())
}

func TestWriterStopsAtTheFirstError(t *testing.T) {
	db := storetest.Open(t)
	require.NoError(t, db.Migrate(t.Context(), "a", room("a_things")))
	err := db.Tx(t.Context(), func(tx *sql.Tx) error {
		w := store.NewWriter(t.Context(), tx)
		w.Exec("INSERT INTO a_things (id) VALUES ($1)", "1")
		w.Exec("INSERT INTO a_things (id) VALUES ($1)", "1")
		w.Exec("INSERT INTO nowhere (id) VALUES ($1)", "2")
		return w.Err()
	})
	require.ErrorContains(t, err, "UNIQUE")
	require.Equal(t, 0, count(t, db, "a_things"))
}

func TestQueryGivesAllRows(t *testing.T) {
	db := storetest.Open(t)
	ids, err := store.Query(t.Context(), db, store.Text, "SELECT $1 UNION ALL SELECT $2", "a", "b")
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, ids)
	_, err = store.Query(t.Context(), db, store.Text, "SELECT id FROM nowhere")
	require.Error(t, err)
	_, err = store.Query(t.Context(), db, store.Text, "SELECT NULL")
	require.Error(t, err)
}
