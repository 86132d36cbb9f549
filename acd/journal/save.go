package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"threering/store"
)

// save writes a batch in one transaction. The cache of open calls changes only when it was committed, so that a batch
// that failed can be folded again.
func (j *Journal) save(ctx context.Context, batch []Entry) error {
	touched := map[string]*fold{}
	err := j.DB.Tx(ctx, func(tx *sql.Tx) error {
		for i := range batch {
			if err := j.saveEntry(ctx, tx, touched, &batch[i]); err != nil {
				return err
			}
		}
		for _, c := range touched {
			if err := saveCall(ctx, tx, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	for id, c := range touched {
		if c.EndedAt == nil {
			j.open[id] = c
		} else {
			delete(j.open, id)
		}
	}
	return nil
}

func (j *Journal) saveEntry(ctx context.Context, tx *sql.Tx, touched map[string]*fold, e *Entry) error {
	if e.Kind == AgentState {
		_, err := tx.ExecContext(ctx, `INSERT INTO journal_agents (agent, at, nanos, state, reason, call_id) VALUES ($1, $2, $3, $4, $5, $6)`,
			e.Agent, store.Millis(e.At), e.At.UnixNano(), e.State, e.Why, e.Call)
		return err
	}
	if e.Kind.ofTrunks() {
		return saveTrunk(ctx, tx, e)
	}
	if e.Kind.ofChanges() {
		return saveChange(ctx, tx, e)
	}
	if e.Kind == CallArrived && touched[e.Call] == nil { // a new call is in no table
		touched[e.Call] = &fold{Call: Call{ID: e.Call}}
	}
	c, err := j.summary(ctx, tx, touched, e.Call)
	if err != nil {
		return err
	}
	c.add(e)
	details, err := json.Marshal(e.Details)
	if err != nil {
		return fmt.Errorf("entry %s: %w", e.Kind, err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO journal_entries (call_id, seq, at, kind, details) VALUES ($1, $2, $3, $4, $5)`,
		e.Call, e.Seq, store.Millis(e.At), string(e.Kind), string(details))
	return err
}

// summary gives a copy of the call's summary to fold into: from this batch, the cache, or the database.
func (j *Journal) summary(ctx context.Context, tx *sql.Tx, touched map[string]*fold, id string) (*fold, error) {
	if c := touched[id]; c != nil {
		return c, nil
	}
	c := &fold{Call: Call{ID: id}}
	if known := j.open[id]; known != nil {
		*c = *known
	} else if err := load(tx.QueryRowContext(ctx, selectCall+` WHERE id = $1`, id), c); err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	touched[id] = c
	return c, nil
}

func saveCall(ctx context.Context, tx *sql.Tx, c *fold) error {
	summary, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("call %s: %w", c.ID, err)
	}
	var ended int64
	if c.EndedAt != nil {
		ended = store.Millis(*c.EndedAt)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO journal_calls (id, started_at, ended_at, number, dialled, queue, agent, outcome, entries, summary)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, queue = excluded.queue, agent = excluded.agent,
			outcome = excluded.outcome, entries = excluded.entries, summary = excluded.summary`,
		c.ID, store.Millis(c.StartedAt), ended, c.Number, c.Dialled, c.Queue, c.Agent, string(c.Outcome), c.Entries, string(summary))
	for _, agent := range c.Agents {
		if err == nil {
			_, err = tx.ExecContext(ctx, `INSERT INTO journal_call_agents (call_id, agent) VALUES ($1, $2) ON CONFLICT DO NOTHING`, c.ID, agent)
		}
	}
	return err
}
