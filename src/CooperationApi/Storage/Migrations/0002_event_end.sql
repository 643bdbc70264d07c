-- The end of the referring record's event, set like `event_date` if the event extends over a period: then both ends are compared with the
-- validity of the province.
ALTER TABLE reference ADD COLUMN event_end TEXT;

UPDATE reference
SET event_end =
(
    SELECT nullif(json_extract(record.body, '$.period.to'), reference.event_date) FROM record
    WHERE record.row_id = reference.row_id AND record.type = 'results'
)
WHERE event_date IS NOT NULL;
