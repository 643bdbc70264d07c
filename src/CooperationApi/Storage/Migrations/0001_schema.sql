-- The schema of the store: records, their history, and the data that is derived from them.
-- The types and clauses are those of SQLite that other engines share, except for INTEGER and WITHOUT ROWID, which an engine can adapt. UTF8_TEXT is
-- JSON in UTF-8. The scripts `0001_schema.*.sql` have the definitions of one engine.
-- Timestamps are UTC in ISO 8601. Dates are text. A missing date or name that a list sorts by is ''.
-- A column with a partial date `x_on` has the text of the date; `x_from` and `x_to` are the first and the last day that the date can mean.
-- A bulk load drops the indexes, except those that `SecondaryIndexes.cs` lists, and creates them again at its end.

-- One row: the version of the store. `head` is the highest issued revision. `auxiliary_version` counts changes of data that is not in the
-- feed, such as API keys. `minimum_program` is the lowest version of the program that can use the schema. `text_version` counts the stored source texts, because the links of citations depend on these. `unpurged_revision` is the last redaction whose bytes may still be in the file (0: none). Up to
-- `compacted_through`, only the newest change of each record is retained (0: all changes are retained).
CREATE TABLE store_version (
    singleton         INTEGER PRIMARY KEY CHECK (singleton = 1),
    epoch             TEXT    NOT NULL,
    head              BIGINT  NOT NULL,
    auxiliary_version BIGINT  NOT NULL DEFAULT 0,
    text_version      BIGINT  NOT NULL DEFAULT 0,
    unpurged_revision BIGINT  NOT NULL DEFAULT 0,
    compacted_through BIGINT  NOT NULL DEFAULT 0,
    minimum_program   BIGINT  NOT NULL DEFAULT 1
);

-- The current records as JSON, with the SHA-256 of the JSON in hexadecimal. Row ids ascend in order of creation, so derived rows are mostly appended.
-- The type is INTEGER, not BIGINT, because only an INTEGER PRIMARY KEY is the rowid in SQLite.
CREATE TABLE record (
    row_id     INTEGER PRIMARY KEY,
    type       TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    revision   BIGINT  NOT NULL,
    changed_at TEXT    NOT NULL,
    hash       TEXT    NOT NULL,
    body       UTF8_TEXT NOT NULL,
    UNIQUE (type, id)
);

CREATE UNIQUE INDEX record_by_revision ON record (revision);
CREATE INDEX record_by_time ON record (type, changed_at);
-- Covering index of the digest: reads ids, revisions and hashes in order of id without the records.
CREATE INDEX record_for_digest ON record (type, id, revision, hash);

-- All changes in commit order. `transaction_start` is the first revision of the same transaction. `archived_body` is the JSON that the change created;
-- NULL while the record still has it, after a redaction, and for a removal. `archived_hash` is the SHA-256 of `archived_body`. The CHECKs avoid IN: SQLite
-- builds a temporary table for each IN list, which made an insert five times as slow.
CREATE TABLE change (
    revision          INTEGER PRIMARY KEY,
    epoch             TEXT    NOT NULL,
    transaction_start BIGINT  NOT NULL,
    type              TEXT    NOT NULL,
    id                TEXT    NOT NULL,
    op                TEXT    NOT NULL CHECK (op = 'upsert' OR op = 'remove'),
    reason            TEXT    CHECK (reason = 'deleted' OR reason = 'merged' OR reason = 'redacted'),
    merged_into       TEXT,
    redaction_reason  TEXT,
    archived_body     UTF8_TEXT,
    archived_hash     TEXT,
    changed_at        TEXT    NOT NULL,
    actor             TEXT    NOT NULL,
    CHECK (op = 'upsert' OR archived_body IS NULL),
    CHECK ((archived_body IS NULL) = (archived_hash IS NULL)),
    CHECK ((op = 'remove') = (reason IS NOT NULL)),
    CHECK ((coalesce(reason, '') = 'merged') = (merged_into IS NOT NULL)),
    CHECK ((coalesce(reason, '') = 'redacted') = (redaction_reason IS NOT NULL))
);

CREATE INDEX change_by_record ON change (type, id, revision);
-- Tombstones of a record.
CREATE INDEX change_removal ON change (type, id, revision) WHERE op = 'remove';
-- Redactions, for the withdrawal of exports.
CREATE INDEX change_redacted ON change (revision) WHERE reason = 'redacted';

