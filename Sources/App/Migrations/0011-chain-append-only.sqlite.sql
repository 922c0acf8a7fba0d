CREATE TRIGGER act_link_keep BEFORE UPDATE ON act_link BEGIN SELECT RAISE(ABORT, 'act_link_append_only'); END;
CREATE TRIGGER act_link_stay BEFORE DELETE ON act_link BEGIN SELECT RAISE(ABORT, 'act_link_append_only'); END;
CREATE TRIGGER act_chain_stay BEFORE DELETE ON act_chain BEGIN SELECT RAISE(ABORT, 'act_chain_append_only'); END;
