-- Keys, which are no records: in no feed, no search, no list of records. Of a key's secret only the SHA-256 is kept.

-- How often anything beside the record was changed, by which a running service sees what another process did.
ALTER TABLE feed ADD COLUMN settled BIGINT NOT NULL DEFAULT 0;

CREATE TABLE access_key (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    role        TEXT NOT NULL CHECK (role IN ('Reader', 'Editor', 'Admin')),
    provinces   TEXT NOT NULL,
    hash        TEXT NOT NULL,
    made_at     TEXT NOT NULL,
    made_by     TEXT NOT NULL,
    expires_at  TEXT,
    used_at     TEXT,
    revoked_at  TEXT,
    replaced_by TEXT REFERENCES access_key (id)
);
