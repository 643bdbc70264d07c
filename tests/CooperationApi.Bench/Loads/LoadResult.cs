namespace CooperationApi.Bench.Loads;

/// <summary>One round of load: how much was answered, and how fast.</summary>
internal sealed record LoadResult(long Requests, double RequestsPerSecond, double P50Milliseconds, double P99Milliseconds);
