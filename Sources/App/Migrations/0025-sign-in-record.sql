-- What an owner is told of the own account's sign-ins: the latest, the one before, and how often somebody was turned
-- away in between and since. Repeats what the acts say, for reading with every visit.
CREATE TABLE account_sign_in (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES account (id),
    opened_ms BIGINT,
    opened_from TEXT NOT NULL DEFAULT '',
    opened_with TEXT NOT NULL DEFAULT '',
    former_ms BIGINT,
    former_from TEXT NOT NULL DEFAULT '',
    former_with TEXT NOT NULL DEFAULT '',
    refused_before BIGINT NOT NULL DEFAULT 0 CHECK (refused_before >= 0),
    refused BIGINT NOT NULL DEFAULT 0 CHECK (refused >= 0)
);
