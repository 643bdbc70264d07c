-- One narrow table per resource: what its lists filter and sort by, derived from the record's JSON.
-- A partial date stands as its text (…_on) for sorting, and as the first and last day that it may mean (…_from, …_to).

CREATE TABLE province (
    id         TEXT PRIMARY KEY,
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
    id         TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    kind       TEXT NOT NULL,
    region     TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to   TEXT NOT NULL,
    PRIMARY KEY (id, valid_from)
);

CREATE TABLE organization (
    id       TEXT PRIMARY KEY,
    name_key TEXT NOT NULL,
    kind     TEXT NOT NULL
);

CREATE INDEX organization_by_name ON organization (name_key, id);
CREATE INDEX organization_by_kind ON organization (kind, name_key, id);

CREATE TABLE official (
    id       TEXT PRIMARY KEY,
    name_key TEXT NOT NULL
);

CREATE INDEX official_by_name ON official (name_key, id);

-- The posts of officials, with the days on which a source shows that they were held.
CREATE TABLE official_position (
    id              TEXT    NOT NULL,
    ordinal         INTEGER NOT NULL,
    organization_id TEXT,
    province_id     TEXT,
    held_from       TEXT    NOT NULL,
    held_to         TEXT    NOT NULL,
    PRIMARY KEY (id, ordinal, held_from, held_to)
);

CREATE INDEX official_position_by_province ON official_position (province_id, id);
CREATE INDEX official_position_by_organization ON official_position (organization_id, id);

CREATE TABLE meeting (
    id        TEXT PRIMARY KEY,
    title_key TEXT NOT NULL,
    kind      TEXT NOT NULL,
    held_on   TEXT NOT NULL,
    held_from TEXT,
    held_to   TEXT
);

CREATE INDEX meeting_by_day ON meeting (held_on, id);
CREATE INDEX meeting_by_title ON meeting (title_key, id);

CREATE TABLE agreement (
    id           TEXT PRIMARY KEY,
    title_key    TEXT NOT NULL,
    adopted_on   TEXT NOT NULL,
    adopted_from TEXT,
    adopted_to   TEXT
);

CREATE INDEX agreement_by_day ON agreement (adopted_on, id);
CREATE INDEX agreement_by_title ON agreement (title_key, id);

CREATE TABLE cooperation_group (
    id         TEXT PRIMARY KEY,
    place      TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    pillar     TEXT,
    name_basis TEXT NOT NULL
);

CREATE INDEX cooperation_group_by_place ON cooperation_group (place, id);
CREATE INDEX cooperation_group_by_name ON cooperation_group (name_key, id);

CREATE TABLE commitment (
    id        TEXT PRIMARY KEY,
    title_key TEXT NOT NULL,
    kind      TEXT NOT NULL,
    status    TEXT NOT NULL,
    due_on    TEXT NOT NULL,
    due_from  TEXT,
    due_to    TEXT
);

CREATE INDEX commitment_by_title ON commitment (title_key, id);
CREATE INDEX commitment_by_due ON commitment (due_on, id);
CREATE INDEX commitment_by_status ON commitment (status, title_key, id);

CREATE TABLE result (
    id          TEXT PRIMARY KEY,
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
CREATE INDEX result_by_day ON result (happened_on, id);

CREATE TABLE indicator (
    id          TEXT PRIMARY KEY,
    name_key    TEXT NOT NULL,
    measured_on TEXT NOT NULL,
    period_from TEXT,
    period_to   TEXT
);

CREATE INDEX indicator_by_name ON indicator (name_key, id);
CREATE INDEX indicator_by_day ON indicator (measured_on, id);

CREATE TABLE statement (
    id   TEXT PRIMARY KEY,
    kind TEXT NOT NULL
);

CREATE INDEX statement_by_kind ON statement (kind, id);

CREATE TABLE source (
    id             TEXT PRIMARY KEY,
    title_key      TEXT NOT NULL,
    kind           TEXT NOT NULL,
    language       TEXT,
    published_on   TEXT NOT NULL,
    published_from TEXT,
    published_to   TEXT
);

CREATE INDEX source_by_title ON source (title_key, id);
CREATE INDEX source_by_day ON source (published_on, id);
