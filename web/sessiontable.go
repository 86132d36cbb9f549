package web

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"threering/store"
)

// sessionTable keeps sessions in the database, for scs, which asks by the hash
// of a session's token.
type sessionTable struct{ db *store.DB }

// FindCtx is the data of a session that has not expired.
func (t sessionTable) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data string
	err := t.db.QueryRowContext(ctx, `SELECT data FROM web_sessions WHERE token = $1 AND expires_at > $2`,
		token, store.Millis(time.Now())).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("look up a session: %w", err)
	}
	return []byte(data), true, nil
}

// CommitCtx writes a session.
func (t sessionTable) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return t.exec(ctx, `INSERT INTO web_sessions (token, data, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`,
		token, string(data), store.Millis(expiry))
}

// DeleteCtx forgets a session, if there is one.
func (t sessionTable) DeleteCtx(ctx context.Context, token string) error {
	return t.exec(ctx, `DELETE FROM web_sessions WHERE token = $1`, token)
}

// expire forgets the sessions that have expired.
func (t sessionTable) expire(ctx context.Context) error {
	return t.exec(ctx, `DELETE FROM web_sessions WHERE expires_at <= $1`, store.Millis(time.Now()))
}

func (t sessionTable) exec(ctx context.Context, statement string, args ...any) error {
	err := t.db.Tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, statement, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("write a session: %w", err)
	}
	return nil
}

// Find, Commit and Delete make it an scs.Store; scs itself calls those above.

func (t sessionTable) Find(token string) ([]byte, bool, error) {
	return t.FindCtx(context.Background(), token)
}

func (t sessionTable) Commit(token string, data []byte, expiry time.Time) error {
	return t.CommitCtx(context.Background(), token, data, expiry)
}

func (t sessionTable) Delete(token string) error { return t.DeleteCtx(context.Background(), token) }

// sessionText is a session's data as text, which every database keeps alike.
type sessionText struct{}

type sessionData struct {
	Deadline time.Time      `json:"deadline"`
	Values   map[string]any `json:"values"`
}

// Encode makes it an scs.Codec.
func (sessionText) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	return json.Marshal(sessionData{deadline, values})
}

// Decode makes it an scs.Codec.
func (sessionText) Decode(text []byte) (time.Time, map[string]any, error) {
	data := sessionData{Values: map[string]any{}}
	err := json.Unmarshal(text, &data)
	return data.Deadline, data.Values, err
}
