-- What became of a record that is no more: the one that it was merged into, or in words why it was redacted. A state that was redacted has no body.

ALTER TABLE change RENAME TO change_before;
DROP INDEX change_by_record;

CREATE TABLE change (
    seq               INTEGER PRIMARY KEY,
    epoch             TEXT    NOT NULL,
    transaction_start BIGINT  NOT NULL,
    type              TEXT    NOT NULL,
    id                TEXT    NOT NULL,
    op                TEXT    NOT NULL CHECK (op IN ('upsert', 'remove')),
    reason            TEXT    CHECK (reason IN ('deleted', 'merged', 'redacted')),
    into_id           TEXT,
    note              TEXT,
    body              TEXT,
    at                TEXT    NOT NULL,
    actor             TEXT    NOT NULL,
    CHECK (op = 'upsert' OR body IS NULL),
    CHECK ((op = 'remove') = (reason IS NOT NULL)),
    CHECK ((coalesce(reason, '') = 'merged') = (into_id IS NOT NULL)),
    CHECK ((coalesce(reason, '') = 'redacted') = (note IS NOT NULL))
);

CREATE INDEX change_by_record ON change (type, id, seq);

INSERT INTO change (seq, epoch, transaction_start, type, id, op, reason, body, at, actor)
SELECT seq, epoch, transaction_start, type, id, op, reason, body, at, actor FROM change_before;
DROP TABLE change_before;

-- Ids that never come back.
CREATE INDEX change_for_good ON change (type, id) WHERE reason IN ('merged', 'redacted');

-- The number of the last redaction that the file may still show traces of; 0 if it shows none.
ALTER TABLE feed ADD COLUMN unerased BIGINT NOT NULL DEFAULT 0;