-- Every change with the version of the record that it created, and the SHA-256 of this version.
CREATE VIEW record_version AS
SELECT change.revision, change.epoch, change.transaction_start, change.type, change.id, change.op, change.reason, change.merged_into,
    change.redaction_reason, coalesce(change.archived_body, record.body) AS body,
    coalesce(change.archived_hash, record.hash) AS hash, change.changed_at, change.actor
FROM change LEFT JOIN record ON record.revision = change.revision;

-- The members that hold references, such as `participants[].officialId` of meetings.
CREATE TABLE member (
    member_id INTEGER PRIMARY KEY,
    type      TEXT NOT NULL,
    name      TEXT NOT NULL,
    UNIQUE (type, name)
);

-- References between records. `basis` is set for citations. `event_date` is the date of the referring record's event, set for references to provinces:
-- '' if the date is unknown, NULL if the record has no event. `event_end` is set like `event_date` if the event extends over a period: then both ends are
-- compared with the validity of the province.
CREATE TABLE reference (
    row_id        INTEGER NOT NULL,
    member_id     INTEGER NOT NULL,
    ordinal       INTEGER NOT NULL,
    target_row_id INTEGER NOT NULL,
    basis         TEXT,
    event_date    TEXT,
    event_end     TEXT,
    PRIMARY KEY (row_id, member_id, ordinal, target_row_id)
) WITHOUT ROWID;

CREATE INDEX reference_to ON reference (target_row_id, member_id, row_id, ordinal);
CREATE INDEX reference_by_basis ON reference (member_id, basis) WHERE basis IS NOT NULL;

-- The references by type, id and member name.
CREATE VIEW named_reference AS
SELECT record.type, record.id, member.name AS member, reference.ordinal, target.type AS to_type, target.id AS to_id, reference.basis, reference.event_date
FROM reference
JOIN member ON member.member_id = reference.member_id
JOIN record ON record.row_id = reference.row_id
JOIN record target ON target.row_id = reference.target_row_id;

-- The records that refer to a province, by date of their event. The timeline and the relations of a province read this table in order.
CREATE TABLE province_record (
    province_row_id INTEGER NOT NULL,
    type            TEXT    NOT NULL,
    event_date      TEXT    NOT NULL,
    id              TEXT    NOT NULL,
    row_id          INTEGER NOT NULL,
    PRIMARY KEY (province_row_id, type, event_date, id)
) WITHOUT ROWID;

-- The narrow tables of each resource: the columns that lists filter and sort by, derived from the JSON of the record.

