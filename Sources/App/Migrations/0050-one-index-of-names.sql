-- Who bears a name and who was born on the same day are found by one index: each index is written anew with every person who comes in.
DROP INDEX person_name_first;
DROP INDEX person_twins;
CREATE INDEX person_twins ON person (name, birth_day, pinyin, id);
