package main

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"threering/config"
)

// lock keeps a data folder to one server: a second one would take the first one's calls and recordings for what a crash
// left, and end them. The kernel lets go of it however the process ends.
func lock(s config.Settings) (unlock func() error, err error) {
	if err := os.MkdirAll(s.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(s.DataDir, "threering.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock the data folder %s: another server runs on it: %w", s.DataDir, err)
	}
	return f.Close, nil
}
