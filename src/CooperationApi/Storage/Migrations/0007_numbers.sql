-- Inside the store a record is known by its number: records are numbered as they are made. Numbers are short and grow, so what is derived stays small, and
-- most of it is appended. INTEGER, not BIGINT: an INTEGER PRIMARY KEY is where SQLite keeps the row.
-- derive anew

ALTER TABLE record RENAME TO record_before;
DROP INDEX record_by_revision;
DROP INDEX record_by_time;

CREATE TABLE record (
    number     INTEGER PRIMARY KEY,
    type       TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    revision   BIGINT  NOT NULL,
    changed_at TEXT    NOT NULL,
    hash       TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    UNIQUE (type, id)
);

CREATE UNIQUE INDEX record_by_revision ON record (revision);
CREATE INDEX record_by_time ON record (type, changed_at);

INSERT INTO record (number, type, id, revision, changed_at, hash, body)
SELECT row_number() OVER (ORDER BY made.seq), record_before.type, record_before.id, revision, changed_at, hash, record_before.body
FROM record_before JOIN (SELECT type, id, min(seq) AS seq FROM change GROUP BY type, id) made ON made.type = record_before.type AND made.id = record_before.id;
DROP TABLE record_before;

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
    body              TEXT,
    at                TEXT    NOT NULL,
    actor             TEXT    NOT NULL,
    CHECK ((op = 'upsert') = (body IS NOT NULL)),
    CHECK ((op = 'remove') = (reason IS NOT NULL))
);

CREATE INDEX change_by_record ON change (type, id, seq);

INSERT INTO change (seq, epoch, transaction_start, type, id, op, reason, body, at, actor)
SELECT seq, epoch, transaction_start, type, id, op, reason, body, at, actor FROM change_before;
DROP TABLE change_before;

