-- Every write happens inside a named act: who, when, from where, what and why.
-- `tail` has one row. A write transaction locks it first and leaves the last id it gave out there, so that
-- ids grow in the order of commits, and a reader who remembers the last id it saw has missed nothing.
CREATE TABLE tail (
    one SMALLINT NOT NULL PRIMARY KEY CHECK (one = 1),
    last_id BIGINT NOT NULL
);
INSERT INTO tail (one, last_id) VALUES (1, 0);

CREATE TABLE act (
    id BIGINT NOT NULL PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    account_id BIGINT,
    who TEXT NOT NULL,
    origin TEXT NOT NULL,
    kind TEXT NOT NULL,
    why TEXT NOT NULL
);

-- One row for each row of a dated or correctable table that an act changed: its image before and after, as JSON.
-- Personal numbers stand in the images only as ciphertext.
CREATE TABLE act_change (
    id BIGINT NOT NULL PRIMARY KEY,
    act_id BIGINT NOT NULL REFERENCES act (id),
    subject TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    before_image TEXT,
    after_image TEXT,
    CHECK (before_image IS NOT NULL OR after_image IS NOT NULL)
);
CREATE INDEX act_change_subject ON act_change (subject, subject_id);
CREATE INDEX act_change_act ON act_change (act_id);
