using CooperationApi.Http.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CooperationApi.Http;

/// <summary>The middleware that runs for every request, and the limits of the server.</summary>
internal static class RequestPipeline
{
    public static void AddPipeline(this IServiceCollection services)
    {
        services.AddSingleton<ProblemMiddleware>();
        services.AddSingleton<ResponseCache>();
        services.AddSingleton<RequestTimeout>();
    }

    /// <summary>
    /// Sets Kestrel's limits, which apply before the middleware: length of the request line and the body, timeouts and data rates.
    /// </summary>
    public static void ConfigureLimits(this KestrelServerLimits serverLimits, LimitsOptions limits)
    {
        // 64 KiB: a query of 5,000 Vietnamese letters, nine bytes each when percent-encoded, still gets a problem document. Kestrel's own
        // rejection has no body.
        serverLimits.MaxRequestLineSize = 1 << 16;
        serverLimits.MaxRequestBodySize = limits.MaxRequestBodyBytes;
        serverLimits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        serverLimits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
        serverLimits.MinResponseDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
    }

    /// <summary>
    /// Adds the middleware in this order: headers and CORS, problem documents, the given guards, canonical path check, routing, OPTIONS.
    /// </summary>
    public static void UsePipeline(this WebApplication app, CorsOrigins origins, params IReadOnlyList<Func<HttpContext, RequestDelegate, Task>> guards)
    {
        app.Use((context, next) =>
        {
            StandardHeaders.Set(context);
            origins.Apply(context);
            return next(context);
        });
        app.Use(app.Services.GetRequiredService<ProblemMiddleware>().Invoke);
        foreach (var guard in guards)
            app.Use(guard);
        app.Use((context, next) => IsCanonical(context.Request) ? next(context) : throw ProblemException.NotFound(context.Request.Path));
        app.UseRouting();
        app.Use(RespondToOptions);
    }

    /// <summary>
    /// Returns true if the path has its canonical form. Routing alone also matches other letter case, a trailing or encoded slash and
    /// encoded letters.
    /// </summary>
    private static bool IsCanonical(HttpRequest request)
    {
        var path = request.Path.Value!;
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        // A request target in absolute form, as proxies send it, also has the host (RFC 9112, 3.2.2).
        if (!target.StartsWith('/') && target.IndexOf("://") is > 0 and var schemeEnd && target[(schemeEnd + 3)..].IndexOf('/') is >= 0 and var hostLength)
            target = target[(schemeEnd + 3 + hostLength)..];
        var queryStart = target.IndexOf('?');
        return target[..(queryStart < 0 ? target.Length : queryStart)].SequenceEqual(path)
            && (path.Length == 1 || path[^1] != '/')
            && !path.AsSpan().ContainsAnyInRange('A', 'Z')
            && !path.Contains("//", StringComparison.Ordinal);
    }

    /// <summary>Converts the 405 that routing returns for OPTIONS to a 204 with the allowed methods.</summary>
    private static async Task RespondToOptions(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (HttpMethods.IsOptions(context.Request.Method) && context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            StandardHeaders.SetPreflight(context.Response);
        }
    }
}
