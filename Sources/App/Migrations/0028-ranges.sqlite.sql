-- Numbers and days that can be meant, and no others. SQLite adds no CHECK to a table that is there: triggers ask the same, of
-- what is written from here on, so that a database which holds something else opens and `yugong verify` names it. The bounds
-- stand once in the program (TrainingRecord.Bounds, OrganizationFacts.counts, Day.numbers); a test holds the two together.
-- A reversal of the ledger repeats what it takes back, whatever that was.
CREATE TRIGGER hour_entry_range BEFORE INSERT ON hour_entry WHEN NEW.sign <> -1 AND NOT (
    (NEW.half_days IS NULL OR (typeof(NEW.half_days) = 'integer' AND NEW.half_days BETWEEN 0 AND 19999))
    AND (NEW.hours IS NULL OR (typeof(NEW.hours) = 'integer' AND NEW.hours BETWEEN 0 AND 9999999))
    AND typeof(NEW.from_day) = 'integer' AND NEW.from_day BETWEEN -25567 AND 84005
    AND typeof(NEW.to_day) = 'integer' AND NEW.to_day BETWEEN -25567 AND 84005
    AND typeof(NEW.revision) = 'integer' AND NEW.revision BETWEEN 0 AND 9999)
BEGIN SELECT RAISE(ABORT, 'hour_entry_range'); END;
CREATE TRIGGER organization_version_range BEFORE INSERT ON organization_version WHEN NOT (
    typeof(NEW.from_day) = 'integer' AND NEW.from_day BETWEEN -719162 AND 2932896
    AND typeof(NEW.to_day) = 'integer' AND NEW.to_day BETWEEN -719162 AND 2932896
    AND (NEW.employees IS NULL OR (typeof(NEW.employees) = 'integer' AND NEW.employees BETWEEN 0 AND 100000000))
    AND (NEW.members IS NULL OR (typeof(NEW.members) = 'integer' AND NEW.members BETWEEN 0 AND 100000000))
    AND (NEW.enterprises IS NULL OR (typeof(NEW.enterprises) = 'integer' AND NEW.enterprises BETWEEN 0 AND 100000000)))
BEGIN SELECT RAISE(ABORT, 'organization_version_range'); END;
CREATE TRIGGER organization_version_range_kept BEFORE UPDATE ON organization_version WHEN NOT (
    typeof(NEW.from_day) = 'integer' AND NEW.from_day BETWEEN -719162 AND 2932896
    AND typeof(NEW.to_day) = 'integer' AND NEW.to_day BETWEEN -719162 AND 2932896
    AND (NEW.employees IS NULL OR (typeof(NEW.employees) = 'integer' AND NEW.employees BETWEEN 0 AND 100000000))
    AND (NEW.members IS NULL OR (typeof(NEW.members) = 'integer' AND NEW.members BETWEEN 0 AND 100000000))
    AND (NEW.enterprises IS NULL OR (typeof(NEW.enterprises) = 'integer' AND NEW.enterprises BETWEEN 0 AND 100000000)))
BEGIN SELECT RAISE(ABORT, 'organization_version_range'); END;
CREATE TRIGGER person_range BEFORE INSERT ON person WHEN NOT (
    typeof(NEW.birth_day) = 'integer' AND NEW.birth_day BETWEEN -719162 AND 2932896)
BEGIN SELECT RAISE(ABORT, 'person_range'); END;
CREATE TRIGGER person_range_kept BEFORE UPDATE ON person WHEN NOT (
    typeof(NEW.birth_day) = 'integer' AND NEW.birth_day BETWEEN -719162 AND 2932896)
BEGIN SELECT RAISE(ABORT, 'person_range'); END;
CREATE TRIGGER appointment_range BEFORE INSERT ON appointment WHEN NOT (
    typeof(NEW.from_day) = 'integer' AND NEW.from_day BETWEEN -719162 AND 2932896
    AND typeof(NEW.to_day) = 'integer' AND NEW.to_day BETWEEN -719162 AND 2932896)
BEGIN SELECT RAISE(ABORT, 'appointment_range'); END;
CREATE TRIGGER appointment_range_kept BEFORE UPDATE ON appointment WHEN NOT (
    typeof(NEW.from_day) = 'integer' AND NEW.from_day BETWEEN -719162 AND 2932896
    AND typeof(NEW.to_day) = 'integer' AND NEW.to_day BETWEEN -719162 AND 2932896)
