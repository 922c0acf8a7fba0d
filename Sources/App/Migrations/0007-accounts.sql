-- The key for personal data lies outside the database; this value, which gives nothing of it away, tells whether a key is the right one.
CREATE TABLE data_key (
    one SMALLINT NOT NULL PRIMARY KEY CHECK (one = 1),
    check_value BYTEA NOT NULL
);

-- Names of accounts are lower case, so that one who types Capitals finds the same account.
CREATE TABLE account (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    display_name TEXT NOT NULL CHECK (display_name <> ''),
    password_hash TEXT NOT NULL,
    person_id BIGINT REFERENCES person (id),
    created_ms BIGINT NOT NULL,
    act_id BIGINT NOT NULL REFERENCES act (id)
);
-- Not unique: duties that must stay apart are accounts apart, even of one person.
CREATE INDEX account_person ON account (person_id) WHERE person_id IS NOT NULL;

-- A grant is a role at an organisation from a day to a day, and covers the organisation's subtree.
CREATE TABLE account_grant (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    role TEXT NOT NULL,
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL,
    act_id BIGINT NOT NULL REFERENCES act (id),
    CHECK (from_day < to_day),
    UNIQUE (account_id, role, organization_id, from_day)
);

-- A session is found by the fingerprint of its token; the token itself is in the browser only.
CREATE TABLE session (
    fingerprint BYTEA NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    form_secret TEXT NOT NULL,
    origin TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_expires ON session (expires_ms);

-- Sign-ins that failed in a row, per account name and per address (as fingerprints: people type passwords into the wrong field).
CREATE TABLE sign_in_attempt (
    subject BYTEA NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL CHECK (failures >= 0),
    last_ms BIGINT NOT NULL
);
CREATE INDEX sign_in_attempt_last ON sign_in_attempt (last_ms);
