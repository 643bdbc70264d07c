namespace CooperationApi.Storage;

/// <summary>A record as it stands: its number inside the store, that of its last change, its JSON, and the hash that this was written with.</summary>
internal sealed record StoredRecord(long RowId, long Revision, byte[] Body, string Hash);
