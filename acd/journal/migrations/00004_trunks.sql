-- +goose Up
CREATE TABLE journal_trunks (
	at      BIGINT NOT NULL,
	kind    TEXT NOT NULL,
	trunk   TEXT NOT NULL, -- empty: of a call that no trunk let out
	call_id TEXT NOT NULL, -- empty: of none
	details TEXT NOT NULL
);
CREATE INDEX journal_trunks_at ON journal_trunks (at);

-- +goose Down
DROP TABLE journal_trunks;
