namespace CooperationApi.Sync;

/// <summary>
/// A revision of a record for which an intact row of the copy and the service have different content: the service rewrote its history.
/// </summary>
/// <param name="Type">The type of the record.</param>
/// <param name="Id">The id of the record.</param>
/// <param name="Revision">The revision, according to the copy.</param>
/// <param name="CopyHash">The SHA-256 in the copy.</param>
/// <param name="ServiceHash">The SHA-256 in the service; null if the service has no such revision of the record.</param>
/// <param name="CopyData">The JSON in the copy.</param>
/// <param name="ServiceData">The JSON in the service; null if the service does not return it.</param>
internal sealed record Contradiction(string Type, string Id, long Revision, string CopyHash, string? ServiceHash, string CopyData,
    string? ServiceData);
