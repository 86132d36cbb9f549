-- +goose Up
CREATE TABLE sip_contacts (
	id            TEXT   NOT NULL PRIMARY KEY,
	device        TEXT   NOT NULL,
	uri           TEXT   NOT NULL,
	network       TEXT   NOT NULL,
	source        TEXT   NOT NULL,
	call_id       TEXT   NOT NULL,
	cseq          BIGINT NOT NULL,
	registered_at BIGINT NOT NULL,
	expires_at    BIGINT NOT NULL
);

-- +goose Down
DROP TABLE sip_contacts;
