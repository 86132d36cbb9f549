package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestThePasswordFileHasOneLineAPerson(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passwords.txt")
	keep := func(people []string, given map[string]string, want string) {
		t.Helper()
		require.NoError(t, keepPasswords(path, people, given))
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, want, string(text))
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode())
	}
	keep([]string{"1001", "1002"}, map[string]string{"1001": "a", "1002": "b"}, "1001 a\n1002 b\n")
	require.NoError(t, os.Chmod(path, 0o644))
	keep([]string{"1001"}, map[string]string{"1001": "c"}, "1002 b\n1001 c\n")
	keep([]string{"1002"}, nil, "1001 c\n") // has the common one now

	require.Error(t, keepPasswords(t.TempDir(), []string{"1001"}, map[string]string{"1001": "a"}), "a folder is no file")
}

func TestNoCenterIsMadeByLooking(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	cmd := command()
	cmd.SetArgs([]string{"export", "--data-dir", dir})
	require.ErrorContains(t, cmd.ExecuteContext(t.Context()), "no center in "+dir)
	require.NoDirExists(t, dir)
}
