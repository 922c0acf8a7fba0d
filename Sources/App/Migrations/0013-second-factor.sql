-- An account that waits for its first sign-in has no password yet; a locked one may come back, a closed one must be activated anew.
ALTER TABLE account ADD COLUMN state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('new', 'active', 'locked', 'closed'));

-- The second factor (TOTP, RFC 6238). The secret is ciphertext; last_step is the time step of the last code that was
-- taken: none is taken twice.
CREATE TABLE account_factor (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES account (id),
    secret_cipher BYTEA NOT NULL,
    last_step BIGINT NOT NULL,
    set_ms BIGINT NOT NULL,
    act_id BIGINT NOT NULL REFERENCES act (id)
);
-- Codes for the day the phone is gone, as keyed hashes; a used one goes.
CREATE TABLE recovery_code (
    account_id BIGINT NOT NULL REFERENCES account (id),
    hash BYTEA NOT NULL,
    PRIMARY KEY (account_id, hash)
);

-- A sign-in between its steps: something was right, something is still owed. It is no session: it opens its next step
-- and nothing else.
CREATE TABLE sign_in_step (
    fingerprint BYTEA NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL CHECK (kind IN ('code', 'enrol', 'saved', 'set')),
    -- By what the account was known: its password, a slip of paper, or the provider of single sign-on.
    proof TEXT NOT NULL CHECK (proof IN ('password', 'slip', 'provider')),
    form_secret TEXT NOT NULL,
    -- Of an authenticator that is being set up.
    secret_cipher BYTEA,
    target TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX sign_in_step_account ON sign_in_step (account_id);
CREATE INDEX sign_in_step_expires ON sign_in_step (expires_ms);

-- What a session's owner is shown of it, and whether a second factor was asked for it.
ALTER TABLE session ADD COLUMN number BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN proof TEXT NOT NULL DEFAULT 'password' CHECK (proof IN ('password', 'slip', 'provider'));
ALTER TABLE session ADD COLUMN is_strong SMALLINT NOT NULL DEFAULT 0 CHECK (is_strong IN (0, 1));

-- Browsers an account has signed in from: a token of their own, here its fingerprint. Their failures are counted apart,
-- so that whoever guesses elsewhere does not keep the owner out; a new one is told to the owner.
CREATE TABLE account_device (
    account_id BIGINT NOT NULL REFERENCES account (id),
    fingerprint BYTEA NOT NULL,
    address TEXT NOT NULL,
    last_ms BIGINT NOT NULL,
    PRIMARY KEY (account_id, fingerprint)
);
