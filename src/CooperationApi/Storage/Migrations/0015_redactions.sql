-- What was redacted is looked for by who keeps files that may hold it.
CREATE INDEX change_redacted ON change (seq) WHERE reason = 'redacted';
