using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Http;

/// <summary>How much one caller may ask for: the `Limits` section of the configuration.</summary>
internal sealed record LimitsOptions
{
    /// <summary>Requests a minute from one address that come without a key; 0 for no limit.</summary>
    [Range(0, 1_000_000)]
    public int AnonymousRequestsPerMinute { get; init; }

    /// <summary>Requests a minute with one key, or by one subject of the identity provider; 0 for no limit.</summary>
    [Range(0, 1_000_000)]
    public int KeyRequestsPerMinute { get; init; }

    /// <summary>The seconds that an answer may take to make; 0 for no limit. Whole lists, which are sent as they are read, take the time that they take.</summary>
    [Range(0, 3600)]
    public int RequestTimeoutSeconds { get; init; } = 30;

    /// <summary>The longest body, in bytes, of a route that says nothing else.</summary>
    [Range(1, 1 << 30)]
    public int MaxRequestBodyBytes { get; init; } = 1_000_000;
}
