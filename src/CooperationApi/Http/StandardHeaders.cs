using Microsoft.Extensions.Primitives;

namespace CooperationApi.Http;

/// <summary>The headers of every answer.</summary>
internal static class StandardHeaders
{
    /// <summary>The version of the API: semantic, and independent of the program's.</summary>
    public const string ApiVersion = "1.0.0";

    private static readonly StringValues ApiVersionHeader = ApiVersion;
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues NoReferrer = "no-referrer";
    private static readonly StringValues DenyFraming = "DENY";
    private static readonly StringValues StrictTransportSecurity = "max-age=31536000";
    private static readonly StringValues ApiContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
    // The page's own scripts and styles; it makes the function that changes the document for it from text.
    private static readonly StringValues SwaggerContentSecurityPolicy = "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
    private static readonly StringValues ExposedHeaders = "Accept-Ranges, API-Version, Content-Disposition, Content-Language, Content-Range, ETag, Link, Location, RateLimit, RateLimit-Policy, Repr-Digest, Retry-After, Row-Count, WWW-Authenticate";
    private static readonly StringValues AllowedHeaders = "Accept-Language, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Range, Last-Event-ID, Prefer, Range";

    public static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["API-Version"] = ApiVersionHeader;
        headers.XContentTypeOptions = NoSniff;
        headers.XFrameOptions = DenyFraming;
        headers["Referrer-Policy"] = NoReferrer;
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/swagger") ? SwaggerContentSecurityPolicy : ApiContentSecurityPolicy;
        headers.AccessControlExposeHeaders = ExposedHeaders;
        // Who has once come over TLS shall not be led to do without; told to whoever came without, it means nothing (RFC 6797, 7.2).
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = StrictTransportSecurity;
    }

    /// <summary>What a browser asks before a page may send more than the simplest request.</summary>
    public static void SetPreflight(HttpResponse response)
    {
        response.Headers.AccessControlAllowMethods = response.Headers.Allow;
        response.Headers.AccessControlAllowHeaders = AllowedHeaders;
    }
}
