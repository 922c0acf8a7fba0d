-- What an act left of a row before another is one look: without the id in the index each change of a row that changed often was held
-- against all others, or the table was read backwards.
CREATE INDEX act_change_row ON act_change (subject, subject_id, id);
DROP INDEX act_change_subject;
