-- What a copy must come to is told from this index alone, in its order.
CREATE INDEX record_for_mirror ON record (type, id, revision, hash);

-- Changes up to this number are kept only as far as they are a record's last one up to it; 0 if all are.
ALTER TABLE feed ADD COLUMN horizon BIGINT NOT NULL DEFAULT 0;
