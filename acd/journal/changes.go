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
	queue := ""
	if e.Kind == QueueSet {
		queue = e.Queue
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO journal_changes (at, nanos, kind, revision, queue, details) VALUES ($1, $2, $3, $4, $5, $6)",
		store.Millis(e.At), e.At.UnixNano(), string(e.Kind), e.Revision, queue, string(details))
	return err
}

// Changes gives what somebody has changed about agents and queues since a moment: the newest first, at most so many.
func (j *Journal) Changes(ctx context.Context, since time.Time, most int) ([]Entry, error) {
	return j.changes(ctx, "WHERE at >= $1 ORDER BY nanos DESC LIMIT $2", store.Millis(since), most)
}

// last is of the changes of a queue the one that no other has followed.
const last = `queue <> '' AND NOT EXISTS (SELECT 1 FROM journal_changes l WHERE l.queue = journal_changes.queue AND l.nanos > journal_changes.nanos)`

// Standing gives the changes that still hold, in their order: those of agents that were made while a revision of the center's
// document was in force, and the last of each queue.
func (j *Journal) Standing(ctx context.Context, revision int64) ([]Entry, error) {
	return j.changes(ctx, "WHERE "+last+" OR queue = '' AND revision = $1 AND kind <> $2 ORDER BY nanos", revision, string(AgentSet))
}

// ForgetChanges drops the changes from before a moment that do not hold any more under a revision of the center's document.
func (j *Journal) ForgetChanges(ctx context.Context, before time.Time, revision int64) error {
	_, err := j.DB.ExecContext(ctx, "DELETE FROM journal_changes WHERE at < $1 AND NOT ("+last+") AND (queue <> '' OR revision <> $2 OR kind = $3)",
		store.Millis(before), revision, string(AgentSet))
	if err != nil {
		return fmt.Errorf("forget what was changed: %w", err)
	}
	return nil
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
