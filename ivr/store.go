package ivr

import (
	"context"
	"database/sql"
	"embed"
	"fmt"

	"go.yaml.in/yaml/v3"

	"threering/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the room's tables up to date.
func Migrate(ctx context.Context, db *store.DB) error {
	return db.Migrate(ctx, "ivr", migrations)
}

// Apply stores the part, which has passed Check, in the place of what was stored.
func Apply(ctx context.Context, tx *sql.Tx, p Part) error {
	for _, table := range []string{"ivr_numbers", "ivr_flows"} {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table); err != nil {
			return fmt.Errorf("clear %s: %w", table, err)
		}
	}
	for name, flow := range p.Flows {
		_, err := tx.ExecContext(ctx, "INSERT INTO ivr_flows (name, version, text) VALUES (?, ?, ?)",
			name, flow.Version(), string(flow.text()))
		if err != nil {
			return fmt.Errorf("store flow %s: %w", name, err)
		}
	}
	for position, n := range p.Numbers {
		_, err := tx.ExecContext(ctx, "INSERT INTO ivr_numbers (number, through, flow, position) VALUES (?, ?, ?, ?)",
			n.Number, n.Through, n.Flow, position)
		if err != nil {
			return fmt.Errorf("store number %s: %w", n.Number, err)
		}
	}
	return nil
}

// Export reads back what Apply has stored.
func Export(ctx context.Context, q store.Queryer) (Part, error) {
	var p Part
	var err error
	p.Numbers, err = store.Query(ctx, q, func(rows *sql.Rows) (n Number, err error) {
		return n, rows.Scan(&n.Number, &n.Through, &n.Flow)
	}, "SELECT number, through, flow FROM ivr_numbers ORDER BY position")
	if err != nil {
		return Part{}, fmt.Errorf("read numbers: %w", err)
	}
	err = each(ctx, q, "SELECT name, text FROM ivr_flows ORDER BY name", func(name, text string) error {
		var f Flow
		if err := yaml.Unmarshal([]byte(text), &f); err != nil {
			return fmt.Errorf("flow %s: %w", name, err)
		}
		if p.Flows == nil {
			p.Flows = make(map[string]Flow)
		}
		p.Flows[name] = f
		return nil
	})
	if err != nil {
		return Part{}, fmt.Errorf("read flows: %w", err)
	}
	return p, nil
}

// each hands the two columns of each row to take.
func each(ctx context.Context, q store.Queryer, query string, take func(a, b string) error) error {
	rows, err := q.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var a, b string
		if err := rows.Scan(&a, &b); err != nil {
			return err
		}
		if err := take(a, b); err != nil {
			return err
		}
	}
	return rows.Err()
}
