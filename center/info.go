package center

import (
	"context"
	"database/sql"
	"fmt"

	"threering/store"
)

// settings names the place of each of the center's settings.
func (i *Info) settings() []struct {
	name  string
	value *string
} {
	return []struct {
		name  string
		value *string
	}{
		{"name", &i.Name},
		{"time_zone", &i.TimeZone},
		{"language", &i.Language},
		{"country", &i.Country},
		{"ring_cadence", (*string)(&i.RingCadence)},
		{"music", &i.Music},
	}
}

// Info is the center's own settings as they are now, with all reasons.
func (c *Center) Info(ctx context.Context) (Info, error) {
	info, err := readInfo(ctx, c.db)
	if len(info.Reasons) == 0 {
		info.Reasons = usualReasons(info.Language)
	}
	return info, err
}

func writeInfo(ctx context.Context, tx *sql.Tx, info Info) error {
	w := store.NewWriter(ctx, tx)
	w.Exec("DELETE FROM center_settings")
	for _, s := range info.settings() {
		w.Exec("INSERT INTO center_settings (name, value) VALUES ($1, $2)", s.name, *s.value)
	}
	if err := w.Err(); err != nil {
		return fmt.Errorf("write the center's settings: %w", err)
	}
	return writeReasons(ctx, tx, info.Reasons)
}

func readInfo(ctx context.Context, q store.Queryer) (Info, error) {
	info := defaultInfo()
	_, err := store.Query(ctx, q, func(rows *sql.Rows) (name string, err error) {
		var value string
		if err := rows.Scan(&name, &value); err != nil {
			return "", err
		}
		for _, s := range info.settings() {
			if s.name == name {
				*s.value = value
			}
		}
		return name, nil
	}, "SELECT name, value FROM center_settings")
	if err != nil {
		return Info{}, fmt.Errorf("read the center's settings: %w", err)
	}
	info.Reasons, err = readReasons(ctx, q)
	return info, err
}

func writeTrusted(ctx context.Context, tx *sql.Tx, networks []string) error {
	w := store.NewWriter(ctx, tx)
	w.Exec("DELETE FROM center_trusted")
	for i, network := range networks {
		w.Exec("INSERT INTO center_trusted (network, position) VALUES ($1, $2)", network, i)
	}
	if err := w.Err(); err != nil {
		return fmt.Errorf("write trusted networks: %w", err)
	}
	return nil
}

func readTrusted(ctx context.Context, q store.Queryer) ([]string, error) {
	networks, err := store.Query(ctx, q, store.Text, "SELECT network FROM center_trusted ORDER BY position")
	if err != nil {
		return nil, fmt.Errorf("read trusted networks: %w", err)
	}
	return networks, nil
}
