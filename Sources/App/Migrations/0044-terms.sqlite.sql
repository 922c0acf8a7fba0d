-- 任期 (rules B): who was elected to what in which unit, in which 届次. `expiry_day` is 届满日期, which alone ends nothing; `left_day` 离任日期,
-- the first day no longer in office (open has none). When a term ends follows from the others of its unit and kind: TermOfOffice.ends.
CREATE TABLE term_of_office (
    id BIGINT NOT NULL PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES person (id),
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    kind TEXT NOT NULL CHECK (kind IN ('workerRepresentative', 'workerDirector', 'workerSupervisor')),
    session TEXT NOT NULL CHECK (session <> ''),
    elected_day INTEGER NOT NULL,
    expiry_day INTEGER NOT NULL,
    left_day INTEGER NOT NULL,
    constituency TEXT NOT NULL,
    composition TEXT NOT NULL CHECK (composition IN ('', 'frontLine', 'middleManager', 'seniorManager')),
    act_id BIGINT NOT NULL REFERENCES act (id),
    CONSTRAINT term_of_office_range CHECK (typeof(elected_day) = 'integer' AND elected_day >= -719162 AND elected_day <= 2932896
        AND typeof(expiry_day) = 'integer' AND expiry_day >= -719162 AND expiry_day <= 2932896
        AND typeof(left_day) = 'integer' AND left_day >= -719162 AND left_day <= 2932896),
    CHECK (elected_day < expiry_day),
    CHECK (elected_day < left_day),
    -- Of two 届次 the later election ends the earlier term; begun on one day they would run at once.
    UNIQUE (person_id, organization_id, kind, elected_day)
);
CREATE INDEX term_of_office_organization ON term_of_office (organization_id, kind, elected_day);

-- Within one 届次 only a 离任日期 makes room for another election.
CREATE TRIGGER term_of_office_insert BEFORE INSERT ON term_of_office
BEGIN
    SELECT RAISE(ABORT, 'term_of_office_overlap') WHERE EXISTS (
        SELECT 1 FROM term_of_office t WHERE t.person_id = NEW.person_id AND t.organization_id = NEW.organization_id AND t.kind = NEW.kind
        AND t.session = NEW.session AND t.elected_day < NEW.left_day AND NEW.elected_day < t.left_day);
END;
CREATE TRIGGER term_of_office_update BEFORE UPDATE ON term_of_office
BEGIN
    SELECT RAISE(ABORT, 'term_of_office_overlap') WHERE EXISTS (
        SELECT 1 FROM term_of_office t WHERE t.person_id = NEW.person_id AND t.organization_id = NEW.organization_id AND t.kind = NEW.kind
        AND t.session = NEW.session AND t.id <> NEW.id AND t.elected_day < NEW.left_day AND NEW.elected_day < t.left_day);
END;
