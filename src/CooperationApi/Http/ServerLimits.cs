using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CooperationApi.Http;

/// <summary>The limits of Kestrel, which apply before the middleware.</summary>
internal static class ServerLimits
{
    /// <summary>Sets the length of the request line and the body, timeouts and data rates.</summary>
    public static void Configure(KestrelServerOptions kestrel, LimitsOptions limits)
    {
        kestrel.AddServerHeader = false;
        // Kestrel closes further connections at once.
        kestrel.Limits.MaxConcurrentConnections = limits.MaxConnections > 0 ? limits.MaxConnections : OpenFileLimit.DeriveMaxConnections();
        // 64 KiB: a query of 5,000 Vietnamese letters, nine bytes each when percent-encoded, still gets a problem document. Kestrel's own
        // rejection has no body.
        kestrel.Limits.MaxRequestLineSize = 1 << 16;
        kestrel.Limits.MaxRequestBodySize = limits.MaxRequestBodyBytes;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
        kestrel.Limits.MinResponseDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
    }
}
