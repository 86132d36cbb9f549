-- +goose Up
CREATE TABLE replay_runs (
	id       INTEGER PRIMARY KEY,
	began_at BIGINT NOT NULL, -- the brain's moment zero, in milliseconds
	version  TEXT NOT NULL
);

CREATE TABLE replay_chunks (
	run      INTEGER NOT NULL REFERENCES replay_runs (id) ON DELETE CASCADE,
	seq      INTEGER NOT NULL,
	first_at BIGINT NOT NULL, -- milliseconds
	last_at  BIGINT NOT NULL,
	steps    INTEGER NOT NULL,
	body     TEXT NOT NULL, -- JSON lines, deflated, in base64
	PRIMARY KEY (run, seq)
);

-- +goose Down
DROP TABLE replay_chunks;
DROP TABLE replay_runs;
