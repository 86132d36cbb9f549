package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"threering/store"
)

// ErrNotFound says that there is no such call.
var ErrNotFound = errors.New("no such call")

const selectCall = `SELECT summary FROM journal_calls`

// Filter says which calls are wanted; zero fields leave all through.
type Filter struct {
	Numbers []string // any of them
	Agents  []string // any of them talked, or was to
	Queue   string
	Outcome Outcome
	From    time.Time // started at or after
	To      time.Time // started before
	After   string    // the id of the last call of the page before
	Limit   int       // at most; 50 if zero, 500 at most
}

// Calls lists calls, the newest first.
func (j *Journal) Calls(ctx context.Context, f Filter) ([]Call, error) {
	where, args := f.where()
	if f.Limit <= 0 {
		f.Limit = 50
	}
	list := selectCall + where + fmt.Sprintf(` ORDER BY started_at DESC, id DESC LIMIT %d`, min(f.Limit, 500))
	return query[Call](ctx, j, list, args...)
}

func (f Filter) where() (string, []any) {
	var terms []string
	var args []any
	add := func(term string, arg any) {
		args = append(args, arg)
		terms = append(terms, fmt.Sprintf(term, len(args)))
	}
	anyOf := func(term string, values []string) {
		if len(values) == 0 {
			return
		}
		marks := make([]string, len(values))
		for i, v := range values {
			args = append(args, v)
			marks[i] = fmt.Sprintf("$%d", len(args))
		}
		terms = append(terms, fmt.Sprintf(term, strings.Join(marks, ", ")))
	}
	if f.Queue != "" {
		add(`queue = $%d`, f.Queue)
	}
	if f.Outcome != "" {
		add(`outcome = $%d`, string(f.Outcome))
	}
	if !f.From.IsZero() {
		add(`started_at >= $%d`, store.Millis(f.From))
	}
	if !f.To.IsZero() {
		add(`started_at < $%d`, store.Millis(f.To))
	}
	if f.After != "" {
		add(`(started_at, id) < (SELECT started_at, id FROM journal_calls WHERE id = $%d)`, f.After)
	}
	anyOf(`number IN (%s)`, f.Numbers)
	anyOf(`id IN (SELECT call_id FROM journal_call_agents WHERE agent IN (%s))`, f.Agents)
	if len(terms) == 0 {
		return "", nil
	}
	return ` WHERE ` + strings.Join(terms, ` AND `), args
}

// Call gives one call, or ErrNotFound.
func (j *Journal) Call(ctx context.Context, id string) (Call, error) {
	var c Call
	err := load(j.DB.QueryRowContext(ctx, selectCall+` WHERE id = $1`, id), &c)
	return c, err
}

// Timeline gives all entries of a call in order.
func (j *Journal) Timeline(ctx context.Context, id string) ([]Entry, error) {
	rows, err := j.DB.QueryContext(ctx, `SELECT call_id, seq, at, kind, details FROM journal_entries WHERE call_id = $1 ORDER BY seq`, id)
	if err != nil {
		return nil, fmt.Errorf("read the timeline of call %s: %w", id, err)
	}
	defer rows.Close()
	var list []Entry
	for rows.Next() {
		var e Entry
		if err := scanEntry(rows, &e); err != nil {
			return nil, fmt.Errorf("read the timeline of call %s: %w", id, err)
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// unended lists the calls whose end was never written: those under way, or, at a start, those that a crash cut off.
func (j *Journal) unended(ctx context.Context) ([]fold, error) {
	return query[fold](ctx, j, selectCall+` WHERE ended_at = 0 ORDER BY started_at, id`)
}

// query reads calls, each as a Call or a fold.
func query[T any](ctx context.Context, j *Journal, text string, args ...any) ([]T, error) {
	rows, err := j.DB.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, fmt.Errorf("read calls: %w", err)
	}
	defer rows.Close()
	list := []T{}
	for rows.Next() {
		var c T
		if err := load(rows, &c); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// load reads a summary into a Call or a fold.
func load(row interface{ Scan(...any) error }, c any) error {
	var summary string
	if err := row.Scan(&summary); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		return fmt.Errorf("read a call: %w", err)
	}
	if err := json.Unmarshal([]byte(summary), c); err != nil {
		return fmt.Errorf("read a call: %w", err)
	}
	return nil
}

// AgentStates gives the last state of each agent that was written at or after since.
func (j *Journal) AgentStates(ctx context.Context, since time.Time) ([]Entry, error) {
	rows, err := j.DB.QueryContext(ctx, `SELECT agent, at, state, reason, call_id FROM journal_agents WHERE at >= $1 ORDER BY nanos`, store.Millis(since))
	if err != nil {
		return nil, fmt.Errorf("read the agents' states: %w", err)
	}
	defer rows.Close()
	last := map[string]Entry{}
	for rows.Next() {
		e := Entry{Kind: AgentState}
		var at int64
		if err := rows.Scan(&e.Agent, &at, &e.State, &e.Why, &e.Call); err != nil {
			return nil, fmt.Errorf("read the agents' states: %w", err)
		}
		e.At = store.Time(at)
		last[e.Agent] = e
	}
	list := slices.Collect(maps.Values(last))
	slices.SortFunc(list, func(x, y Entry) int { return strings.Compare(x.Agent, y.Agent) })
	return list, rows.Err()
}
