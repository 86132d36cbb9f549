-- +goose Up
CREATE TABLE center_settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE center_revision (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL -- counts the applies that changed something
);
INSERT INTO center_revision (id, revision) VALUES (1, 0);

CREATE TABLE center_trusted (
    network  TEXT PRIMARY KEY,
    position BIGINT NOT NULL
);

CREATE TABLE center_people (
    id       TEXT PRIMARY KEY,
    position BIGINT NOT NULL,
    name     TEXT NOT NULL,
    role     TEXT NOT NULL,
    device   TEXT NOT NULL, -- fixed address of the phone, or empty
    password TEXT NOT NULL  -- argon2id hash, or empty: cannot sign in
);

CREATE TABLE center_skills (
    person TEXT NOT NULL REFERENCES center_people (id) ON DELETE CASCADE,
    skill  TEXT NOT NULL,
    level  INTEGER NOT NULL,
    PRIMARY KEY (person, skill)
);

CREATE TABLE center_secrets (
    person     TEXT PRIMARY KEY REFERENCES center_people (id) ON DELETE CASCADE,
    realm      TEXT NOT NULL,
    ha1_md5    TEXT NOT NULL,
    ha1_sha256 TEXT NOT NULL
);

CREATE TABLE acd_queues (
    name          TEXT PRIMARY KEY,
    position      BIGINT NOT NULL,
    title         TEXT NOT NULL,
    skill         TEXT NOT NULL,
    strategy      TEXT NOT NULL,
    offer_timeout BIGINT NOT NULL, -- milliseconds, 0: as the ring cadence says
    max_wait      BIGINT,          -- milliseconds; NULL here and below: the default
    wrap_up       BIGINT,
    breather      BIGINT,
    misses        INTEGER NOT NULL,
    announce      INTEGER
);

CREATE TABLE acd_queue_agents (
    queue    TEXT NOT NULL REFERENCES acd_queues (name) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    agent    TEXT NOT NULL,
    PRIMARY KEY (queue, agent)
);

-- +goose Down
DROP TABLE acd_queue_agents;
DROP TABLE acd_queues;
DROP TABLE center_secrets;
DROP TABLE center_skills;
DROP TABLE center_people;
DROP TABLE center_trusted;
DROP TABLE center_revision;
DROP TABLE center_settings;
