-- Each person's own key, under the data key: the images of the person's row in act_change are ciphertext under it.
-- A lawful deletion destroys the key; the chain, which is made over the ciphertext, stays whole.
CREATE TABLE person_key (
    person_id BIGINT NOT NULL PRIMARY KEY,
    wrapped BYTEA NOT NULL
);
-- The auditor's questions.
CREATE INDEX act_kind ON act (kind, id);
CREATE INDEX act_who ON act (who, id);
