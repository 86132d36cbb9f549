package sip

import (
	"bytes"
	"compress/flate"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"threering/store"
)

// ladderStore keeps the messages of legs in the table sip_ladders.
type ladderStore struct{ db *store.DB }

// NewLadders makes or brings up to date the table of calls' messages. What is older than keeps is dropped.
func NewLadders(ctx context.Context, db *store.DB, keeps time.Duration) (*Ladders, error) {
	if err := db.Migrate(ctx, "sip", migrations); err != nil {
		return nil, err
	}
	return &Ladders{store: &ladderStore{db}, keeps: keeps, rolls: make(map[string]*roll)}, nil
}

// write writes legs that have ended.
func (s *ladderStore) write(rolls []*roll) error {
	if len(rolls) == 0 {
		return nil
	}
	p, err := newPacker()
	if err != nil {
		return err
	}
	texts := make([]string, len(rolls))
	for i, r := range rolls {
		text, err := p.pack(r.rungs)
		if err != nil {
			return fmt.Errorf("keep the messages of %s: %w", r.call, err)
		}
		texts[i] = text
	}
	ctx, done := context.WithTimeout(context.Background(), storePatience)
	defer done()
	err = s.db.Tx(ctx, func(tx *sql.Tx) error {
		w := store.NewWriter(ctx, tx)
		for i, r := range rolls {
			w.Exec(`INSERT INTO sip_ladders (call_id, leg, who, asks, began_at, more, messages) VALUES (?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (call_id, leg) DO NOTHING`,
				r.call, r.leg, r.who, store.Flag(r.asks), store.Millis(r.began), r.more, texts[i])
		}
		return w.Err()
	})
	if err != nil {
		return fmt.Errorf("keep the messages of %d legs: %w", len(rolls), err)
	}
	return nil
}

// of reads the legs of a call that have ended.
func (s *ladderStore) of(ctx context.Context, call string) ([]roll, error) {
	rolls, err := store.Query(ctx, s.db, func(rows *sql.Rows) (r roll, err error) {
		var began int64
		var text string
		if err = rows.Scan(&r.leg, &r.who, &r.asks, &began, &r.more, &text); err != nil {
			return r, err
		}
		r.call, r.began = call, store.Time(began)
		r.rungs, err = unpack(text)
		return r, err
	}, `SELECT leg, who, asks, began_at, more, messages FROM sip_ladders WHERE call_id = ? ORDER BY began_at, leg`, call)
	if err != nil {
		return nil, fmt.Errorf("read the messages of %s: %w", call, err)
	}
	return rolls, nil
}

// drop drops legs that began before a moment.
func (s *ladderStore) drop(before time.Time) error {
	ctx, done := context.WithTimeout(context.Background(), storePatience)
	defer done()
	return s.db.Tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM sip_ladders WHERE began_at < ?`, store.Millis(before))
		return err
	})
}

// A packer makes a column's text of messages: they repeat each other, so they shrink to a quarter.
type packer struct{ squeeze *flate.Writer }

func newPacker() (packer, error) {
	squeeze, err := flate.NewWriter(nil, flate.BestSpeed)
	return packer{squeeze}, err
}

func (p packer) pack(rungs []rung) (string, error) {
	var small bytes.Buffer
	text := base64.NewEncoder(base64.StdEncoding, &small)
	p.squeeze.Reset(text)
	if err := json.NewEncoder(p.squeeze).Encode(rungs); err != nil {
		return "", err
	}
	if err := p.squeeze.Close(); err != nil {
		return "", err
	}
	err := text.Close()
	return small.String(), err
}

func unpack(text string) (rungs []rung, err error) {
	squeezed := base64.NewDecoder(base64.StdEncoding, bytes.NewReader([]byte(text)))
	err = json.NewDecoder(flate.NewReader(squeezed)).Decode(&rungs)
	return rungs, err
}
