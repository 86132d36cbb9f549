-- +goose Up
CREATE TABLE journal_calls (
	id         TEXT PRIMARY KEY,
	started_at BIGINT NOT NULL,
	ended_at   BIGINT NOT NULL DEFAULT 0,
	number     TEXT NOT NULL,
	dialled    TEXT NOT NULL,
	queue      TEXT NOT NULL DEFAULT '',
	agent      TEXT NOT NULL DEFAULT '',
	outcome    TEXT NOT NULL,
	entries    INTEGER NOT NULL,
	summary    TEXT NOT NULL
);
CREATE INDEX journal_calls_started ON journal_calls (started_at, id);
CREATE INDEX journal_calls_number ON journal_calls (number, started_at);
CREATE INDEX journal_calls_agent ON journal_calls (agent, started_at);
CREATE INDEX journal_calls_open ON journal_calls (ended_at);

CREATE TABLE journal_entries (
	call_id TEXT NOT NULL,
	seq     INTEGER NOT NULL,
	at      BIGINT NOT NULL,
	kind    TEXT NOT NULL,
	details TEXT NOT NULL,
	PRIMARY KEY (call_id, seq)
);

CREATE TABLE journal_agents (
	agent   TEXT NOT NULL,
	at      BIGINT NOT NULL,
	nanos   BIGINT NOT NULL, -- of the same moment: states may follow each other within a millisecond
	state   TEXT NOT NULL,
	reason  TEXT NOT NULL,
	call_id TEXT NOT NULL
);
CREATE INDEX journal_agents_agent ON journal_agents (agent, at);

-- +goose Down
DROP TABLE journal_agents;
DROP TABLE journal_entries;
DROP TABLE journal_calls;
