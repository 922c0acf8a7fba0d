-- 通知: what somebody is told, to an account or to a person (whatever account that person signs in with).
-- Who sent it and when stand in the act. A message to a person is read when any of the person's accounts has read it.
CREATE TABLE message (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT REFERENCES account (id),
    person_id BIGINT REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind <> ''),
    text TEXT NOT NULL CHECK (text <> ''),
    link TEXT NOT NULL DEFAULT '',
    read_ms BIGINT,
    act_id BIGINT NOT NULL REFERENCES act (id),
    CHECK ((account_id IS NULL) <> (person_id IS NULL))
);
CREATE INDEX message_account ON message (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX message_person ON message (person_id, id) WHERE person_id IS NOT NULL;
-- The number beside 通知 stands on every page: it must not count through what was read long ago.
CREATE INDEX message_account_unread ON message (account_id) WHERE read_ms IS NULL AND account_id IS NOT NULL;
CREATE INDEX message_person_unread ON message (person_id) WHERE read_ms IS NULL AND person_id IS NOT NULL;
