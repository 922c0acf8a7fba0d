-- What is to be marked in an import's file stands apart from what pages show of it, and who works on it in `job_run`. What was at
-- work when the program was replaced has changed nothing.
CREATE TABLE import_marks (
    job_id BIGINT NOT NULL PRIMARY KEY REFERENCES import_job (id),
    cipher BYTEA NOT NULL
);
UPDATE import_job SET state = 'interrupted' WHERE state IN ('judging', 'applying');
ALTER TABLE import_job DROP COLUMN runner;
