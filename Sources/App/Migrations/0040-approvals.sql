-- What somebody asks and others decide, step by step. `subject_id` is what it is about (for a transfer the person),
-- `organization_id` the unit that asks, `decider_id` the unit that is asked; `state`, `round` and `turn` repeat the latest for reading.
CREATE TABLE approval (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    decider_id BIGINT NOT NULL REFERENCES organization (id),
    state TEXT NOT NULL CHECK (state IN ('asked', 'returned', 'consented', 'declined', 'withdrawn')),
    -- How often it was asked, and whose turn it is among the steps of this round.
    round INTEGER NOT NULL CHECK (round BETWEEN 1 AND 1000),
    turn INTEGER NOT NULL CHECK (turn BETWEEN 1 AND 100),
    act_id BIGINT NOT NULL REFERENCES act (id)
);
CREATE UNIQUE INDEX approval_open ON approval (kind, subject_id) WHERE state IN ('asked', 'returned');
CREATE INDEX approval_subject ON approval (kind, subject_id, id);
CREATE INDEX approval_asker ON approval (organization_id, state);
CREATE INDEX approval_decider ON approval (decider_id, state);

-- What was asked, each time: nothing is written over. Decisions name the digest of what they decide about.
CREATE TABLE approval_round (
    approval_id BIGINT NOT NULL REFERENCES approval (id),
    round INTEGER NOT NULL,
    content TEXT NOT NULL,
    account_id BIGINT,
    act_id BIGINT NOT NULL REFERENCES act (id),
    PRIMARY KEY (approval_id, round)
);

-- Who is to decide, as the rules said when it was asked: a role at a unit, or a person. Steps of one turn go on beside each other.
CREATE TABLE approval_step (
    approval_id BIGINT NOT NULL REFERENCES approval (id),
    round INTEGER NOT NULL,
    place INTEGER NOT NULL CHECK (place BETWEEN 0 AND 99),
    turn INTEGER NOT NULL CHECK (turn BETWEEN 1 AND 100),
    role TEXT,
    unit_id BIGINT REFERENCES organization (id),
    person_id BIGINT REFERENCES person (id),
    -- Days that the deciders have from the day on which its turn comes, and the days before its end on which they are reminded.
    within_days INTEGER CHECK (within_days BETWEEN 1 AND 3660),
    remind_days TEXT NOT NULL,
    due_day INTEGER,
    reminded_day INTEGER,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'open', 'consented', 'returned', 'declined', 'void')),
    act_id BIGINT NOT NULL REFERENCES act (id),
    PRIMARY KEY (approval_id, round, place),
    CONSTRAINT approval_step_range CHECK (
        (due_day IS NULL OR due_day BETWEEN -719162 AND 2932896) AND (reminded_day IS NULL OR reminded_day BETWEEN -719162 AND 2932896)),
    CHECK ((role IS NULL) = (unit_id IS NULL)),
    CHECK ((role IS NULL) <> (person_id IS NULL))
);
CREATE INDEX approval_step_open ON approval_step (due_day, approval_id) WHERE state = 'open';
CREATE INDEX approval_step_person ON approval_step (person_id);

-- Each deed with the act that it was: who, when and why stand there. `stands_for_id`: the account in whose absence it was done.
CREATE TABLE approval_deed (
    approval_id BIGINT NOT NULL REFERENCES approval (id),
    act_id BIGINT NOT NULL REFERENCES act (id),
    verb TEXT NOT NULL CHECK (verb IN ('ask', 'consent', 'return', 'decline', 'withdraw', 'takeBack')),
    round INTEGER NOT NULL,
    place INTEGER,
    account_id BIGINT,
    stands_for_id BIGINT REFERENCES account (id),
    -- Of the content that was seen; none for deeds from before there were digests.
    digest TEXT,
    -- What was said about single parts of the content, as JSON by their keys.
    remarks TEXT,
    PRIMARY KEY (approval_id, act_id)
);
CREATE INDEX approval_deed_account ON approval_deed (account_id, approval_id);

-- 代理人: who decides for somebody who is away.
CREATE TABLE substitute (
    id BIGINT NOT NULL PRIMARY KEY,
    absent_id BIGINT NOT NULL REFERENCES account (id),
    substitute_id BIGINT NOT NULL REFERENCES account (id),
    from_day INTEGER NOT NULL,
    -- Never before from_day; the same day where it was taken back before it had begun.
    to_day INTEGER NOT NULL,
    chosen_by BIGINT REFERENCES account (id),
    act_id BIGINT NOT NULL REFERENCES act (id),
    CONSTRAINT substitute_range CHECK (from_day BETWEEN -719162 AND 2932896 AND to_day BETWEEN -719162 AND 2932896),
    CHECK (from_day <= to_day),
    CHECK (absent_id <> substitute_id)
);
CREATE INDEX substitute_absent ON substitute (absent_id, to_day);
CREATE INDEX substitute_of ON substitute (substitute_id, to_day);

-- Requests were decided in one step.
INSERT INTO approval (id, kind, subject_id, organization_id, decider_id, state, round, turn, act_id)
    SELECT id, kind, subject_id, organization_id, decider_id, state, 1, 1, act_id FROM request;
INSERT INTO approval_round (approval_id, round, content, account_id, act_id)
    SELECT r.id, 1, r.content, s.account_id, s.act_id FROM request r JOIN request_step s ON s.request_id = r.id
    WHERE s.act_id = (SELECT min(act_id) FROM request_step WHERE request_id = r.id);
INSERT INTO approval_step (approval_id, round, place, turn, role, unit_id, remind_days, state, act_id)
    SELECT id, 1, 0, 1, 'personnelOfficer', decider_id, '',
        CASE state WHEN 'asked' THEN 'open' WHEN 'consented' THEN 'consented' WHEN 'declined' THEN 'declined' ELSE 'void' END, act_id
    FROM request;
INSERT INTO approval_deed (approval_id, act_id, verb, round, place, account_id)
    SELECT s.request_id, s.act_id,
        CASE WHEN s.state = 'consented' THEN 'consent' WHEN s.state = 'declined' THEN 'decline' WHEN s.state = 'withdrawn' THEN 'withdraw'
            WHEN s.act_id = (SELECT min(act_id) FROM request_step WHERE request_id = s.request_id) THEN 'ask' ELSE 'takeBack' END,
        1, CASE WHEN s.state IN ('consented', 'declined') THEN 0 END, s.account_id
    FROM request_step s;

CREATE TABLE erasure_wait_copy AS SELECT request_id, person_id, due_ms, state, act_id FROM erasure_wait;
DROP TABLE erasure_wait;
CREATE TABLE erasure_wait (
    approval_id BIGINT NOT NULL PRIMARY KEY REFERENCES approval (id),
    person_id BIGINT NOT NULL REFERENCES person (id),
    due_ms BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'undone', 'done')),
    act_id BIGINT NOT NULL REFERENCES act (id)
);
INSERT INTO erasure_wait (approval_id, person_id, due_ms, state, act_id) SELECT request_id, person_id, due_ms, state, act_id FROM erasure_wait_copy;
DROP TABLE erasure_wait_copy;
CREATE UNIQUE INDEX erasure_wait_open ON erasure_wait (person_id) WHERE state = 'waiting';
CREATE INDEX erasure_wait_due ON erasure_wait (due_ms) WHERE state = 'waiting';

DROP TABLE request_step;
DROP TABLE request;
