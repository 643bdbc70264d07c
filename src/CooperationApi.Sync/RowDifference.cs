using CooperationApi.Contracts;

namespace CooperationApi.Sync;

/// <summary>A record that differs between the copy and the service.</summary>
/// <param name="Copy">The row of the copy, with the hash of its data; null if the copy lacks the record.</param>
/// <param name="Service">The row of the service; null if the service lacks the record.</param>
internal sealed record RowDifference(RecordDigest? Copy, RecordDigest? Service);
