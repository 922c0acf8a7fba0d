-- An import that was taken back, by the act that did it; and one that its user wants to hear no more of.
ALTER TABLE import_job ADD COLUMN undone_act_id BIGINT REFERENCES act (id);
ALTER TABLE import_job ADD COLUMN dismissed_ms BIGINT;
-- A unit that goes is looked for among the hosts of the whole ledger, by this program and by the foreign key.
CREATE INDEX hour_entry_host ON hour_entry (host_id) WHERE host_id IS NOT NULL;
