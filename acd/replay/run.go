package replay

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"threering/acd/brain"
	"threering/store"
)

// Run is one life of the server, from an empty brain.
type Run struct {
	ID      int64
	Began   time.Time // the brain's moment zero
	Last    time.Time // of its last step
	Version string    // of the program
	Steps   int64

	db *store.DB
}

// Runs lists the runs that have steps in from ≤ t < to, the oldest first. A database without any has none.
func Runs(ctx context.Context, db *store.DB, from, to time.Time) ([]Run, error) {
	if err := db.Migrate(ctx, "replay", migrations); err != nil {
		return nil, err
	}
	scan := func(rows *sql.Rows) (Run, error) {
		r := Run{db: db}
		var began, last int64
		err := rows.Scan(&r.ID, &began, &r.Version, &last, &r.Steps)
		r.Began, r.Last = store.Time(began), store.Time(last)
		return r, err
	}
	runs, err := store.Query(ctx, db, scan, `SELECT r.id, r.began_at, r.version, max(c.last_at), sum(c.steps)
		FROM replay_runs r JOIN replay_chunks c ON c.run = r.id
		GROUP BY r.id, r.began_at, r.version HAVING max(c.last_at) >= $1 AND min(c.first_at) < $2 ORDER BY r.id`,
		store.Millis(from), store.Millis(to))
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	return runs, nil
}

// Decision is a step decided again.
type Decision struct {
	Step
	Time  time.Time // of the step, by the clock
	Again Orders    // what the brain orders now
	Same  bool      // as it ordered then
}

// Replay decides the run again from its beginning up to a moment, and hands every step to each, until each returns an error.
func (r Run) Replay(ctx context.Context, to time.Time, each func(Decision) error) error {
	var b brain.Brain
	known := kinds()
	for seq := 1; ; seq++ {
		body, err := r.chunk(ctx, seq, to)
		if err != nil || body == "" {
			return err
		}
		err = unpack(body, known, func(s Step) error {
			at := wall(r.Began, s.At)
			if !at.Before(to) {
				return nil
			}
			again, err := encode(b.Apply(s.At, s.Event))
			if err != nil {
				return err
			}
			return each(Decision{Step: s, Time: at, Again: again, Same: again.same(s.Orders)})
		})
		if err != nil {
			return fmt.Errorf("replay run %d: %w", r.ID, err)
		}
	}
}

// chunk is the body of one chunk; empty where there is none that begins before a moment.
func (r Run) chunk(ctx context.Context, seq int, to time.Time) (string, error) {
	bodies, err := store.Query(ctx, r.db, store.Text, `SELECT body FROM replay_chunks WHERE run = $1 AND seq = $2 AND first_at < $3`, r.ID, seq, store.Millis(to))
	if err != nil {
		return "", fmt.Errorf("read run %d: %w", r.ID, err)
	}
	if len(bodies) == 0 {
		return "", nil
	}
	return bodies[0], nil
}
