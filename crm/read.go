package crm

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"threering/store"
)

// Export reads back the part that [Apply] wrote.
func Export(ctx context.Context, q store.Queryer) (Part, error) {
	country, err := readCountry(ctx, q)
	if err != nil {
		return Part{}, err
	}
	customers, err := readCustomers(ctx, q, country, "ORDER BY position")
	if err != nil {
		return Part{}, err
	}
	return Part{Country: country, Customers: customers}, nil
}

// readCountry is the country of numbers that are written without one.
func readCountry(ctx context.Context, q store.Queryer) (string, error) {
	var country string
	err := q.QueryRowContext(ctx, "SELECT value FROM crm_settings WHERE name = 'country'").Scan(&country)
	if errors.Is(err, sql.ErrNoRows) {
		return DefaultCountry, nil
	}
	if err != nil {
		return "", fmt.Errorf("read the numbers' country: %w", err)
	}
	return country, nil
}

// readCustomers reads the customers that the query's rest (WHERE, ORDER BY)
// selects, with all that is theirs; their numbers as the country writes them.
func readCustomers(ctx context.Context, q store.Queryer, country, rest string, args ...any) ([]Customer, error) {
	all, err := store.Query(ctx, q, func(rows *sql.Rows) (c Customer, err error) {
		return c, rows.Scan(&c.ID, &c.Name, &c.Company, &c.VIP, &c.Language, &c.Notes)
	}, "SELECT id, name, company, vip, language, notes FROM crm_customers "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("read customers: %w", err)
	}
	for i := range all {
		if err := readBelongings(ctx, q, &all[i], country); err != nil {
			return nil, fmt.Errorf("read customer %s: %w", all[i].ID, err)
		}
	}
	return all, nil
}

func readBelongings(ctx context.Context, q store.Queryer, c *Customer, country string) (err error) {
	c.Numbers, err = store.Query(ctx, q, func(rows *sql.Rows) (string, error) {
		var n Number
		err := rows.Scan(&n.Kind, &n.Digits)
		return n.In(country), err
	}, "SELECT kind, digits FROM crm_numbers WHERE customer = $1 ORDER BY position", c.ID)
	if err != nil {
		return err
	}
	c.Orders, err = store.Query(ctx, q, func(rows *sql.Rows) (o Order, err error) {
		var at int64
		err = rows.Scan(&o.ID, &o.Title, &o.State, &o.Amount, &at)
		o.OrderedAt = store.Time(at)
		return o, err
	}, "SELECT id, title, state, amount, ordered_at FROM crm_orders WHERE customer = $1 ORDER BY position", c.ID)
	if err != nil {
		return err
	}
	c.Matters, err = store.Query(ctx, q, func(rows *sql.Rows) (m Matter, err error) {
		var at int64
		err = rows.Scan(&m.ID, &m.Title, &m.State, &at)
		m.OpenedAt = store.Time(at)
		return m, err
	}, "SELECT id, title, state, opened_at FROM crm_matters WHERE customer = $1 ORDER BY position", c.ID)
	return err
}
