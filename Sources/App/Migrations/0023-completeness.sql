-- What is missing in the files of people: few rows each, so that the daily page counts them without a scan.
CREATE INDEX person_without_phone ON person (id) WHERE phone_index IS NULL AND merged_into IS NULL;
CREATE INDEX person_without_education ON person (id) WHERE education = '' AND merged_into IS NULL;
CREATE INDEX appointment_without_category ON appointment (person_id) WHERE category = '' AND is_primary = 1;
