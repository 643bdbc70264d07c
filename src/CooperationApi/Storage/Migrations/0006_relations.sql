-- A province's records and the members that name it, in order of time, and results that are linked as probably the same: from an index alone.

DROP INDEX reference_in_time;
CREATE INDEX reference_in_time ON reference (to_type, to_id, type, happened_on, id, member) WHERE to_type = 'provinces';
CREATE INDEX reference_same ON reference (member, type, id, to_id) WHERE member = 'probablySameAs[]';
