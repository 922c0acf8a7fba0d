CREATE TRIGGER act_link_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON act_link EXECUTE FUNCTION refuse_change();
CREATE TRIGGER act_chain_stay BEFORE DELETE OR TRUNCATE ON act_chain EXECUTE FUNCTION refuse_change();
-- The role that serves loses the right as well. A foreign key asks for the right to update one column of the row it
-- points to, so that of the ids stays; the triggers refuse its use.
REVOKE UPDATE, DELETE, TRUNCATE ON act, act_change, act_link, hour_entry FROM PUBLIC, CURRENT_USER;
REVOKE DELETE, TRUNCATE ON act_chain FROM PUBLIC, CURRENT_USER;
GRANT UPDATE (id) ON act, hour_entry TO CURRENT_USER;
