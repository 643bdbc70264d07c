-- Full-text indexes, contentless. The service folds the words; `exact` has words with diacritics, each after a `:`. `facet` has tokens such as
-- `type:meetings`, `province:hai-phong`, `group:…`, `in:2019-10`, `all:2019-10-26`, and `block:12` for a block of row ids, which limits a scan to a part
-- of the index. A lone `:` separates fields, so that no phrase spans two. Names have a small index of their own.
CREATE VIRTUAL TABLE search_index USING fts5 (text, facet, content = '', contentless_delete = 1, tokenize = "ascii tokenchars ':-'");
CREATE VIRTUAL TABLE search_name USING fts5 (name, exact, facet, content = '', contentless_delete = 1, tokenize = "ascii tokenchars ':-'");

-- Bytes that FTS5 collects in memory before it writes a segment: a large import writes few large segments instead of thousands that are merged later.
INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 33554432);
INSERT INTO search_name (search_name, rank) VALUES ('hashsize', 16777216);
