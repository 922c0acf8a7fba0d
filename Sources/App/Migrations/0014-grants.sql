-- A grant knows the act that gave it (who, when, why) and, an officer's, the one appointment it rests on: it holds while
-- that appointment does, at the unit where it was when the grant was given. The appointment is no reference: one that is
-- taken back is gone, and the grant with it until the appointment is there again.
CREATE TABLE grant_copy AS SELECT id, account_id, role, organization_id, from_day, to_day, act_id FROM account_grant;
DROP TABLE account_grant;
CREATE TABLE account_grant (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    role TEXT NOT NULL,
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    from_day INTEGER NOT NULL,
    -- Never before from_day; the same day where it was taken back before it had begun.
    to_day INTEGER NOT NULL,
    appointment_id BIGINT,
    appointment_unit_id BIGINT REFERENCES organization (id),
    given_act_id BIGINT NOT NULL REFERENCES act (id),
    ended_act_id BIGINT REFERENCES act (id),
    act_id BIGINT NOT NULL REFERENCES act (id),
    CHECK (from_day <= to_day),
    CHECK ((appointment_id IS NULL) = (appointment_unit_id IS NULL))
);
INSERT INTO account_grant (id, account_id, role, organization_id, from_day, to_day, given_act_id, act_id)
    SELECT id, account_id, role, organization_id, from_day, to_day, act_id, act_id FROM grant_copy;
DROP TABLE grant_copy;
CREATE INDEX account_grant_account ON account_grant (account_id);
CREATE INDEX account_grant_unit ON account_grant (organization_id, role);
CREATE UNIQUE INDEX account_grant_once ON account_grant (account_id, role, organization_id, from_day, coalesce(appointment_id, 0))
    WHERE from_day < to_day;

-- What an account was told about the end of a grant: that it comes, or that it has come. Another end is told anew.
CREATE TABLE grant_notice (
    grant_id BIGINT NOT NULL REFERENCES account_grant (id),
    end_day INTEGER NOT NULL,
    is_over SMALLINT NOT NULL CHECK (is_over IN (0, 1)),
    PRIMARY KEY (grant_id, end_day, is_over)
);

-- The grants a session has worked with, by their ids: it ends when one of them no longer holds.
ALTER TABLE session ADD COLUMN grant_ids TEXT NOT NULL DEFAULT '';
