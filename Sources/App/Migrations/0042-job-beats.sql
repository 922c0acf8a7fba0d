-- Whoever works shows signs of life by counting `beat` on; others judge by what they have seen of it, not by clocks and names.
ALTER TABLE job_run RENAME COLUMN lease_ms TO beat;
-- Whether a process ended with it and others in hand, and nobody knows by which: of such one at a time is worked on.
ALTER TABLE job_run ADD COLUMN is_suspect INTEGER NOT NULL DEFAULT 0 CHECK (is_suspect IN (0, 1));
-- How often it failed for good: what falls due by itself is begun again as the same row.
ALTER TABLE job_run ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
DROP INDEX job_run_lease;
CREATE INDEX job_run_working ON job_run (id) WHERE state = 'working';
CREATE INDEX job_run_suspect ON job_run (lane, place, id) WHERE state = 'waiting' AND is_suspect = 1;
