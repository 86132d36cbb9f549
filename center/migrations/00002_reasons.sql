-- +goose Up
CREATE TABLE center_reasons (
    reason   TEXT PRIMARY KEY,
    position BIGINT NOT NULL
);

-- +goose Down
DROP TABLE center_reasons;
