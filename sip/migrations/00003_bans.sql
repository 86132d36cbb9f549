-- +goose Up
CREATE TABLE sip_bans (
	network TEXT    NOT NULL,
	device  TEXT    NOT NULL,
	why     TEXT    NOT NULL,
	proven  INTEGER NOT NULL,
	times   INTEGER NOT NULL,
	since   BIGINT  NOT NULL,
	until   BIGINT  NOT NULL,
	PRIMARY KEY (network, device)
);

-- +goose Down
DROP TABLE sip_bans;
