-- 上岗证书 (rules E2): who holds which, until when it is valid (the last day; open has none) and when a refresher is due.
-- It ends by its last day, or earlier on `ended_day`, the first day on which it no longer holds.
CREATE TABLE post_certificate (
    id BIGINT NOT NULL PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES person (id),
    number TEXT NOT NULL CHECK (number <> ''),
    title TEXT NOT NULL CHECK (title <> ''),
    issuer TEXT NOT NULL CHECK (issuer <> ''),
    issued_day INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    refresher_due INTEGER,
    ended_day INTEGER,
    act_id BIGINT NOT NULL REFERENCES act (id),
    CHECK (issued_day <= valid_until),
    CHECK (refresher_due BETWEEN issued_day AND valid_until),
    CHECK (ended_day > issued_day),
    UNIQUE (issuer, number)
);
CREATE INDEX post_certificate_person ON post_certificate (person_id);

-- Who is responsible for a unit is asked on pages of single people.
CREATE INDEX account_grant_place ON account_grant (organization_id, role);
