-- 一次性码: a code on paper by which somebody without a password proves to be the one it was handed to. Kept as a keyed
-- hash only. `batch_id` is the act that made it, with the maker's name; several made at once have the same.
CREATE TABLE slip (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL CHECK (kind IN ('activation', 'reset')),
    -- Whether using it takes the second factor away, so that another one is set up.
    takes_factor SMALLINT NOT NULL CHECK (takes_factor IN (0, 1)),
    hash BYTEA NOT NULL,
    -- Where the person's primary post was; none where the account is nobody's file.
    organization_id BIGINT REFERENCES organization (id),
    batch_id BIGINT NOT NULL REFERENCES act (id),
    made_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    ending TEXT CHECK (ending IN ('used', 'voided', 'replaced')),
    ended_ms BIGINT,
    act_id BIGINT NOT NULL REFERENCES act (id),
    CHECK (made_ms < expires_ms),
    CHECK ((ending IS NULL) = (ended_ms IS NULL))
);
-- One valid code of an account: a new one ends the former.
CREATE UNIQUE INDEX slip_open ON slip (account_id) WHERE ending IS NULL;
CREATE INDEX slip_account ON slip (account_id, id);
CREATE INDEX slip_batch ON slip (batch_id);
CREATE INDEX slip_place ON slip (organization_id, batch_id);

-- One account of a person waits to be activated.
CREATE UNIQUE INDEX account_waiting ON account (person_id) WHERE state = 'new' AND person_id IS NOT NULL;

-- The code that a sign-in began with: it is used up by the last of its steps. `is_strong`: the second factor has been asked for.
ALTER TABLE sign_in_step ADD COLUMN slip_id BIGINT REFERENCES slip (id);
ALTER TABLE sign_in_step ADD COLUMN is_strong SMALLINT NOT NULL DEFAULT 0 CHECK (is_strong IN (0, 1));
