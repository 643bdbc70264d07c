-- The record, its history and who refers to whom. In the dialect that SQLite and PostgreSQL share.
-- Times are UTC in ISO 8601 text; dates are text; a missing date or name that is sorted by is ''.

-- One row: the life of this store, and the number of its last change.
CREATE TABLE feed (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    epoch TEXT    NOT NULL,
    head  BIGINT  NOT NULL
);

-- Each record as it stands, as its JSON, with the SHA-256 of that in hexadecimal.
CREATE TABLE record (
    type       TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    revision   BIGINT NOT NULL,
    changed_at TEXT   NOT NULL,
    hash       TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    PRIMARY KEY (type, id)
);

CREATE UNIQUE INDEX record_by_revision ON record (revision);

-- Every change ever made, in commit order. Append-only; transaction_start is the first number of the same transaction.
CREATE TABLE change (
    seq               BIGINT PRIMARY KEY,
    epoch             TEXT   NOT NULL,
    transaction_start BIGINT NOT NULL,
    type              TEXT   NOT NULL,
    id                TEXT   NOT NULL,
    op                TEXT   NOT NULL CHECK (op IN ('upsert', 'remove')),
    reason            TEXT   CHECK (reason IN ('deleted', 'merged', 'redacted')),
    body              TEXT,
    at                TEXT   NOT NULL,
    actor             TEXT   NOT NULL,
    CHECK ((op = 'upsert') = (body IS NOT NULL)),
    CHECK ((op = 'remove') = (reason IS NOT NULL))
);

CREATE INDEX change_by_record ON change (type, id, seq);

-- Which record names which other, in which member. Derived from the bodies.
CREATE TABLE reference (
    type    TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    member  TEXT    NOT NULL,
    ordinal INTEGER NOT NULL,
    to_type TEXT    NOT NULL,
    to_id   TEXT    NOT NULL,
    PRIMARY KEY (type, id, member, ordinal)
);

CREATE INDEX reference_to ON reference (to_type, to_id, type, id);
