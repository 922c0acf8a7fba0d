-- The day on which those who are to decide were last told, that it is their turn or again: what fell due since is told once, however long nobody served.
ALTER TABLE approval_step RENAME COLUMN reminded_day TO told_day;
UPDATE approval_step SET told_day = (
        SELECT (a.at_ms + 28800000) / 86400000 FROM act a WHERE a.id = approval_step.act_id AND a.at_ms BETWEEN 0 AND 253000000000000)
    WHERE state = 'open' AND told_day IS NULL;

-- Lists go by unit and by kind, newest first, without looking at what is of others.
DROP INDEX approval_asker;
DROP INDEX approval_decider;
CREATE INDEX approval_asker ON approval (organization_id, id);
CREATE INDEX approval_decider ON approval (decider_id, id);
CREATE INDEX approval_kind ON approval (kind, id);
CREATE INDEX approval_unended ON approval (id) WHERE state IN ('asked', 'returned');
CREATE INDEX approval_returned ON approval (organization_id, kind) WHERE state = 'returned';
-- What waits is read in the order of its due days, what has none last, and counted by who is to decide.
DROP INDEX approval_step_open;
CREATE INDEX approval_step_open ON approval_step (COALESCE(due_day, 2932896), approval_id, place) WHERE state = 'open';
CREATE INDEX approval_step_waiting ON approval_step (role, unit_id, person_id, approval_id) WHERE state = 'open';
CREATE INDEX approval_step_unit ON approval_step (unit_id, approval_id);
