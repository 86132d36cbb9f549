-- +goose Up
ALTER TABLE sip_contacts ADD COLUMN path     TEXT   NOT NULL DEFAULT '';
ALTER TABLE sip_contacts ADD COLUMN instance TEXT   NOT NULL DEFAULT '';
ALTER TABLE sip_contacts ADD COLUMN reg_id   BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE sip_contacts DROP COLUMN path;
ALTER TABLE sip_contacts DROP COLUMN instance;
ALTER TABLE sip_contacts DROP COLUMN reg_id;
