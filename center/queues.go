package center

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"threering/acd/brain"
	"threering/store"
)

// Queue is a line of callers and who serves it, as the document says it. Times
// that are not given follow from the ring cadence or are the defaults below.
type Queue struct {
	Name         string         `yaml:"name" json:"name"`
	Title        string         `yaml:"title,omitempty" json:"title,omitempty"`                 // for people; empty: the name
	Agents       []string       `yaml:"agents,omitempty,flow" json:"agents,omitempty"`          // ids of people, or …
	Skill        string         `yaml:"skill,omitempty" json:"skill,omitempty"`                 // … everybody who has the skill
	Strategy     string         `yaml:"strategy,omitempty" json:"strategy,omitempty"`           // who is rung first; empty: longest-idle
	OfferTimeout time.Duration  `yaml:"offer_timeout,omitempty" json:"offer_timeout,omitempty"` // how long a phone rings; 0: to the end of the third ring
	MaxWait      *time.Duration `yaml:"max_wait,omitempty" json:"max_wait,omitempty"`           // then the queue gives up; 0: never
	WrapUp       *time.Duration `yaml:"wrap_up,omitempty" json:"wrap_up,omitempty"`             // at most, after a talk; 0: none
	Breather     *time.Duration `yaml:"breather,omitempty" json:"breather,omitempty"`           // rest after a wrap-up that was said to be done
	Misses       int            `yaml:"misses,omitempty" json:"misses,omitempty"`               // in a row that set an agent to "missed call"; 0: one or two, as is learned
	Announce     *bool          `yaml:"announce,omitempty" json:"announce,omitempty"`           // tell the caller the agent's number
	Routing      `yaml:",inline"`
}

const (
	longestIdle     = "longest_idle" // as documents wrote it before there were other strategies
	defaultMaxWait  = 2 * time.Minute
	defaultWrapUp   = 30 * time.Second
	defaultBreather = 2 * time.Second
)

// normal leaves out what is the default anyway, so that it follows when the
// default does.
func (q Queue) normal() Queue {
	if q.Strategy == longestIdle || q.Strategy == string(brain.LongestIdle) {
		q.Strategy = ""
	}
	q.MaxWait = unless(q.MaxWait, defaultMaxWait)
	q.WrapUp = unless(q.WrapUp, defaultWrapUp)
	q.Breather = unless(q.Breather, defaultBreather)
	q.Announce = unless(q.Announce, true)
	return q
}

// unless is value, or nil if that is the default.
func unless[T comparable](value *T, byDefault T) *T {
	if value != nil && *value == byDefault {
		return nil
	}
	return value
}

// or is value, or the default if there is none.
func or[T any](value *T, byDefault T) T {
	if value == nil {
		return byDefault
	}
	return *value
}

// servedBy is the ids of the people who serve the queue, in the order of the
// document.
func (q Queue) servedBy(people []Person) []string {
	if q.Skill == "" {
		return q.Agents
	}
	var agents []string
	for _, p := range people {
		if p.Skills[q.Skill] > 0 && p.Role.takesCalls() {
			agents = append(agents, p.ID)
		}
	}
	return agents
}

// writeQueues puts the queues in the place of those that were there.
func writeQueues(ctx context.Context, tx *sql.Tx, queues []Queue) error {
	w := store.NewWriter(ctx, tx)
	w.Exec("DELETE FROM acd_queue_agents")
	w.Exec("DELETE FROM acd_queues")
	for i, q := range queues {
		w.Exec(`INSERT INTO acd_queues (name, position, title, skill, strategy, offer_timeout, max_wait, wrap_up, breather, misses, announce, routing)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			q.Name, i, q.Title, q.Skill, q.Strategy, q.OfferTimeout.Milliseconds(),
			millis(q.MaxWait), millis(q.WrapUp), millis(q.Breather), q.Misses, flag(q.Announce), q.Routing.text())
		for j, agent := range q.Agents {
			w.Exec("INSERT INTO acd_queue_agents (queue, position, agent) VALUES ($1, $2, $3)", q.Name, j, agent)
		}
	}
	if err := w.Err(); err != nil {
		return fmt.Errorf("write queues: %w", err)
	}
	return nil
}

// readQueues reads what writeQueues wrote.
func readQueues(ctx context.Context, q store.Queryer) ([]Queue, error) {
	queues, err := store.Query(ctx, q, func(rows *sql.Rows) (Queue, error) {
		var q Queue
		var timeout int64
		var routing string
		var maxWait, wrapUp, breather sql.Null[int64]
		var announce sql.Null[bool]
		err := rows.Scan(&q.Name, &q.Title, &q.Skill, &q.Strategy, &timeout, &maxWait, &wrapUp, &breather, &q.Misses, &announce, &routing)
		if err == nil {
			err = json.Unmarshal([]byte(routing), &q.Routing)
		}
		q.OfferTimeout = time.Duration(timeout) * time.Millisecond
		q.MaxWait, q.WrapUp, q.Breather = duration(maxWait), duration(wrapUp), duration(breather)
		if announce.Valid {
			q.Announce = &announce.V
		}
		return q, err
	}, "SELECT name, title, skill, strategy, offer_timeout, max_wait, wrap_up, breather, misses, announce, routing FROM acd_queues ORDER BY position")
	if err != nil {
		return nil, fmt.Errorf("read queues: %w", err)
	}
	for i := range queues {
		queues[i].Agents, err = store.Query(ctx, q, store.Text, "SELECT agent FROM acd_queue_agents WHERE queue = $1 ORDER BY position", queues[i].Name)
		if err != nil {
			return nil, fmt.Errorf("read the agents of queue %s: %w", queues[i].Name, err)
		}
	}
	return queues, nil
}

// millis is a time as the tables keep it, NULL where none is given.
func millis(d *time.Duration) *int64 {
	if d == nil {
		return nil
	}
	ms := d.Milliseconds()
	return &ms
}

func duration(ms sql.Null[int64]) *time.Duration {
	if !ms.Valid {
		return nil
	}
	d := time.Duration(ms.V) * time.Millisecond
	return &d
}

// flag is a choice as the tables keep it, NULL where none is made.
func flag(b *bool) *int {
	if b == nil {
		return nil
	}
	f := store.Flag(*b)
	return &f
}
