namespace CooperationApi.Storage;

/// <summary>The current record as saved: row id, revision of the last change, JSON in UTF-8, and the SHA-256 of the JSON.</summary>
internal sealed record StoredRecord(long RowId, long Revision, byte[] Body, string Hash);
