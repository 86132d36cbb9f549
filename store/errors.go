package store

import (
	"errors"
	"syscall"

	"github.com/mattn/go-sqlite3"
)

// errQueue says that a transaction of this process kept the others waiting.
var errQueue = errors.New("another transaction is under way")

// IsBusy tells whether err came from a lock that somebody else held for too
// long. The same work may succeed when tried again.
func IsBusy(err error) bool {
	if errors.Is(err, errQueue) {
		return true
	}
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked)
}

// IsFull tells whether err came from a full disk or quota.
func IsFull(err error) bool {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return true
	}
	var e sqlite3.Error
	return errors.As(err, &e) &&
		(e.Code == sqlite3.ErrFull || e.SystemErrno == syscall.ENOSPC || e.SystemErrno == syscall.EDQUOT)
}
