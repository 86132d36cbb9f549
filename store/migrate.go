package store

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// Migrate brings the tables of a room up to date. The migrations are goose's
// SQL files (00001_name.sql) at the root of the file system or in its folder
// "migrations", so that a room hands over what it embeds. What has been done
// is remembered in a table of the room's own, "<room>_migrations", so that the
// rooms number their files without regard to each other.
func (db *DB) Migrate(ctx context.Context, room string, migrations fs.FS) error {
	if err := db.migrate(ctx, room, migrations); err != nil {
		return fmt.Errorf("migrate the tables of %s: %w", room, err)
	}
	return nil
}

func (db *DB) migrate(ctx context.Context, room string, migrations fs.FS) error {
	if info, err := fs.Stat(migrations, "migrations"); err == nil && info.IsDir() {
		if migrations, err = fs.Sub(migrations, "migrations"); err != nil {
			return err
		}
	}
	history, err := database.NewStore(database.DialectSQLite3, room+"_migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectCustom, db.DB, migrations,
		goose.WithStore(history),
		goose.WithDisableGlobalRegistry(true),
		goose.WithSlog(slog.New(slog.DiscardHandler)))
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}