CREATE TABLE province (
    row_id     INTEGER PRIMARY KEY,
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

-- The versions of a province: name, kind and region by period. Lists with `at` read this table.
CREATE TABLE province_version (
    row_id     INTEGER NOT NULL,
    id         TEXT    NOT NULL,
    name_key   TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    region     TEXT    NOT NULL,
    valid_from TEXT    NOT NULL,
    valid_to   TEXT    NOT NULL,
    PRIMARY KEY (row_id, valid_from)
);

-- The events of a province unit: formed, renamed, merged into another unit.
CREATE TABLE province_event (
    row_id     INTEGER NOT NULL,
    id         TEXT    NOT NULL,
    event_date TEXT    NOT NULL,
    event      TEXT    NOT NULL,
    PRIMARY KEY (row_id, event_date, event)
);

CREATE TABLE organization (
    row_id   INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    name_key TEXT NOT NULL,
    kind     TEXT NOT NULL
);

CREATE INDEX organization_by_name ON organization (name_key, id);
CREATE INDEX organization_by_kind ON organization (kind);

CREATE TABLE official (
    row_id   INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    name_key TEXT NOT NULL
);

CREATE INDEX official_by_name ON official (name_key, id);

-- The positions of an official, with the days for which a source shows them. `post_key` is equal for the same position of several officials.
CREATE TABLE official_position (
    row_id          INTEGER NOT NULL,
    id              TEXT    NOT NULL,
    ordinal         INTEGER NOT NULL,
    post_key        TEXT    NOT NULL,
    organization_id TEXT,
    province_id     TEXT,
    held_from       TEXT    NOT NULL,
    held_to         TEXT    NOT NULL,
    PRIMARY KEY (row_id, ordinal, held_from, held_to)
);

CREATE INDEX official_position_by_province ON official_position (province_id, row_id);
CREATE INDEX official_position_by_organization ON official_position (organization_id, row_id);
CREATE INDEX official_position_by_post ON official_position (post_key, held_to);

CREATE TABLE meeting (
    row_id    INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    title_key TEXT NOT NULL,
    kind      TEXT NOT NULL,
    is_part   BIGINT NOT NULL,
    held_on   TEXT NOT NULL,
    held_from TEXT,
    held_to   TEXT
);

CREATE INDEX meeting_by_day ON meeting (held_on, id, held_from, held_to);
CREATE INDEX meeting_by_title ON meeting (title_key, id);
CREATE INDEX meeting_by_kind ON meeting (kind);
CREATE INDEX meeting_by_part ON meeting (is_part);

CREATE TABLE agreement (
    row_id        INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    title_key     TEXT NOT NULL,
    adopted_on    TEXT NOT NULL,
    adopted_from  TEXT,
    adopted_to    TEXT,
    in_force_from TEXT,
    in_force_to   TEXT NOT NULL
);

CREATE INDEX agreement_by_day ON agreement (adopted_on, id, adopted_from, adopted_to);
CREATE INDEX agreement_by_title ON agreement (title_key, id);
CREATE INDEX agreement_by_end ON agreement (in_force_to, in_force_from);
CREATE INDEX agreement_by_start ON agreement (in_force_from, in_force_to);

-- `sort_key` orders the groups by agreement, pillar and ordinal.
CREATE TABLE cooperation_group (
    row_id     INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    sort_key   TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    pillar     TEXT,
    name_basis TEXT NOT NULL
);

CREATE INDEX cooperation_group_by_sort_key ON cooperation_group (sort_key, id);
CREATE INDEX cooperation_group_by_name ON cooperation_group (name_key, id);
CREATE INDEX cooperation_group_by_pillar ON cooperation_group (pillar);
CREATE INDEX cooperation_group_by_basis ON cooperation_group (name_basis);

-- `status_from` and `status_to` are the first and the last day that `statusAsOf` can mean.
CREATE TABLE commitment (
    row_id      INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    title_key   TEXT NOT NULL,
    kind        TEXT NOT NULL,
    status      TEXT NOT NULL,
    status_from TEXT,
    status_to   TEXT,
    due_on      TEXT NOT NULL,
    due_from    TEXT,
    due_to      TEXT,
    period_to   TEXT
);

-- The dates are in every index that a list can sort by, so that they are tested in the index.
CREATE INDEX commitment_by_title ON commitment (title_key, id, due_from, due_to, period_to, status);
CREATE INDEX commitment_by_due ON commitment (due_on, id, due_from, due_to, period_to, status);
CREATE INDEX commitment_by_kind ON commitment (kind);
CREATE INDEX commitment_by_status ON commitment (status, status_from, status_to);
CREATE INDEX commitment_by_due_end ON commitment (due_to, status);
CREATE INDEX commitment_by_period_end ON commitment (period_to);

CREATE TABLE result (
    row_id         INTEGER PRIMARY KEY,
    id             TEXT   NOT NULL UNIQUE,
    title_key      TEXT   NOT NULL,
    kind           TEXT   NOT NULL,
    currency       TEXT,
    amount         BIGINT NOT NULL,
    has_commitment BIGINT NOT NULL,
    event_date     TEXT   NOT NULL,
    period_from    TEXT,
    period_to      TEXT
);

-- The period is in every index that a list can sort by, so that `from` and `to` are tested in the index.
CREATE INDEX result_by_title ON result (title_key, id, period_from, period_to);
CREATE INDEX result_by_amount ON result (amount, id, period_from, period_to);
CREATE INDEX result_by_day ON result (event_date, id, period_from, period_to);
CREATE INDEX result_by_kind ON result (kind);
CREATE INDEX result_by_currency ON result (currency);
CREATE INDEX result_by_commitment ON result (has_commitment);
-- Covering indexes for the count of the results of a period, by its start and by its end.
CREATE INDEX result_by_period_start ON result (period_from, period_to);
CREATE INDEX result_by_period_end ON result (period_to, period_from);

-- The commitments that a result fulfils.
CREATE TABLE fulfilment (
    row_id        INTEGER NOT NULL,
    id            TEXT    NOT NULL,
    commitment_id TEXT    NOT NULL,
    PRIMARY KEY (row_id, commitment_id)
);

CREATE INDEX fulfilment_by_commitment ON fulfilment (commitment_id, id);

-- Results of kind Contribution, for statistics. A missing value is ''; a decimal is its text.
CREATE TABLE contribution (
    row_id      INTEGER PRIMARY KEY,
    id          TEXT   NOT NULL UNIQUE,
    event_date  TEXT   NOT NULL,
    currency    TEXT   NOT NULL,
    amount      BIGINT NOT NULL,
    unit        TEXT   NOT NULL,
    quantity    TEXT   NOT NULL,
    approximate BIGINT NOT NULL,
    bound       TEXT   NOT NULL,
    giver_id    TEXT   NOT NULL,
    giver       TEXT   NOT NULL,
    receiver_id TEXT   NOT NULL,
    receiver    TEXT   NOT NULL,
    part_of     TEXT   NOT NULL
);

-- Pairs of contributions that are probably the same (`probablySameAs`).
CREATE TABLE probably_same (
    row_id   INTEGER NOT NULL,
    id       TEXT    NOT NULL,
    other_id TEXT    NOT NULL,
    PRIMARY KEY (row_id, other_id)
);

CREATE TABLE indicator (
    row_id      INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    name_key    TEXT NOT NULL,
    measured_on TEXT NOT NULL,
    period_from TEXT,
    period_to   TEXT
);

CREATE INDEX indicator_by_name ON indicator (name_key, id);
CREATE INDEX indicator_by_day ON indicator (measured_on, id, period_from, period_to);

CREATE TABLE statement (
    row_id INTEGER PRIMARY KEY,
    id     TEXT NOT NULL UNIQUE,
    kind   TEXT NOT NULL
);

CREATE INDEX statement_by_kind ON statement (kind, id);

CREATE TABLE source (
    row_id         INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    title_key      TEXT NOT NULL,
    kind           TEXT NOT NULL,
    language       TEXT,
    published_on   TEXT NOT NULL,
    published_from TEXT,
    published_to   TEXT,
    sha256         TEXT,
    length         BIGINT
);

CREATE INDEX source_by_title ON source (title_key, id);
CREATE INDEX source_by_day ON source (published_on, id, published_from, published_to);
CREATE INDEX source_by_kind ON source (kind);
CREATE INDEX source_by_language ON source (language);

-- The texts of sources in NFC. Quotes are checked against them; no response contains them. `length` is in code points.
CREATE TABLE source_text (
    row_id INTEGER PRIMARY KEY,
    sha256 TEXT    NOT NULL,
    length BIGINT  NOT NULL,
    text   TEXT    NOT NULL
);

-- The text directives of citations, derived from the stored texts: `text=prefix-,textStart,textEnd,-suffix`. A quote whose own words are a sufficient
-- directive has no row. `row_id` is the citing record, and `ordinal` the index of the citation.
CREATE TABLE text_directive (
    row_id    INTEGER NOT NULL,
    ordinal   INTEGER NOT NULL,
    directive TEXT    NOT NULL,
    PRIMARY KEY (row_id, ordinal)
) WITHOUT ROWID;

-- API keys. They are not records: not in the feed, the history, search or exports. `hash` is the SHA-256 of the secret.
CREATE TABLE api_key (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    role         TEXT NOT NULL CHECK (role IN ('Reader', 'Editor', 'Admin')),
    provinces    TEXT NOT NULL,
    hash         TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    created_by   TEXT NOT NULL,
    expires_at   TEXT,
    last_used_at TEXT,
    revoked_at   TEXT,
    replaced_by  TEXT REFERENCES api_key (id)
);

-- The searchable texts of a record as written, one field per line. `title_key` is the folded title.
CREATE TABLE search_document (
    row_id    INTEGER PRIMARY KEY,
    type      TEXT NOT NULL,
    id        TEXT NOT NULL,
    title_key TEXT NOT NULL,
    names     TEXT NOT NULL,
    texts     TEXT NOT NULL
);

CREATE INDEX search_document_by_title ON search_document (title_key, row_id);

-- The folded words of two or more letters that were indexed and not redacted, for completions.
CREATE TABLE search_word (word TEXT PRIMARY KEY) WITHOUT ROWID;
