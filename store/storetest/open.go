// Package storetest gives tests a database of their own.
package storetest

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"threering/store"
)

// Open is an empty database in a folder that ends with the test.
func Open(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "threering.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}
