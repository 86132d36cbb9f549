-- +goose Up
ALTER TABLE journal_changes ADD COLUMN queue TEXT NOT NULL DEFAULT ''; -- of queue.set
CREATE INDEX journal_changes_queue ON journal_changes (queue, nanos);

-- +goose Down
DROP INDEX journal_changes_queue;
ALTER TABLE journal_changes DROP COLUMN queue;
