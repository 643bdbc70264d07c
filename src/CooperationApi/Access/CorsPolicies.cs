using Microsoft.AspNetCore.Cors.Infrastructure;

namespace CooperationApi.Access;

/// <summary>
/// The CORS policies. Credentials are never allowed: a script sends the API key in `Authorization`. The OpenAPI documents allow every
/// origin; other routes allow the origins in `Access:AllowedOrigins`.
/// </summary>
internal static class CorsPolicies
{
    public const string AnyOrigin = "AnyOrigin";

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    private static readonly string[] RequestHeaders =
    [
        "Accept-Language", "Authorization", "Cache-Control", "Content-Type", "If-Match", "If-None-Match", "If-Range", "Last-Event-ID",
        "Prefer", "Range", "traceparent", "tracestate", "X-Requested-With",
    ];

    private static readonly string[] ExposedHeaders =
    [
        "Accept-Ranges", "API-Version", "Content-Disposition", "Content-Language", "Content-Range", "Deprecation", "ETag", "Link",
        "Location", "Preference-Applied", "RateLimit", "RateLimit-Policy", "Repr-Digest", "Retry-After", "Row-Count", "Sunset",
        "WWW-Authenticate",
    ];

    /// <summary>Registers the policies.</summary>
    public static void Configure(CorsOptions cors, AccessOptions access)
    {
        cors.AddPolicy(AnyOrigin, policy => Build(policy, "*"));
        cors.AddDefaultPolicy(policy => Build(policy, access.GetAllowedOrigins()));
    }

    private static void Build(CorsPolicyBuilder policy, params string[] origins) =>
        policy.WithOrigins(origins).WithMethods(Methods).WithHeaders(RequestHeaders).WithExposedHeaders(ExposedHeaders)
            .SetPreflightMaxAge(TimeSpan.FromMinutes(10));

    /// <summary>
    /// Adds `Vary: Origin` to every response if the allowed origins are limited. The CORS middleware adds it only to responses to allowed
    /// origins; a cache could then send a response without CORS headers to a script.
    /// </summary>
    public static void UseVaryByOrigin(this IApplicationBuilder app, AccessOptions access)
    {
        if (access.AllowedOrigins == "*")
            return;
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                if (!context.Response.Headers.Vary.Contains("Origin"))
                    context.Response.Headers.Append("Vary", "Origin");
                return Task.CompletedTask;
            });
            return next(context);
        });
    }
}
