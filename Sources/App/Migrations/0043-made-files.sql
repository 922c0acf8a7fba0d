-- A file that somebody asked for: a workbook, a document. What was asked, what it is called and its content are ciphertext that names
-- the row, and part. It is its asker's alone, for some hours.
CREATE TABLE made_file (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL CHECK (kind <> ''),
    -- `withdrawn`: the file of somebody who may stand in it was deleted by law.
    state TEXT NOT NULL CHECK (state IN ('making', 'ready', 'failed', 'withdrawn')),
    asked_cipher BYTEA,
    -- Name, type and size, or the sentence of the refusal.
    outcome_cipher BYTEA,
    asked_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    -- When it was first handed out.
    fetched_ms BIGINT,
    act_id BIGINT NOT NULL REFERENCES act (id),
    CHECK ((state = 'withdrawn') = (asked_cipher IS NULL)),
    CHECK ((state IN ('ready', 'failed')) = (outcome_cipher IS NOT NULL))
);
CREATE INDEX made_file_account ON made_file (account_id, id);
CREATE INDEX made_file_expires ON made_file (expires_ms);

CREATE TABLE made_file_part (
    file_id BIGINT NOT NULL REFERENCES made_file (id),
    part INTEGER NOT NULL,
    cipher BYTEA NOT NULL,
    PRIMARY KEY (file_id, part)
);

-- Between what takes moments and what takes minutes stands what somebody waits for.
DROP INDEX job_run_next;
DROP INDEX job_run_turn;
DROP INDEX job_run_suspect;
ALTER TABLE job_run RENAME COLUMN lane TO former_lane;
ALTER TABLE job_run ADD COLUMN lane TEXT NOT NULL DEFAULT 'small' CHECK (lane IN ('small', 'medium', 'large'));
UPDATE job_run SET lane = former_lane;
ALTER TABLE job_run DROP COLUMN former_lane;
CREATE INDEX job_run_next ON job_run (lane, place, id, due_ms) WHERE state = 'waiting';
CREATE INDEX job_run_turn ON job_run (lane, asker, place) WHERE state = 'waiting';
CREATE INDEX job_run_suspect ON job_run (lane, place, id) WHERE state = 'waiting' AND is_suspect = 1;