-- Who names whom: a record's number, the member in which it names another, that one's number. Of a citation, how its source supports the record;
-- of a province, when what the record tells of happened ('' if that isn't known at all; NULL where a record tells of nothing that happens).
DROP TABLE reference;

CREATE TABLE member (
    number INTEGER PRIMARY KEY,
    type   TEXT NOT NULL,
    name   TEXT NOT NULL,
    UNIQUE (type, name)
);

CREATE TABLE link (
    number      INTEGER NOT NULL,
    member      INTEGER NOT NULL,
    ordinal     INTEGER NOT NULL,
    to_number   INTEGER NOT NULL,
    basis       TEXT,
    happened_on TEXT
);

CREATE INDEX link_from ON link (number, member, ordinal, to_number);
CREATE INDEX link_to ON link (to_number, member, number, ordinal);
CREATE INDEX link_by_basis ON link (member, basis) WHERE basis IS NOT NULL;

-- The same by name.
CREATE VIEW reference AS
SELECT record.type, record.id, member.name AS member, link.ordinal, target.type AS to_type, target.id AS to_id, link.basis, link.happened_on
FROM link
JOIN member ON member.number = link.member
JOIN record ON record.number = link.number
JOIN record target ON target.number = link.to_number;

-- What happened that a province had a part in, in order of time.
CREATE TABLE happening (
    number      INTEGER NOT NULL,
    province    INTEGER NOT NULL,
    type        TEXT    NOT NULL,
    happened_on TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    PRIMARY KEY (province, type, happened_on, id)
);

CREATE INDEX happening_of ON happening (number);

-- A search row has its record's number.
DROP TABLE search_row;

CREATE TABLE search_row (
    number   INTEGER PRIMARY KEY,
    type     TEXT NOT NULL,
    id       TEXT NOT NULL,
    name_key TEXT NOT NULL,
    names    TEXT NOT NULL,
    texts    TEXT NOT NULL,
    day_from TEXT,
    day_to   TEXT
);

CREATE INDEX search_row_by_name ON search_row (name_key, number);

-- The words of names have an index of their own, which is small. Nothing but the words tells columns apart, so that none need be looked at: folded words,
-- words with their diacritics after a `:`, and facets such as `type:meetings`. A lone `:` stands between fields, so that no phrase spans two.
DROP TABLE search_index;
CREATE VIRTUAL TABLE search_index USING fts5 (text, facet, content = '', contentless_delete = 1, tokenize = "ascii tokenchars ':-'");
CREATE VIRTUAL TABLE search_name USING fts5 (name, exact, facet, content = '', contentless_delete = 1, tokenize = "ascii tokenchars ':-'");

-- The narrow tables, by number. What few rows have is found by an index of its own; what is asked for as a span of days, in the index by day.
DROP TABLE province;
DROP TABLE province_version;
DROP TABLE province_event;
DROP TABLE organization;
DROP TABLE official;
DROP TABLE official_position;
DROP TABLE meeting;
DROP TABLE agreement;
DROP TABLE cooperation_group;
DROP TABLE commitment;
DROP TABLE result;
DROP TABLE contribution;
DROP TABLE indicator;
DROP TABLE statement;
DROP TABLE source;

CREATE TABLE province (
    number     INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    code       TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    kind       TEXT NOT NULL,
    region     TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to   TEXT NOT NULL
);

CREATE INDEX province_by_code ON province (code, id);
CREATE INDEX province_by_name ON province (name_key, id);

-- What a province was by period: the table that ?at= reads.
CREATE TABLE province_version (
    number     INTEGER NOT NULL,
    id         TEXT    NOT NULL,
    name_key   TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    region     TEXT    NOT NULL,
    valid_from TEXT    NOT NULL,
    valid_to   TEXT    NOT NULL,
    PRIMARY KEY (number, valid_from)
);

-- What happened to a province: it was formed, renamed, merged into another.
CREATE TABLE province_event (
    number      INTEGER NOT NULL,
    id          TEXT    NOT NULL,
    happened_on TEXT    NOT NULL,
    event       TEXT    NOT NULL,
    PRIMARY KEY (number, happened_on, event)
);

CREATE TABLE organization (
    number   INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    name_key TEXT NOT NULL,
    kind     TEXT NOT NULL
);

CREATE INDEX organization_by_name ON organization (name_key, id);
CREATE INDEX organization_by_kind ON organization (kind);

CREATE TABLE official (
    number   INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    name_key TEXT NOT NULL
);

CREATE INDEX official_by_name ON official (name_key, id);

-- The posts of officials, with the days on which a source shows that they were held.
CREATE TABLE official_position (
    number          INTEGER NOT NULL,
    id              TEXT    NOT NULL,
    ordinal         INTEGER NOT NULL,
    organization_id TEXT,
    province_id     TEXT,
    held_from       TEXT    NOT NULL,
    held_to         TEXT    NOT NULL,
    PRIMARY KEY (number, ordinal, held_from, held_to)
);

CREATE INDEX official_position_by_province ON official_position (province_id, number);
CREATE INDEX official_position_by_organization ON official_position (organization_id, number);

CREATE TABLE meeting (
    number    INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    title_key TEXT NOT NULL,
    kind      TEXT NOT NULL,
    held_on   TEXT NOT NULL,
    held_from TEXT,
    held_to   TEXT
);

CREATE INDEX meeting_by_day ON meeting (held_on, id, held_from, held_to);
CREATE INDEX meeting_by_title ON meeting (title_key, id);
CREATE INDEX meeting_by_kind ON meeting (kind);

CREATE TABLE agreement (
    number       INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    title_key    TEXT NOT NULL,
    adopted_on   TEXT NOT NULL,
    adopted_from TEXT,
    adopted_to   TEXT
);

CREATE INDEX agreement_by_day ON agreement (adopted_on, id, adopted_from, adopted_to);
CREATE INDEX agreement_by_title ON agreement (title_key, id);

CREATE TABLE cooperation_group (
    number     INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    place      TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    pillar     TEXT,
    name_basis TEXT NOT NULL
);

CREATE INDEX cooperation_group_by_place ON cooperation_group (place, id);
CREATE INDEX cooperation_group_by_name ON cooperation_group (name_key, id);
CREATE INDEX cooperation_group_by_pillar ON cooperation_group (pillar);
CREATE INDEX cooperation_group_by_basis ON cooperation_group (name_basis);

-- The status's first and last day are those that statusAsOf may mean.
CREATE TABLE commitment (
    number      INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    title_key   TEXT NOT NULL,
    kind        TEXT NOT NULL,
    status      TEXT NOT NULL,
    status_from TEXT,
    status_to   TEXT,
    due_on      TEXT NOT NULL,
    due_from    TEXT,
    due_to      TEXT
);

CREATE INDEX commitment_by_title ON commitment (title_key, id);
CREATE INDEX commitment_by_due ON commitment (due_on, id, due_from, due_to);
CREATE INDEX commitment_by_kind ON commitment (kind);
CREATE INDEX commitment_by_status ON commitment (status, status_from, status_to);

CREATE TABLE result (
    number      INTEGER PRIMARY KEY,
    id          TEXT   NOT NULL UNIQUE,
    title_key   TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    currency    TEXT,
    amount      BIGINT NOT NULL,
    happened_on TEXT   NOT NULL,
    period_from TEXT,
    period_to   TEXT
);

CREATE INDEX result_by_title ON result (title_key, id);
CREATE INDEX result_by_amount ON result (amount, id);
CREATE INDEX result_by_day ON result (happened_on, id, period_from, period_to);
CREATE INDEX result_by_kind ON result (kind);
CREATE INDEX result_by_currency ON result (currency);

-- Results of the kind Contribution: what was given, by whom and to whom. What has no value is ''; a decimal is its text.
CREATE TABLE contribution (
    number      INTEGER PRIMARY KEY,
    id          TEXT   NOT NULL UNIQUE,
    happened_on TEXT   NOT NULL,
    currency    TEXT   NOT NULL,
    amount      BIGINT NOT NULL,
    unit        TEXT   NOT NULL,
    quantity    TEXT   NOT NULL,
    approximate BIGINT NOT NULL,
    bound       TEXT   NOT NULL,
    giver_id    TEXT   NOT NULL,
    giver       TEXT   NOT NULL,
    receiver_id TEXT   NOT NULL,
    receiver    TEXT   NOT NULL
);

-- Which results are probably the same.
CREATE TABLE probably_same (
    number   INTEGER NOT NULL,
    id       TEXT    NOT NULL,
    other_id TEXT    NOT NULL,
    PRIMARY KEY (number, other_id)
);

CREATE TABLE indicator (
    number      INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    name_key    TEXT NOT NULL,
    measured_on TEXT NOT NULL,
    period_from TEXT,
    period_to   TEXT
);

CREATE INDEX indicator_by_name ON indicator (name_key, id);
CREATE INDEX indicator_by_day ON indicator (measured_on, id, period_from, period_to);

CREATE TABLE statement (
    number INTEGER PRIMARY KEY,
    id     TEXT NOT NULL UNIQUE,
    kind   TEXT NOT NULL
);

CREATE INDEX statement_by_kind ON statement (kind, id);

CREATE TABLE source (
    number         INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    title_key      TEXT NOT NULL,
    kind           TEXT NOT NULL,
    language       TEXT,
    published_on   TEXT NOT NULL,
    published_from TEXT,
    published_to   TEXT
);

CREATE INDEX source_by_title ON source (title_key, id);
CREATE INDEX source_by_day ON source (published_on, id, published_from, published_to);
CREATE INDEX source_by_kind ON source (kind);
CREATE INDEX source_by_language ON source (language);