BEGIN SELECT RAISE(ABORT, 'appointment_range'); END;
CREATE TRIGGER account_grant_range BEFORE INSERT ON account_grant WHEN NOT (
    typeof(NEW.from_day) = 'integer' AND NEW.from_day BETWEEN -719162 AND 2932896
    AND typeof(NEW.to_day) = 'integer' AND NEW.to_day BETWEEN -719162 AND 2932896)
BEGIN SELECT RAISE(ABORT, 'account_grant_range'); END;
CREATE TRIGGER account_grant_range_kept BEFORE UPDATE ON account_grant WHEN NOT (
    typeof(NEW.from_day) = 'integer' AND NEW.from_day BETWEEN -719162 AND 2932896
    AND typeof(NEW.to_day) = 'integer' AND NEW.to_day BETWEEN -719162 AND 2932896)
BEGIN SELECT RAISE(ABORT, 'account_grant_range'); END;
CREATE TRIGGER post_certificate_range BEFORE INSERT ON post_certificate WHEN NOT (
    typeof(NEW.issued_day) = 'integer' AND NEW.issued_day BETWEEN -719162 AND 2932896
    AND typeof(NEW.valid_until) = 'integer' AND NEW.valid_until BETWEEN -719162 AND 2932896
    AND (NEW.refresher_due IS NULL OR (typeof(NEW.refresher_due) = 'integer' AND NEW.refresher_due BETWEEN -719162 AND 2932896))
    AND (NEW.ended_day IS NULL OR (typeof(NEW.ended_day) = 'integer' AND NEW.ended_day BETWEEN -719162 AND 2932896)))
BEGIN SELECT RAISE(ABORT, 'post_certificate_range'); END;
CREATE TRIGGER post_certificate_range_kept BEFORE UPDATE ON post_certificate WHEN NOT (
    typeof(NEW.issued_day) = 'integer' AND NEW.issued_day BETWEEN -719162 AND 2932896
    AND typeof(NEW.valid_until) = 'integer' AND NEW.valid_until BETWEEN -719162 AND 2932896
    AND (NEW.refresher_due IS NULL OR (typeof(NEW.refresher_due) = 'integer' AND NEW.refresher_due BETWEEN -719162 AND 2932896))
    AND (NEW.ended_day IS NULL OR (typeof(NEW.ended_day) = 'integer' AND NEW.ended_day BETWEEN -719162 AND 2932896)))
BEGIN SELECT RAISE(ABORT, 'post_certificate_range'); END;
CREATE TRIGGER setting_range BEFORE INSERT ON setting WHEN NOT (
    typeof(NEW.announced_from) = 'integer' AND NEW.announced_from BETWEEN -719162 AND 2932896
    AND typeof(NEW.announced_to) = 'integer' AND NEW.announced_to BETWEEN -719162 AND 2932896)
BEGIN SELECT RAISE(ABORT, 'setting_range'); END;
CREATE TRIGGER setting_range_kept BEFORE UPDATE ON setting WHEN NOT (
    typeof(NEW.announced_from) = 'integer' AND NEW.announced_from BETWEEN -719162 AND 2932896
    AND typeof(NEW.announced_to) = 'integer' AND NEW.announced_to BETWEEN -719162 AND 2932896)
BEGIN SELECT RAISE(ABORT, 'setting_range'); END;
CREATE TRIGGER import_job_range BEFORE INSERT ON import_job WHEN NOT (
    (NEW.effective_day IS NULL OR (typeof(NEW.effective_day) = 'integer' AND NEW.effective_day BETWEEN -719162 AND 2932896)))
BEGIN SELECT RAISE(ABORT, 'import_job_range'); END;
CREATE TRIGGER import_job_range_kept BEFORE UPDATE ON import_job WHEN NOT (
    (NEW.effective_day IS NULL OR (typeof(NEW.effective_day) = 'integer' AND NEW.effective_day BETWEEN -719162 AND 2932896)))
BEGIN SELECT RAISE(ABORT, 'import_job_range'); END;
