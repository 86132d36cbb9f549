-- +goose Up
CREATE TABLE crm_settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE crm_customers (
    id       TEXT PRIMARY KEY,
    position BIGINT NOT NULL,
    name     TEXT NOT NULL,
    company  TEXT NOT NULL,
    vip      INTEGER NOT NULL,
    language TEXT NOT NULL,
    notes    TEXT NOT NULL
);

CREATE TABLE crm_numbers (
    customer TEXT NOT NULL REFERENCES crm_customers (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    kind     TEXT NOT NULL,
    digits   TEXT NOT NULL,
    PRIMARY KEY (customer, digits)
);
CREATE INDEX crm_numbers_digits ON crm_numbers (digits);

CREATE TABLE crm_orders (
    id         TEXT PRIMARY KEY,
    customer   TEXT NOT NULL REFERENCES crm_customers (id) ON DELETE CASCADE,
    position   BIGINT NOT NULL,
    title      TEXT NOT NULL,
    state      TEXT NOT NULL,
    amount     TEXT NOT NULL,
    ordered_at BIGINT NOT NULL
);
CREATE INDEX crm_orders_customer ON crm_orders (customer);

CREATE TABLE crm_matters (
    id        TEXT PRIMARY KEY,
    customer  TEXT NOT NULL REFERENCES crm_customers (id) ON DELETE CASCADE,
    position  BIGINT NOT NULL,
    title     TEXT NOT NULL,
    state     TEXT NOT NULL,
    opened_at BIGINT NOT NULL
);
CREATE INDEX crm_matters_customer ON crm_matters (customer);

-- +goose Down
DROP TABLE crm_matters;
DROP TABLE crm_orders;
DROP TABLE crm_numbers;
DROP TABLE crm_customers;
DROP TABLE crm_settings;
