-- +goose Up
CREATE INDEX journal_entries_at ON journal_entries (at);

-- +goose Down
DROP INDEX journal_entries_at;
