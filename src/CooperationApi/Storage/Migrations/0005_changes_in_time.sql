-- What was written since a moment.

CREATE INDEX record_by_time ON record (type, changed_at, id);
