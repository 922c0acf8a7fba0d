-- Acts are chained: each server process keeps a chain of its own, in which every act has the next number and a MAC
-- (HMAC-SHA256, key outside the database) over the one before, the act and the images of all rows it changed.
CREATE TABLE act_link (
    act_id BIGINT NOT NULL PRIMARY KEY REFERENCES act (id),
    chain_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL CHECK (sequence > 0),
    mac BYTEA NOT NULL,
    UNIQUE (chain_id, sequence)
);
-- Where each chain stands: what the next chain's first entry and the anchor outside the database name.
CREATE TABLE act_chain (
    id BIGINT NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL,
    mac BYTEA NOT NULL,
    last_act_id BIGINT NOT NULL
);
CREATE INDEX act_chain_last ON act_chain (last_act_id);
