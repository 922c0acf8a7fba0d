-- What an act left of every row it wrote, whatever table it is in: for each group of rows that share a key, the key and a
-- mark (16 bytes of an HMAC, key outside the database) over all their columns. The chain's MAC covers it.
CREATE TABLE act_mark (
    id BIGINT NOT NULL PRIMARY KEY,
    act_id BIGINT NOT NULL REFERENCES act (id),
    subject TEXT NOT NULL CHECK (subject <> ''),
    marks BYTEA NOT NULL
);
CREATE INDEX act_mark_act ON act_mark (act_id);
CREATE INDEX act_mark_subject ON act_mark (subject, id);
CREATE TRIGGER act_mark_keep BEFORE UPDATE ON act_mark BEGIN SELECT RAISE(ABORT, 'act_append_only'); END;
CREATE TRIGGER act_mark_stay BEFORE DELETE ON act_mark BEGIN SELECT RAISE(ABORT, 'act_append_only'); END;
