-- The days that a record is about, and the groups of cooperation that it names, are words of the indexes too: `in:2019-10`, `all:2019-10-26`, `group:…`.
-- derive anew

DROP TABLE search_row;

CREATE TABLE search_row (
    number   INTEGER PRIMARY KEY,
    type     TEXT NOT NULL,
    id       TEXT NOT NULL,
    name_key TEXT NOT NULL,
    names    TEXT NOT NULL,
    texts    TEXT NOT NULL
);

CREATE INDEX search_row_by_name ON search_row (name_key, number);

DROP TABLE search_index;
DROP TABLE search_name;
CREATE VIRTUAL TABLE search_index USING fts5 (text, facet, content = '', contentless_delete = 1, tokenize = "ascii tokenchars ':-'");
CREATE VIRTUAL TABLE search_name USING fts5 (name, exact, facet, content = '', contentless_delete = 1, tokenize = "ascii tokenchars ':-'");
