-- +goose Up
CREATE TABLE ivr_flows (
    name    TEXT NOT NULL PRIMARY KEY,
    version TEXT NOT NULL, -- hash of the text
    text    TEXT NOT NULL  -- the flow as YAML
);

CREATE TABLE ivr_numbers (
    number   TEXT NOT NULL PRIMARY KEY,
    flow     TEXT NOT NULL REFERENCES ivr_flows (name),
    position INTEGER NOT NULL -- in the document
);

-- +goose Down
DROP TABLE ivr_numbers;
DROP TABLE ivr_flows;
