-- How somebody likes to see a list: a page, and how it is asked for without any word that may be a person's name. The account's own.
CREATE TABLE saved_view (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    name TEXT NOT NULL CHECK (name <> ''),
    path TEXT NOT NULL CHECK (path <> ''),
    query TEXT NOT NULL,
    act_id BIGINT NOT NULL REFERENCES act (id)
);
CREATE INDEX saved_view_account ON saved_view (account_id, path, id);

-- Characters of a name are found where they begin at its first three, and the few longer names are looked through. Each index has the sound
-- beside it, so that whoever is found is put in order without reading the files.
CREATE INDEX person_name_first ON person (name, pinyin, id);
CREATE INDEX person_name_second ON person (substr(name, 2), pinyin, id);
CREATE INDEX person_name_third ON person (substr(name, 3), pinyin, id);
CREATE INDEX person_name_long ON person (name, pinyin, id) WHERE length(name) > 3;
DROP INDEX person_initials;
CREATE INDEX person_initials ON person (initials, pinyin, id);
-- The list of people in the order of their codes.
CREATE INDEX person_code_order ON person (coalesce(code, ''), id);
-- People of a category, where few have it.
CREATE INDEX appointment_category ON appointment (category, person_id) WHERE is_primary = 1;
