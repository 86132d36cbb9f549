package trunk

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

// Migrate brings the tables up to date.
func Migrate(ctx context.Context, db *store.DB) error { return db.Migrate(ctx, "trunk", migrations) }

// Apply writes the part, which has passed [Check], in the place of what was there. What was spent stays.
func Apply(ctx context.Context, tx *sql.Tx, p Part) error {
	w := store.NewWriter(ctx, tx)
	w.Exec("DELETE FROM trunk_trunks")
	for i, t := range p.Trunks {
		text, err := yaml.Marshal(t)
		if err != nil {
			return fmt.Errorf("write trunk %s: %w", t.Name, err)
		}
		w.Exec("INSERT INTO trunk_trunks (name, position, text) VALUES ($1, $2, $3)", t.Name, i, string(text))
	}
	if err := w.Err(); err != nil {
		return fmt.Errorf("write trunks: %w", err)
	}
	return nil
}

// Export reads back what Apply has written.
func Export(ctx context.Context, q store.Queryer) (Part, error) {
	trunks, err := store.Query(ctx, q, func(rows *sql.Rows) (t Trunk, err error) {
		var text string
		if err := rows.Scan(&text); err != nil {
			return t, err
		}
		return t, yaml.Unmarshal([]byte(text), &t)
	}, "SELECT text FROM trunk_trunks ORDER BY position")
	if err != nil {
		return Part{}, fmt.Errorf("read trunks: %w", err)
	}
	return Part{Trunks: trunks}, nil
}

// spending is what a trunk's calls of a day cost.
type spending struct {
	trunk string
	day   string
	spent Money
	calls int64
}

func readSpending(ctx context.Context, q store.Queryer, day string) ([]spending, error) {
	all, err := store.Query(ctx, q, func(rows *sql.Rows) (s spending, err error) {
		return s, rows.Scan(&s.trunk, &s.day, &s.spent, &s.calls)
	}, "SELECT trunk, day, spent, calls FROM trunk_spending WHERE day = $1", day)
	if err != nil {
		return nil, fmt.Errorf("read what was spent: %w", err)
	}
	return all, nil
}

func writeSpending(ctx context.Context, db *store.DB, all []spending) error {
	err := db.Tx(ctx, func(tx *sql.Tx) error {
		w := store.NewWriter(ctx, tx)
		for _, s := range all {
			w.Exec(`INSERT INTO trunk_spending (trunk, day, spent, calls) VALUES ($1, $2, $3, $4)
				ON CONFLICT (trunk, day) DO UPDATE SET spent = excluded.spent, calls = excluded.calls`, s.trunk, s.day, int64(s.spent), s.calls)
		}
		return w.Err()
	})
	if err != nil {
		return fmt.Errorf("write what was spent: %w", err)
	}
	return nil
}
