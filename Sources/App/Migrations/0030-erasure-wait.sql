-- A consent to delete a file is carried out only after a time in which it can be undone. Whoever carries it out, of
-- several servers, is the one who turns 'waiting' into 'done', in the act that destroys the person's key.
CREATE TABLE erasure_wait (
    request_id BIGINT NOT NULL PRIMARY KEY REFERENCES request (id),
    person_id BIGINT NOT NULL REFERENCES person (id),
    due_ms BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'undone', 'done')),
    act_id BIGINT NOT NULL REFERENCES act (id)
);
CREATE UNIQUE INDEX erasure_wait_open ON erasure_wait (person_id) WHERE state = 'waiting';
CREATE INDEX erasure_wait_due ON erasure_wait (due_ms) WHERE state = 'waiting';
