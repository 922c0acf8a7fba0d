-- Personal numbers: *_cipher is authenticated encryption under the key file; the indexes are keyed hashes of the
-- whole number and of its first six + last four characters, no other fragment.
CREATE TABLE person (
    id BIGINT NOT NULL PRIMARY KEY,
    code TEXT UNIQUE CHECK (code <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    pinyin TEXT NOT NULL,
    initials TEXT NOT NULL,
    id_cipher BYTEA NOT NULL,
    id_index BYTEA NOT NULL,
    id_part_index BYTEA NOT NULL,
    birth_day INTEGER NOT NULL,
    gender TEXT NOT NULL DEFAULT '',
    ethnicity TEXT NOT NULL DEFAULT '',
    politics TEXT NOT NULL DEFAULT '',
    education TEXT NOT NULL DEFAULT '',
    degree TEXT NOT NULL DEFAULT '',
    phone_cipher BYTEA,
    phone_index BYTEA,
    merged_into BIGINT REFERENCES person (id),
    act_id BIGINT NOT NULL REFERENCES act (id),
    CHECK (merged_into <> id)
);
-- One living person per ID number; a merged file keeps its number.
CREATE UNIQUE INDEX person_id_number ON person (id_index) WHERE merged_into IS NULL;
CREATE INDEX person_id_part ON person (id_part_index);
CREATE INDEX person_phone ON person (phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX person_pinyin ON person (pinyin, id);
CREATE INDEX person_initials ON person (initials);
CREATE INDEX person_twins ON person (name, birth_day);
CREATE INDEX person_merged ON person (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE appointment (
    id BIGINT NOT NULL PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES person (id),
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL,
    is_primary SMALLINT NOT NULL CHECK (is_primary IN (0, 1)),
    category TEXT NOT NULL DEFAULT '',
    workforce TEXT NOT NULL DEFAULT '',
    engagement TEXT NOT NULL DEFAULT '' CHECK (engagement IN ('', 'fullTime', 'partTime', 'seconded')),
    title TEXT NOT NULL DEFAULT '',
    is_leadership SMALLINT NOT NULL DEFAULT 0 CHECK (is_leadership IN (0, 1)),
    act_id BIGINT NOT NULL REFERENCES act (id),
    CHECK (from_day < to_day),
    UNIQUE (person_id, organization_id, from_day, title)
);
CREATE INDEX appointment_organization ON appointment (organization_id, from_day);
