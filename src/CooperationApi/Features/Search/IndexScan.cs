namespace CooperationApi.Features.Search;

/// <summary>The numbers of the records that a look found, and the number up to which it looked; null if there is nothing beyond.</summary>
internal sealed record IndexScan(IReadOnlyList<long> RowIds, long? ScannedThrough);
