using System.Diagnostics.Metrics;

namespace CooperationApi.Access;

/// <summary>The metrics of authentication. They have roles, and no ids of keys or subjects.</summary>
internal static class AccessMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "CooperationApi.Access";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> AuthenticatedRequests = Meter.CreateCounter<long>("cooperation.authenticated_requests",
        "{request}", "Requests with a valid API key or token, by the role of the caller.");

    /// <summary>Counts a request with valid credentials.</summary>
    public static void CountRequest(Caller caller) =>
        AuthenticatedRequests.Add(1, KeyValuePair.Create("cooperation.caller.role", (object?)caller.Role.ToString()));
}
