-- +goose Up
CREATE TABLE journal_changes (
	at       BIGINT NOT NULL,
	nanos    BIGINT NOT NULL, -- of the same moment: changes may follow each other within a millisecond
	kind     TEXT NOT NULL,
	revision BIGINT NOT NULL, -- of the center's document that was in force
	details  TEXT NOT NULL
);
CREATE INDEX journal_changes_at ON journal_changes (at);
CREATE INDEX journal_changes_revision ON journal_changes (revision);
CREATE INDEX journal_changes_kind ON journal_changes (kind);

-- +goose Down
DROP TABLE journal_changes;
