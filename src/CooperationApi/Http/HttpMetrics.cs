using System.Diagnostics.Metrics;

namespace CooperationApi.Http;

/// <summary>The metrics of responses. ASP.NET Core itself measures the requests by route and status.</summary>
internal static class HttpMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "CooperationApi.Http";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> CacheRequests = Meter.CreateCounter<long>("cooperation.response_cache.requests", "{request}",
        "Requests for responses that can be cached, by the result: hit or miss.");

    private static readonly Counter<long> Problems = Meter.CreateCounter<long>("cooperation.problems", "{problem}",
        "Problem documents by code. The codes of rate limits are too_many_requests and too_many_failed_attempts.");

    /// <summary>Counts a request for a response that can be cached.</summary>
    public static void CountCacheRequest(bool isHit) =>
        CacheRequests.Add(1, KeyValuePair.Create("cooperation.response_cache.result", (object?)(isHit ? "hit" : "miss")));

    /// <summary>Counts a problem document.</summary>
    public static void CountProblem(string code) => Problems.Add(1, KeyValuePair.Create("cooperation.problem.code", (object?)code));
}
