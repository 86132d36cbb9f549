package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"threering/store"
)

// The states of a queue.
const (
	QueueOpen   = "open"
	QueueClosed = "closed"
)

// ofChanges says whether a kind is told of what somebody has changed about agents and queues. Those belong to no call.
func (k Kind) ofChanges() bool {
	return k == AgentSet || k == AgentSeated || k == AgentSkilled || k == QueueSet
}

func saveChange(ctx context.Context, tx *sql.Tx, e *Entry) error {
	details, err := json.Marshal(e.Details)
	if err != nil {
		return fmt.Errorf("entry %s: %w", e.Kind, err)
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO journal_changes (at, nanos, kind, revision, details) VALUES ($1, $2, $3, $4, $5)",
		store.Millis(e.At), e.At.UnixNano(), string(e.Kind), e.Revision, string(details))
	return err
}

// Changes gives what somebody has changed about agents and queues since a moment: the newest first, at most so many.
func (j *Journal) Changes(ctx context.Context, since time.Time, most int) ([]Entry, error) {
	return j.changes(ctx, "WHERE at >= $1 ORDER BY nanos DESC LIMIT $2", store.Millis(since), most)
}

// Standing gives the changes that still hold, in their order: those of agents that were made while a revision of the center's
// document was in force, and those of queues.
func (j *Journal) Standing(ctx context.Context, revision int64) ([]Entry, error) {
	return j.changes(ctx, "WHERE kind = $1 OR revision = $2 AND kind <> $3 ORDER BY nanos", string(QueueSet), revision, string(AgentSet))
}

func (j *Journal) changes(ctx context.Context, where string, args ...any) ([]Entry, error) {
	list, err := store.Query(ctx, j.DB, func(rows *sql.Rows) (e Entry, err error) {
		var at int64
		var details string
		if err := rows.Scan(&at, &e.Kind, &details); err != nil {
			return e, err
		}
		e.At = store.Time(at)
		return e, json.Unmarshal([]byte(details), &e.Details)
	}, "SELECT at, kind, details FROM journal_changes "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read what was changed: %w", err)
	}
	return list, nil
}
