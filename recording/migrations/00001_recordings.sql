-- +goose Up
CREATE TABLE recordings (
	id         TEXT PRIMARY KEY,
	call_id    TEXT NOT NULL,
	talk       INTEGER NOT NULL,
	agent      TEXT NOT NULL,
	queue      TEXT NOT NULL,
	caller     TEXT NOT NULL,
	started_at BIGINT NOT NULL,
	ended_at   BIGINT NOT NULL, -- 0 while it is being recorded
	state      TEXT NOT NULL,   -- recording, complete, repaired, failed
	bytes      BIGINT NOT NULL,
	dropped    BIGINT NOT NULL,
	late       BIGINT NOT NULL,
	error      TEXT NOT NULL,
	file       TEXT NOT NULL UNIQUE
);
CREATE INDEX recordings_by_call ON recordings (call_id, started_at);
CREATE INDEX recordings_by_time ON recordings (started_at);
CREATE INDEX recordings_by_state ON recordings (state);

-- +goose Down
DROP TABLE recordings;
