package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"threering/store"
)

// ofTrunks says whether a kind is told of trunks. Those belong to no call's timeline, though they may name a call.
func (k Kind) ofTrunks() bool { return k == TrunkState || k == OutRefused || k == OutCut }

func saveTrunk(ctx context.Context, tx *sql.Tx, e *Entry) error {
	details, err := json.Marshal(e.Details)
	if err != nil {
		return fmt.Errorf("entry %s: %w", e.Kind, err)
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO journal_trunks (at, kind, trunk, call_id, details) VALUES ($1, $2, $3, $4, $5)",
		store.Millis(e.At), string(e.Kind), e.Trunk, e.Call, string(details))
	return err
}

// Trunks gives what happened to the trunks since a moment, and which calls they did not let out: the newest first, at most so
// many.
func (j *Journal) Trunks(ctx context.Context, since time.Time, most int) ([]Entry, error) {
	list, err := store.Query(ctx, j.DB, func(rows *sql.Rows) (e Entry, err error) {
		var at int64
		var details string
		if err := rows.Scan(&at, &e.Kind, &e.Call, &details); err != nil {
			return e, err
		}
		e.At = store.Time(at)
		return e, json.Unmarshal([]byte(details), &e.Details)
	}, "SELECT at, kind, call_id, details FROM journal_trunks WHERE at >= $1 ORDER BY at DESC LIMIT $2", store.Millis(since), most)
	if err != nil {
		return nil, fmt.Errorf("read the trunks' journal: %w", err)
	}
	return list, nil
}
