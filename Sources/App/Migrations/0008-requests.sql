-- One mechanism for what somebody asks and somebody else decides: 调入, later filings, nominations, leave.
-- `subject_id` is what it is about (for a transfer the person), `organization_id` who asks, `decider_id` the unit whose
-- officers decide; `content` is what is asked for, as JSON. `state` repeats the latest step for reading.
CREATE TABLE request (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    decider_id BIGINT NOT NULL REFERENCES organization (id),
    content TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'consented', 'declined', 'withdrawn')),
    act_id BIGINT NOT NULL REFERENCES act (id)
);
CREATE UNIQUE INDEX request_open ON request (kind, subject_id) WHERE state = 'asked';
CREATE INDEX request_decider ON request (decider_id, state);
CREATE INDEX request_asker ON request (organization_id, state);

-- Each state with the act that brought it about: who, when and why stand there.
CREATE TABLE request_step (
    request_id BIGINT NOT NULL REFERENCES request (id),
    act_id BIGINT NOT NULL REFERENCES act (id),
    state TEXT NOT NULL CHECK (state IN ('asked', 'consented', 'declined', 'withdrawn')),
    account_id BIGINT,
    PRIMARY KEY (request_id, act_id)
);
