package store

import (
	"context"
	"database/sql"
)

// Queryer reads: the database, or a transaction that has written to it.
type Queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Query is all rows that a query gives, each made by scan; nil for none.
func Query[T any](ctx context.Context, q Queryer, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// Text scans rows of one TEXT column, for [Query].
func Text(rows *sql.Rows) (text string, err error) { return text, rows.Scan(&text) }

// Writer executes statements in a transaction until one fails; the rest of
// them then do nothing, so that it is enough to ask for the error at the end.
type Writer struct {
	ctx context.Context
	tx  *sql.Tx
	err error
}

// NewWriter writes in tx.
func NewWriter(ctx context.Context, tx *sql.Tx) *Writer { return &Writer{ctx: ctx, tx: tx} }

// Exec executes a statement, unless an earlier one failed.
func (w *Writer) Exec(statement string, args ...any) {
	if w.err == nil {
		_, w.err = w.tx.ExecContext(w.ctx, statement, args...)
	}
}

// Err is the error of the statement that failed.
func (w *Writer) Err() error { return w.err }

// Flag is a boolean as the tables keep it. Rows are scanned into a bool as
// they are.
func Flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
