-- A person's primary appointments never overlap; nor do an organisation's versions.
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE appointment ADD CONSTRAINT appointment_primary_overlap
    EXCLUDE USING gist (person_id WITH =, int4range(from_day, to_day) WITH &&) WHERE (is_primary = 1);
ALTER TABLE organization_version ADD CONSTRAINT organization_version_overlap
    EXCLUDE USING gist (organization_id WITH =, int4range(from_day, to_day) WITH &&);
