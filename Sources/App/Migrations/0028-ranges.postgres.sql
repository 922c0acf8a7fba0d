-- Numbers and days that can be meant, and no others. NOT VALID: of what is written from here on, so that a database which
-- holds something else opens and `yugong verify` names it. The bounds stand once in the program (TrainingRecord.Bounds,
-- OrganizationFacts.counts, Day.numbers); a test holds the two together. A reversal of the ledger repeats what it takes back,
-- whatever that was.
ALTER TABLE hour_entry ADD CONSTRAINT hour_entry_range CHECK (sign = -1 OR (half_days BETWEEN 0 AND 19999
    AND hours BETWEEN 0 AND 9999999
    AND from_day BETWEEN -25567 AND 84005
    AND to_day BETWEEN -25567 AND 84005
    AND revision BETWEEN 0 AND 9999)) NOT VALID;
ALTER TABLE organization_version ADD CONSTRAINT organization_version_range CHECK (from_day BETWEEN -719162 AND 2932896
    AND to_day BETWEEN -719162 AND 2932896
    AND employees BETWEEN 0 AND 100000000
    AND members BETWEEN 0 AND 100000000
    AND enterprises BETWEEN 0 AND 100000000) NOT VALID;
ALTER TABLE person ADD CONSTRAINT person_range CHECK (birth_day BETWEEN -719162 AND 2932896) NOT VALID;
ALTER TABLE appointment ADD CONSTRAINT appointment_range CHECK (from_day BETWEEN -719162 AND 2932896
    AND to_day BETWEEN -719162 AND 2932896) NOT VALID;
ALTER TABLE account_grant ADD CONSTRAINT account_grant_range CHECK (from_day BETWEEN -719162 AND 2932896
    AND to_day BETWEEN -719162 AND 2932896) NOT VALID;
ALTER TABLE post_certificate ADD CONSTRAINT post_certificate_range CHECK (issued_day BETWEEN -719162 AND 2932896
    AND valid_until BETWEEN -719162 AND 2932896
    AND refresher_due BETWEEN -719162 AND 2932896
    AND ended_day BETWEEN -719162 AND 2932896) NOT VALID;
ALTER TABLE setting ADD CONSTRAINT setting_range CHECK (announced_from BETWEEN -719162 AND 2932896
    AND announced_to BETWEEN -719162 AND 2932896) NOT VALID;
ALTER TABLE import_job ADD CONSTRAINT import_job_range CHECK (effective_day BETWEEN -719162 AND 2932896) NOT VALID;
