-- Rows that were taken away are found by the image they left: who they were of is no longer in any table.
CREATE INDEX act_change_gone ON act_change (subject, id) WHERE after_image IS NULL;
