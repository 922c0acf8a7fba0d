CREATE TRIGGER hour_entry_keep BEFORE UPDATE ON hour_entry BEGIN SELECT RAISE(ABORT, 'hour_entry_append_only'); END;
CREATE TRIGGER hour_entry_stay BEFORE DELETE ON hour_entry BEGIN SELECT RAISE(ABORT, 'hour_entry_append_only'); END;
CREATE TRIGGER act_keep BEFORE UPDATE ON act BEGIN SELECT RAISE(ABORT, 'act_append_only'); END;
CREATE TRIGGER act_stay BEFORE DELETE ON act BEGIN SELECT RAISE(ABORT, 'act_append_only'); END;
CREATE TRIGGER act_change_keep BEFORE UPDATE ON act_change BEGIN SELECT RAISE(ABORT, 'act_append_only'); END;
CREATE TRIGGER act_change_stay BEFORE DELETE ON act_change BEGIN SELECT RAISE(ABORT, 'act_append_only'); END;
