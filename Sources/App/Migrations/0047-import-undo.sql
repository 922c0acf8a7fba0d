-- An import that was taken back, by the act that did it; and one that its user wants to hear no more of.
ALTER TABLE import_job ADD COLUMN undone_act_id BIGINT REFERENCES act (id);
ALTER TABLE import_job ADD COLUMN dismissed_ms BIGINT;
