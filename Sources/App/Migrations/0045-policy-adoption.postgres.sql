-- Which policy a unit has adopted, from a day on: of each subject one at a time. What lies below inherits, unless it adopts its own.
-- `subject` is what the policy was about when it was adopted; both are keys of policy files, not of tables.
CREATE TABLE policy_adoption (
    id BIGINT NOT NULL PRIMARY KEY,
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    subject TEXT NOT NULL CHECK (subject <> ''),
    policy TEXT NOT NULL CHECK (policy <> ''),
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL,
    act_id BIGINT NOT NULL REFERENCES act (id),
    CONSTRAINT policy_adoption_range CHECK (from_day BETWEEN -719162 AND 2932896 AND to_day BETWEEN -719162 AND 2932896),
    CHECK (from_day < to_day)
);
CREATE INDEX policy_adoption_unit ON policy_adoption (organization_id, subject, from_day);
ALTER TABLE policy_adoption ADD CONSTRAINT policy_adoption_overlap
    EXCLUDE USING gist (organization_id WITH =, subject WITH =, int4range(from_day, to_day) WITH &&);
