-- +goose Up
CREATE TABLE sip_ladders (
	call_id  TEXT    NOT NULL,
	leg      TEXT    NOT NULL,
	who      TEXT    NOT NULL,
	asks     INTEGER NOT NULL,
	began_at BIGINT  NOT NULL,
	more     INTEGER NOT NULL,
	messages TEXT    NOT NULL,
	PRIMARY KEY (call_id, leg)
);
CREATE INDEX sip_ladders_by_time ON sip_ladders (began_at);

-- +goose Down
DROP TABLE sip_ladders;
