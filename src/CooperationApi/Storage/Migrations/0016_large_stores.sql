-- The block of numbers that a record is in is a word of the indexes too (`block:12`), so that a look through part of them ends with that part.
-- derive anew

DELETE FROM search_row;
DELETE FROM search_word;
DROP TABLE search_index;
DROP TABLE search_name;
CREATE VIRTUAL TABLE search_index USING fts5 (text, facet, content = '', contentless_delete = 1, tokenize = "ascii tokenchars ':-'");
CREATE VIRTUAL TABLE search_name USING fts5 (name, exact, facet, content = '', contentless_delete = 1, tokenize = "ascii tokenchars ':-'");

-- A large import writes few large parts of the indexes, not thousands that have to be merged again and again; in bytes.
INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 33554432);
INSERT INTO search_name (search_name, rank) VALUES ('hashsize', 16777216);

-- Results of a period: whether they are few is counted from an index of the period's ends, and if they are many, they are met in whatever order from its index alone.
CREATE INDEX result_by_period_end ON result (period_to, period_from);
CREATE INDEX result_by_period_begin ON result (period_from, period_to);
DROP INDEX result_by_title;
DROP INDEX result_by_amount;
CREATE INDEX result_by_title ON result (title_key, id, period_from, period_to);
CREATE INDEX result_by_amount ON result (amount, id, period_from, period_to);

-- Who names whom, and what a province had a part in, each in its table's own order: an index less to keep for every reference.
DROP TABLE link;
DROP TABLE happening;

CREATE TABLE link (
    number      INTEGER NOT NULL,
    member      INTEGER NOT NULL,
    ordinal     INTEGER NOT NULL,
    to_number   INTEGER NOT NULL,
    basis       TEXT,
    happened_on TEXT,
    PRIMARY KEY (number, member, ordinal, to_number)
) WITHOUT ROWID;

CREATE INDEX link_to ON link (to_number, member, number, ordinal);
CREATE INDEX link_by_basis ON link (member, basis) WHERE basis IS NOT NULL;

CREATE TABLE happening (
    province    INTEGER NOT NULL,
    type        TEXT    NOT NULL,
    happened_on TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    number      INTEGER NOT NULL,
    PRIMARY KEY (province, type, happened_on, id)
) WITHOUT ROWID;

CREATE INDEX happening_of ON happening (number);
