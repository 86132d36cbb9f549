package replay

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"threering/acd/brain"
	"threering/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

const (
	every     = time.Second         // how often steps are written; as much is lost by a kill
	pileMost  = 200_000             // steps that may wait for a database that refuses them
	keptFor   = 90 * 24 * time.Hour // after its last step, a run is dropped when the next one begins
	chunkMost = 20_000              // steps in one row
)

// Config is what a recorder needs.
type Config struct {
	DB      *store.DB
	Log     *slog.Logger
	Version string // of the program, kept with the run
}

// note is what one Apply was, not yet encoded.
type note struct {
	at     brain.Instant
	event  brain.Event
	orders []brain.Order
}

// Recorder writes the run of this process. Note may be called from one place at a time, such as the floor's loop.
type Recorder struct {
	cfg  Config
	stop chan struct{}
	done chan struct{} // the writer has ended

	mu      sync.Mutex // guards the three below
	pending []note
	began   time.Time // the brain's moment zero; zero until the first note
	lost    bool      // a step is missing: what follows could not be decided again

	writing  sync.Mutex // held by the one flush under way; guards the two below
	run, seq int64
}

// Open migrates the tables, drops old runs and starts the writer; Close ends it.
func Open(ctx context.Context, cfg Config) (*Recorder, error) {
	if err := cfg.DB.Migrate(ctx, "replay", migrations); err != nil {
		return nil, err
	}
	if err := forget(ctx, cfg.DB, time.Now().Add(-keptFor)); err != nil {
		return nil, err
	}
	r := &Recorder{cfg: cfg, stop: make(chan struct{}), done: make(chan struct{})}
	go r.write()
	return r, nil
}

// forget drops the runs that ended before a moment.
func forget(ctx context.Context, db *store.DB, before time.Time) error {
	_, err := db.ExecContext(ctx, `DELETE FROM replay_runs WHERE began_at < $1 AND NOT EXISTS
		(SELECT 1 FROM replay_chunks c WHERE c.run = replay_runs.id AND c.last_at >= $1)`, store.Millis(before))
	if err != nil {
		return fmt.Errorf("drop old runs: %w", err)
	}
	return nil
}

// Note keeps one Apply. It never waits. The event and the orders must not change afterwards.
func (r *Recorder) Note(at brain.Instant, ev brain.Event, orders []brain.Order) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lost {
		return
	}
	if len(r.pending) >= pileMost {
		r.lost = true
		r.cfg.Log.Error("what the brain decides is no longer kept: the database has refused it for too long", "steps", len(r.pending))
		return
	}
	if r.began.IsZero() {
		r.began = time.Now().Add(-at.Sub(0))
	}
	r.pending = append(r.pending, note{at, ev, orders})
}

// Close writes what is pending and stops.
func (r *Recorder) Close() error {
	close(r.stop)
	<-r.done
	return r.flush(context.Background())
}

func (r *Recorder) write() {
	defer close(r.done)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	failing := false
	for {
		select {
		case <-r.stop:
			return
		case <-ticker.C:
		}
		err := r.flush(context.Background())
		if err != nil && !failing {
			r.cfg.Log.Warn("what the brain decides cannot be kept; it is tried again", "error", err)
		}
		failing = err != nil
	}
}

// flush writes all that is pending; what the database refuses stays pending.
func (r *Recorder) flush(ctx context.Context) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	for {
		r.mu.Lock()
		batch, began := r.pending[:min(len(r.pending), chunkMost)], r.began
		r.mu.Unlock()
		if len(batch) == 0 {
			return nil
		}
		if err := r.save(ctx, began, batch); err != nil {
			return err
		}
		r.mu.Lock()
		r.pending = r.pending[len(batch):]
		if len(r.pending) == 0 {
			r.pending = nil
		}
		r.mu.Unlock()
	}
}

func (r *Recorder) save(ctx context.Context, began time.Time, batch []note) error {
	lines := make([]line, 0, len(batch))
	for _, n := range batch {
		l, err := encodeLine(n)
		if err != nil {
			return err
		}
		lines = append(lines, l)
	}
	body, err := pack(lines)
	if err != nil {
		return err
	}
	run := r.run
	err = r.cfg.DB.Tx(ctx, func(tx *sql.Tx) (err error) {
		if run == 0 {
			row := tx.QueryRowContext(ctx, `INSERT INTO replay_runs (began_at, version) VALUES ($1, $2) RETURNING id`, store.Millis(began), r.cfg.Version)
			if err := row.Scan(&run); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO replay_chunks (run, seq, first_at, last_at, steps, body) VALUES ($1, $2, $3, $4, $5, $6)`,
			run, r.seq+1, store.Millis(wall(began, batch[0].at)), store.Millis(wall(began, batch[len(batch)-1].at)), len(batch), body)
		return err
	})
	if err != nil {
		return fmt.Errorf("write what the brain decided: %w", err)
	}
	r.run, r.seq = run, r.seq+1
	return nil
}

// wall is the brain's moment at on the clock of a run that began at began.
func wall(began time.Time, at brain.Instant) time.Time { return began.Add(at.Sub(0)) }
