-- The ledger of hours: append-only. A posting (sign 1) rests on one source; a reversal (sign -1) repeats what it
-- takes back, dates included (rules.md, reading 15); a correction is a reversal and a posting of the next revision.
-- source_key names the source within the person: it is made from 来源编号, or from name + form + dates without one.
-- The unique key and the foreign key to the prior step together make it impossible to post a source twice.
CREATE TABLE hour_entry (
    id BIGINT NOT NULL PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES person (id),
    source_key BIGINT NOT NULL,
    revision SMALLINT NOT NULL DEFAULT 0 CHECK (revision >= 0),
    sign SMALLINT NOT NULL DEFAULT 1 CHECK (sign IN (1, -1)),
    prior_revision SMALLINT,
    prior_sign SMALLINT,
    source_code TEXT NOT NULL DEFAULT '',
    title TEXT NOT NULL CHECK (title <> ''),
    form TEXT NOT NULL,
    is_selected SMALLINT NOT NULL CHECK (is_selected IN (0, 1)),
    purpose TEXT NOT NULL DEFAULT '',
    content TEXT NOT NULL DEFAULT '',
    host_id BIGINT REFERENCES organization (id),
    institution TEXT NOT NULL DEFAULT '',
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL,
    half_days INTEGER CHECK (half_days >= 0),
    hours INTEGER CHECK (hours >= 0),
    is_completed SMALLINT NOT NULL CHECK (is_completed IN (0, 1)),
    act_id BIGINT NOT NULL REFERENCES act (id),
    CHECK (from_day <= to_day),
    CHECK (half_days IS NOT NULL OR hours IS NOT NULL),
    CHECK ((sign = -1 AND prior_sign = 1 AND prior_revision = revision)
        OR (sign = 1 AND revision > 0 AND prior_sign = -1 AND prior_revision = revision - 1)
        OR (sign = 1 AND revision = 0 AND prior_sign IS NULL AND prior_revision IS NULL)),
    UNIQUE (person_id, source_key, revision, sign),
    FOREIGN KEY (person_id, source_key, prior_revision, prior_sign)
        REFERENCES hour_entry (person_id, source_key, revision, sign)
);

-- Institutions that the register marks as not recognised (rules.md A7, reading 7). Any other is recognised.
CREATE TABLE unrecognised_institution (
    name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
    act_id BIGINT NOT NULL REFERENCES act (id)
);
