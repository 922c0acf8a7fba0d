-- Days are integers: days since 1970-01-01. -719162 (0001-01-01) stands for "always", 2932896 (9999-12-31) for "open".
-- Spans are half-open: from_day is inside, to_day is the first day outside.
CREATE TABLE organization (
    id BIGINT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE CHECK (code <> ''),
    act_id BIGINT NOT NULL REFERENCES act (id)
);

-- What is true of an organisation from a day to a day. Versions of one organisation join without gap or overlap.
CREATE TABLE organization_version (
    id BIGINT NOT NULL PRIMARY KEY,
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL,
    parent_id BIGINT REFERENCES organization (id),
    name TEXT NOT NULL CHECK (name <> ''),
    kind TEXT NOT NULL,
    credit_code TEXT NOT NULL DEFAULT '',
    ownership TEXT NOT NULL DEFAULT '' CHECK (ownership IN ('', '公有', '非公')),
    employees INTEGER CHECK (employees >= 0),
    members INTEGER CHECK (members >= 0),
    enterprises INTEGER CHECK (enterprises >= 0),
    act_id BIGINT NOT NULL REFERENCES act (id),
    CHECK (from_day < to_day),
    CHECK (parent_id <> organization_id),
    UNIQUE (organization_id, from_day)
);
CREATE INDEX organization_version_parent ON organization_version (parent_id);
