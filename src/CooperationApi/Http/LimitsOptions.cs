using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Http;

/// <summary>The `Limits` section of the configuration: rate limits, timeouts, body size and connections.</summary>
internal sealed record LimitsOptions
{
    /// <summary>Requests per minute without a key, per IPv4 address or IPv6 /64 network; 0 disables the limit.</summary>
    [Range(0, 1_000_000)]
    public int AnonymousRequestsPerMinute { get; init; }

    /// <summary>Requests per minute with one API key, or by one subject of the identity provider; 0 disables the limit.</summary>
    [Range(0, 1_000_000)]
    public int KeyRequestsPerMinute { get; init; }

    /// <summary>
    /// Seconds for which one request may run; 0 disables the timeout. Streamed responses, imports and merges have no timeout.
    /// </summary>
    [Range(0, 3600)]
    public int RequestTimeoutSeconds { get; init; } = 30;

    /// <summary>The maximum size of a request body in bytes, for routes without a limit of their own.</summary>
    [Range(1, 1 << 30)]
    public int MaxRequestBodyBytes { get; init; } = 1_000_000;

    /// <summary>Seconds for which one download of a list as CSV or NDJSON may run; 0 disables the timeout.</summary>
    [Range(0, 86_400)]
    public int DownloadTimeoutSeconds { get; init; } = 600;

    /// <summary>The maximum number of open connections; 0 derives it from the number of files that the process may open.</summary>
    [Range(0, 1_000_000)]
    public int MaxConnections { get; init; }
}
