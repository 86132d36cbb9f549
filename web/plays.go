package web

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"threering/recording"
	"threering/store"
)

// continued is how long after its last piece a play can be gone on with.
const continued = 5 * time.Minute

// plays is the notes of who heard which recording.
type plays struct {
	db  *store.DB
	log *slog.Logger
}

// note writes down that somebody plays a recording. Players fetch a recording in
// pieces: a piece that the same session asks for within minutes belongs to the play
// before.
func (p plays) note(ctx context.Context, v visitor, rec recording.Recording, piece bool) error {
	anew := true
	err := p.db.Tx(ctx, func(tx *sql.Tx) (err error) {
		now := time.Now()
		if piece {
			if anew, err = p.begins(ctx, tx, v, rec, now); err != nil || !anew {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO web_plays (id, at, last_at, person, session, recording, call_id, address)
			VALUES ($1, $2, $2, $3, $4, $5, $6, $7)`,
			rand.Text(), store.Millis(now), v.ID, v.session, rec.ID, rec.Call, v.address.String())
		return err
	})
	if err != nil {
		return fmt.Errorf("note a play: %w", err)
	}
	if anew {
		p.log.Info("a recording is played", "person", v.ID, "recording", rec.ID, "call", rec.Call, "address", v.address)
	}
	return nil
}

// begins says whether a piece begins a play; if not, the play before goes on.
func (p plays) begins(ctx context.Context, tx *sql.Tx, v visitor, rec recording.Recording, now time.Time) (bool, error) {
	var id string
	err := tx.QueryRowContext(ctx, `SELECT id FROM web_plays
		WHERE recording = $1 AND session = $2 AND person = $3 AND last_at >= $4 ORDER BY last_at DESC`,
		rec.ID, v.session, v.ID, store.Millis(now.Add(-continued))).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE web_plays SET last_at = $1 WHERE id = $2`, store.Millis(now), id)
	return false, err
}
