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
    // Allows Swagger UI's own scripts and styles. Swagger UI sets styles of elements in HTML, which needs 'unsafe-inline'.
    private static readonly StringValues SwaggerContentSecurityPolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

    /// <summary>Sets the headers and continues with the request.</summary>
    public static Task Set(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers["API-Version"] = ApiVersionHeader;
        headers.XContentTypeOptions = NoSniff;
        headers.XFrameOptions = DenyFraming;
        headers["Referrer-Policy"] = NoReferrer;
        headers.ContentSecurityPolicy =
            context.Request.Path.StartsWithSegments("/swagger") ? SwaggerContentSecurityPolicy : ApiContentSecurityPolicy;
        // HSTS is sent over TLS only: clients ignore it on plain HTTP (RFC 6797, 8.1).
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = StrictTransportSecurity;
        return next(context);
    }
}
