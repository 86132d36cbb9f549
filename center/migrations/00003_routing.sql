-- +goose Up
ALTER TABLE acd_queues ADD COLUMN routing TEXT NOT NULL DEFAULT '{}'; -- JSON

-- +goose Down
ALTER TABLE acd_queues DROP COLUMN routing;
