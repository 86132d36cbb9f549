-- +goose Up
CREATE TABLE journal_call_agents (
	call_id TEXT NOT NULL,
	agent   TEXT NOT NULL,
	PRIMARY KEY (agent, call_id)
);
INSERT INTO journal_call_agents (call_id, agent) SELECT id, agent FROM journal_calls WHERE agent <> '';

-- +goose Down
DROP TABLE journal_call_agents;
