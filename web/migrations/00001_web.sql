-- +goose Up
CREATE TABLE web_sessions (
	token      TEXT PRIMARY KEY, -- hash of the cookie's value
	data       TEXT NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE INDEX web_sessions_expires ON web_sessions (expires_at);

CREATE TABLE web_plays (
	id        TEXT PRIMARY KEY,
	at        BIGINT NOT NULL,
	last_at   BIGINT NOT NULL, -- of the last piece that was fetched
	person    TEXT NOT NULL,
	session   TEXT NOT NULL,
	recording TEXT NOT NULL,
	call_id   TEXT NOT NULL,
	address   TEXT NOT NULL
);
CREATE INDEX web_plays_recording ON web_plays (recording, session, last_at);
CREATE INDEX web_plays_at ON web_plays (at);

-- +goose Down
DROP TABLE web_plays;
DROP TABLE web_sessions;
