-- Units that do not exist on a day are looked up by where their life ends or begins: who may see the past of a closed unit.
CREATE INDEX organization_version_from ON organization_version (from_day);
CREATE INDEX organization_version_to ON organization_version (to_day);
