-- +goose Up
ALTER TABLE recordings ADD COLUMN present TEXT NOT NULL DEFAULT ''; -- who was there beside caller and agent, JSON

-- +goose Down
ALTER TABLE recordings DROP COLUMN present;
