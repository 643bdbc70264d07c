-- What figures and timelines read. Derived from the records, like the rest.
-- derive anew

-- Of a citation, how its source supports the record. Of any reference, when what the record tells of happened, as far as it is known
-- ('' if it isn't known at all); NULL where a record tells of nothing that happens.
ALTER TABLE reference ADD COLUMN basis TEXT;
ALTER TABLE reference ADD COLUMN happened_on TEXT;

CREATE INDEX reference_by_basis ON reference (type, basis) WHERE basis IS NOT NULL;
CREATE INDEX reference_in_time ON reference (to_type, to_id, type, happened_on, id) WHERE to_type = 'provinces';
CREATE INDEX reference_party ON reference (member, type, id, to_id) WHERE member = 'provinceIds[]';

-- Results of the kind Contribution: what was given, by whom and to whom. What has no value is ''; a decimal is its text.
CREATE TABLE contribution (
    id          TEXT PRIMARY KEY,
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

-- What happened to a province: it was formed, renamed, merged into another.
CREATE TABLE province_event (
    id          TEXT NOT NULL,
    happened_on TEXT NOT NULL,
    event       TEXT NOT NULL,
    PRIMARY KEY (id, happened_on, event)
);

-- The first and last day that a commitment's statusAsOf may mean.
ALTER TABLE commitment ADD COLUMN status_from TEXT;
ALTER TABLE commitment ADD COLUMN status_to TEXT;

CREATE INDEX commitment_by_age ON commitment (status, id, status_from, status_to);
