-- +goose Up
ALTER TABLE ivr_numbers ADD COLUMN through TEXT NOT NULL DEFAULT ''; -- the last of a range; empty: one number

-- +goose Down
ALTER TABLE ivr_numbers DROP COLUMN through;
