-- What outlasts a request. `job`: what an act asked for; only acts write it. `job_run`: how it stands, which is no act: who has it in
-- hand and until when, how often it was tried, how far it has come; of what a schedule brings about there is this row alone.
CREATE TABLE job (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind <> ''),
    subject_id BIGINT,
    -- The account whose act it was, 0 for the program itself.
    asker BIGINT NOT NULL,
    -- What else is needed, ciphertext that names id and kind.
    payload_cipher BYTEA,
    act_id BIGINT NOT NULL REFERENCES act (id)
);

CREATE TABLE job_run (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind <> ''),
    job_key TEXT,
    lane TEXT NOT NULL CHECK (lane IN ('small', 'large')),
    subject_id BIGINT,
    asker BIGINT NOT NULL,
    -- The order in a lane: accounts take turns.
    place BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'working', 'done', 'failed', 'givenUp')),
    due_ms BIGINT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Grows each time it is taken in hand; an end under another number is refused.
    claim BIGINT NOT NULL DEFAULT 0,
    worker TEXT NOT NULL DEFAULT '',
    lease_ms BIGINT,
    begun_ms BIGINT,
    done_count BIGINT NOT NULL DEFAULT 0,
    total_count BIGINT,
    why TEXT NOT NULL DEFAULT '',
    enqueued_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    CHECK ((state = 'working') = (lease_ms IS NOT NULL))
);
CREATE UNIQUE INDEX job_run_open ON job_run (kind, job_key) WHERE state IN ('waiting', 'working');
CREATE INDEX job_run_next ON job_run (lane, place, id, due_ms) WHERE state = 'waiting';
CREATE INDEX job_run_turn ON job_run (lane, asker, place) WHERE state = 'waiting';
CREATE INDEX job_run_due ON job_run (due_ms) WHERE state = 'waiting';
CREATE INDEX job_run_lease ON job_run (lease_ms) WHERE state = 'working';
CREATE INDEX job_run_failed ON job_run (changed_ms) WHERE state = 'failed';
CREATE INDEX job_run_changed ON job_run (changed_ms, state);

-- The latest moment of each schedule that was seen to.
CREATE TABLE job_slot (
    kind TEXT NOT NULL PRIMARY KEY,
    slot_ms BIGINT NOT NULL
);
