namespace CooperationApi.Features.Search;

/// <summary>The matching row ids of a scan, and the last row id that it covered; null if it reached the end of the index.</summary>
internal sealed record IndexScan(IReadOnlyList<long> RowIds, long? ScannedThrough);
