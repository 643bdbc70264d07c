using Microsoft.Extensions.Primitives;

namespace CooperationApi.Http;

/// <summary>The headers of every answer.</summary>
internal static class ServiceHeaders
{
    /// <summary>The version of the API: semantic, and independent of the program's.</summary>
    public const string ApiVersion = "1.0.0";

    private static readonly StringValues Version = ApiVersion;
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues AnyOrigin = "*";
    private static readonly StringValues Readable = "API-Version, Content-Disposition, Content-Language, ETag, Link, RateLimit, RateLimit-Policy, Retry-After, Row-Count";
    private static readonly StringValues Sendable = "Accept-Language, If-Modified-Since, If-None-Match";

    public static void Set(HttpResponse response)
    {
        response.Headers["API-Version"] = Version;
        response.Headers.XContentTypeOptions = NoSniff;
        // Reading is open and needs no credentials, so any page may read.
        response.Headers.AccessControlAllowOrigin = AnyOrigin;
        response.Headers.AccessControlExposeHeaders = Readable;
    }

    /// <summary>What a browser asks before a page may send more than the simplest request.</summary>
    public static void SetPreflight(HttpResponse response)
    {
        response.Headers.AccessControlAllowMethods = response.Headers.Allow;
        response.Headers.AccessControlAllowHeaders = Sendable;
    }
}
