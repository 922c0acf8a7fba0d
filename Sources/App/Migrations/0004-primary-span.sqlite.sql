-- A person's primary appointments never overlap.
CREATE TRIGGER appointment_primary_insert BEFORE INSERT ON appointment WHEN NEW.is_primary = 1
BEGIN
    SELECT RAISE(ABORT, 'appointment_primary_overlap') WHERE EXISTS (
        SELECT 1 FROM appointment a WHERE a.person_id = NEW.person_id AND a.is_primary = 1
        AND a.from_day < NEW.to_day AND NEW.from_day < a.to_day);
END;
CREATE TRIGGER appointment_primary_update BEFORE UPDATE ON appointment WHEN NEW.is_primary = 1
BEGIN
    SELECT RAISE(ABORT, 'appointment_primary_overlap') WHERE EXISTS (
        SELECT 1 FROM appointment a WHERE a.person_id = NEW.person_id AND a.is_primary = 1 AND a.id <> NEW.id
        AND a.from_day < NEW.to_day AND NEW.from_day < a.to_day);
END;
CREATE TRIGGER organization_version_insert BEFORE INSERT ON organization_version
BEGIN
    SELECT RAISE(ABORT, 'organization_version_overlap') WHERE EXISTS (
        SELECT 1 FROM organization_version v WHERE v.organization_id = NEW.organization_id
        AND v.from_day < NEW.to_day AND NEW.from_day < v.to_day);
END;
CREATE TRIGGER organization_version_update BEFORE UPDATE ON organization_version
BEGIN
    SELECT RAISE(ABORT, 'organization_version_overlap') WHERE EXISTS (
        SELECT 1 FROM organization_version v WHERE v.organization_id = NEW.organization_id AND v.id <> NEW.id
        AND v.from_day < NEW.to_day AND NEW.from_day < v.to_day);
END;
