using Microsoft.Extensions.Primitives;

namespace CooperationApi.Http;

/// <summary>Sets the headers of every response.</summary>
internal static class StandardHeaders
{
    /// <summary>The semantic version of the API, independent of the program version.</summary>
    public const string ApiVersion = "1.0.0";

    private static readonly StringValues ApiVersionHeader = ApiVersion;
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues NoReferrer = "no-referrer";
    private static readonly StringValues DenyFraming = "DENY";
    private static readonly StringValues StrictTransportSecurity = "max-age=31536000";
    private static readonly StringValues ApiContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
    // Allows Swagger UI's own scripts and styles. Swagger UI compiles the response interceptor from text, which needs 'unsafe-eval'.
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
        // HSTS is sent over TLS only: clients ignore it on plain HTTP (RFC 6797, 8.1).
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = StrictTransportSecurity;
    }

    /// <summary>Sets the headers of the response to a CORS preflight request.</summary>
    public static void SetPreflight(HttpResponse response)
    {
        response.Headers.AccessControlAllowMethods = response.Headers.Allow;
        response.Headers.AccessControlAllowHeaders = AllowedHeaders;
    }
}
