-- What the system administrator says to everybody: whom to ask on the sign-in page, and an announcement on every page
-- from a day up to and without another. One row, there from the first setting on.
CREATE TABLE setting (
    one SMALLINT NOT NULL PRIMARY KEY CHECK (one = 1),
    contact TEXT NOT NULL DEFAULT '',
    announcement TEXT NOT NULL DEFAULT '',
    announced_from INTEGER NOT NULL,
    announced_to INTEGER NOT NULL,
    act_id BIGINT NOT NULL REFERENCES act (id),
    CHECK (announced_from <= announced_to)
);
