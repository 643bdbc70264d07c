namespace CooperationApi.Bench.Loads;

/// <summary>The throughput and latency of one round of load.</summary>
internal sealed record LoadResult(long Requests, double RequestsPerSecond, double P50Milliseconds, double P99Milliseconds);
