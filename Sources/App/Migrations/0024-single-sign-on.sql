-- Whom a provider of single sign-on names, and the account that is. What the provider calls somebody may be a phone
-- number, so it is kept as numbers are: ciphertext, and a keyed hash to find it by. One identity, one account.
CREATE TABLE account_identity (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    issuer TEXT NOT NULL CHECK (issuer <> ''),
    subject_index BYTEA NOT NULL,
    subject_cipher BYTEA NOT NULL,
    bound_ms BIGINT NOT NULL,
    act_id BIGINT NOT NULL REFERENCES act (id),
    UNIQUE (issuer, subject_index),
    UNIQUE (account_id, issuer)
);

-- Sign-ins that came back from a provider, so that none comes back twice.
CREATE TABLE provider_return (
    fingerprint BYTEA NOT NULL PRIMARY KEY,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX provider_return_expires ON provider_return (expires_ms);
