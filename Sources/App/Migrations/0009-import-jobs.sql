-- An import in the browser: a file that waits, is judged, and goes in or not. The report and the file hold personal
-- numbers: both are ciphertext under the key of personal data, and the file goes away after some days.
CREATE TABLE import_job (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('judging', 'judged', 'applying', 'done', 'failed', 'interrupted')),
    effective_day INTEGER,
    -- host/process that works on it: how a job that a crash left behind is known.
    runner TEXT NOT NULL,
    -- What was found, or the sentence of the refusal.
    report_cipher BYTEA,
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    act_id BIGINT NOT NULL REFERENCES act (id)
);
CREATE INDEX import_job_account ON import_job (account_id, id);
CREATE INDEX import_job_state ON import_job (state);

CREATE TABLE import_file (
    job_id BIGINT NOT NULL REFERENCES import_job (id),
    part INTEGER NOT NULL,
    cipher BYTEA NOT NULL,
    PRIMARY KEY (job_id, part)
);
