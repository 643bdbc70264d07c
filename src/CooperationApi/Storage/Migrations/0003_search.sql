-- What search finds records by, derived from their JSON. SQLite's own: full text is what engines don't agree on.
-- derive anew

-- A record's texts as written, one field a line, and the days that it is about. name_key is its title, folded.
CREATE TABLE search_row (
    number   INTEGER PRIMARY KEY,
    type     TEXT NOT NULL,
    id       TEXT NOT NULL,
    name_key TEXT NOT NULL,
    names    TEXT NOT NULL,
    texts    TEXT NOT NULL,
    day_from TEXT,
    day_to   TEXT,
    UNIQUE (type, id)
);

CREATE INDEX search_row_by_name ON search_row (name_key, number);

-- The words of those texts, folded by the program (`exact` keeps the diacritics of names), and `facet`: words such as `type:meetings` and
-- `province:hai-phong`. A lone `:` stands between fields, so that no phrase spans two.
CREATE VIRTUAL TABLE search_index USING fts5 (exact, name, text, facet, content = '', contentless_delete = 1, tokenize = "ascii tokenchars ':-'");

-- Every folded word that was ever indexed: what a word being typed may become.
CREATE TABLE search_word (word TEXT PRIMARY KEY) WITHOUT ROWID;
