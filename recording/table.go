package recording

import (
	"context"
	"database/sql"
	"embed"
	"fmt"

	"threering/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

const columns = `id, call_id, talk, agent, queue, caller, started_at, ended_at, state, bytes, dropped, late, error, file, present`

// table is the recordings' rows.
type table struct{ db *store.DB }

// save writes the rows as the recordings now are, those that are new too.
func (t table) save(ctx context.Context, recs ...Recording) error {
	return t.db.Tx(ctx, func(tx *sql.Tx) error {
		for _, r := range recs {
			_, err := tx.ExecContext(ctx, `INSERT INTO recordings (`+columns+`)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
				ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, state = excluded.state, bytes = excluded.bytes,
					dropped = excluded.dropped, late = excluded.late, error = excluded.error, present = excluded.present`,
				r.ID, r.Call, r.Talk, r.Agent, r.Queue, r.Caller, store.Millis(r.StartedAt), store.Millis(r.EndedAt),
				r.State, r.Size, r.Dropped, r.Late, r.Error, r.file, presenceText(r.Present))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// query is the recordings that the condition holds for, oldest first.
func (t table) query(ctx context.Context, where string, args ...any) ([]Recording, error) {
	rows, err := t.db.QueryContext(ctx, `SELECT `+columns+` FROM recordings WHERE `+where+` ORDER BY started_at, id`, args...)
	if err != nil {
		return nil, fmt.Errorf("look up recordings: %w", err)
	}
	defer rows.Close()
	found := []Recording{}
	for rows.Next() {
		r, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read recording: %w", err)
		}
		found = append(found, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("look up recordings: %w", err)
	}
	return found, nil
}

func scan(rows *sql.Rows) (Recording, error) {
	var (
		r                    Recording
		started, ended, size int64
		present              string
	)
	err := rows.Scan(&r.ID, &r.Call, &r.Talk, &r.Agent, &r.Queue, &r.Caller, &started, &ended,
		&r.State, &size, &r.Dropped, &r.Late, &r.Error, &r.file, &present)
	r.StartedAt, r.EndedAt = store.Time(started), store.Time(ended)
	r.measure(size)
	if err == nil {
		r.Present, err = readPresence(present)
	}
	return r, err
}
