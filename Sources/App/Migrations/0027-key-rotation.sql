-- While the data key is being replaced: the check value of the key that is coming. Nobody but the rotation opens such a database.
ALTER TABLE data_key ADD COLUMN next_value BYTEA;

-- Keys behind hashes whose plain text nobody has (recovery codes): they stay when the data key is replaced, sealed under it.
CREATE TABLE kept_key (
    name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
    cipher BYTEA NOT NULL
);
