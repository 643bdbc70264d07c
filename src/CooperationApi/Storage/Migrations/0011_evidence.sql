-- The text of a source, where it is held: quotes are checked against it, and nobody is ever sent it. In NFC; its length is in code points.
CREATE TABLE source_text (
    number INTEGER PRIMARY KEY,
    sha256 TEXT    NOT NULL,
    length BIGINT  NOT NULL,
    text   TEXT    NOT NULL
);

-- What a source's record says of its text.
ALTER TABLE source ADD COLUMN sha256 TEXT;
ALTER TABLE source ADD COLUMN length BIGINT;
UPDATE source
SET (sha256, length) = (SELECT json_extract(record.body, '$.sha256'), json_extract(record.body, '$.length') FROM record WHERE record.number = source.number);
