-- Numbers and days that can be meant, and no others. NOT VALID: of what is written from here on, so that a database which
-- holds something else opens and `yugong verify` names it. The bounds stand once in the program (TrainingRecord.Bounds,
-- OrganizationFacts.counts, Day.numbers); a test holds the two together. A reversal of the ledger repeats what it takes back,
-- whatever that was. Without BETWEEN, which PostgreSQL gives back in another shape than it was given: the definition stays the
-- same when a restore makes it anew.
ALTER TABLE hour_entry ADD CONSTRAINT hour_entry_range CHECK (sign = -1 OR (half_days >= 0 AND half_days <= 19999
    AND hours >= 0 AND hours <= 9999999
    AND from_day >= -25567 AND from_day <= 84005
    AND to_day >= -25567 AND to_day <= 84005
    AND revision >= 0 AND revision <= 9999)) NOT VALID;
ALTER TABLE organization_version ADD CONSTRAINT organization_version_range CHECK (from_day >= -719162 AND from_day <= 2932896
    AND to_day >= -719162 AND to_day <= 2932896
    AND employees >= 0 AND employees <= 100000000
    AND members >= 0 AND members <= 100000000
    AND enterprises >= 0 AND enterprises <= 100000000) NOT VALID;
ALTER TABLE person ADD CONSTRAINT person_range CHECK (birth_day >= -719162 AND birth_day <= 2932896) NOT VALID;
ALTER TABLE appointment ADD CONSTRAINT appointment_range CHECK (from_day >= -719162 AND from_day <= 2932896
    AND to_day >= -719162 AND to_day <= 2932896) NOT VALID;
ALTER TABLE account_grant ADD CONSTRAINT account_grant_range CHECK (from_day >= -719162 AND from_day <= 2932896
    AND to_day >= -719162 AND to_day <= 2932896) NOT VALID;
ALTER TABLE post_certificate ADD CONSTRAINT post_certificate_range CHECK (issued_day >= -719162 AND issued_day <= 2932896
    AND valid_until >= -719162 AND valid_until <= 2932896
    AND refresher_due >= -719162 AND refresher_due <= 2932896
    AND ended_day >= -719162 AND ended_day <= 2932896) NOT VALID;
ALTER TABLE setting ADD CONSTRAINT setting_range CHECK (announced_from >= -719162 AND announced_from <= 2932896
    AND announced_to >= -719162 AND announced_to <= 2932896) NOT VALID;
ALTER TABLE import_job ADD CONSTRAINT import_job_range CHECK (effective_day >= -719162 AND effective_day <= 2932896) NOT VALID;
