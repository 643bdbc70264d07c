-- The names of types in the SQL of the service.
CREATE DOMAIN utf8_text AS bytea;
CREATE DOMAIN blob AS bytea;

-- One row. `is_complete` is 1 after the seed data was imported into a new store. `server` has the system identifier of the server, the object identifier
-- of the database and the timeline at the last change. Another server or database was restored or promoted, and may lack acknowledged changes.
CREATE TABLE store_origin (is_complete BIGINT NOT NULL, server TEXT NOT NULL);
INSERT INTO store_origin (is_complete, server) VALUES (0, '');

-- Full-text indexes. The service folds the words and gives their positions. `folded` is the text of a record whose words exceed the limits of
-- a vector; its vector has no positions.
CREATE TABLE search_index (rowid BIGINT PRIMARY KEY, words tsvector NOT NULL, folded TEXT);
CREATE TABLE search_name (rowid BIGINT PRIMARY KEY, words tsvector NOT NULL, folded TEXT);

CREATE INDEX search_index_by_word ON search_index USING gin (words);
CREATE INDEX search_name_by_word ON search_name USING gin (words);
