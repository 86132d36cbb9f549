-- +goose Up
CREATE TABLE trunk_trunks (
    name     TEXT PRIMARY KEY,
    position BIGINT NOT NULL,
    text     TEXT NOT NULL -- of the document; passwords are no part of it
);

CREATE TABLE trunk_spending (
    trunk TEXT   NOT NULL,
    day   TEXT   NOT NULL, -- 2006-01-02, of the center
    spent BIGINT NOT NULL, -- ten-thousandths
    calls BIGINT NOT NULL,
    PRIMARY KEY (trunk, day)
);

-- +goose Down
DROP TABLE trunk_spending;
DROP TABLE trunk_trunks;
