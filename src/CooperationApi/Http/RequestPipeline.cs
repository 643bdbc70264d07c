using CooperationApi.Http.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CooperationApi.Http;

/// <summary>What happens to every request before its route and after it.</summary>
internal static class RequestPipeline
{
    public static void AddPipeline(this IServiceCollection services)
    {
        services.AddSingleton<ProblemMiddleware>();
        services.AddSingleton<ResponseCache>();
        services.AddSingleton<RequestTimeout>();
    }

    /// <summary>The server's own limits, before anything of ours has a request: how long an address and a body may be, how slowly one may be sent.</summary>
    public static void ConfigureLimits(this KestrelServerLimits serverLimits, LimitsOptions limits)
    {
        // Five thousand Vietnamese letters, nine bytes each as they stand in an address, get an answer that names the fault. The server's own refusal has no body.
        serverLimits.MaxRequestLineSize = 1 << 16;
        serverLimits.MaxRequestBodySize = limits.MaxRequestBodyBytes;
        serverLimits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        serverLimits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
        serverLimits.MinResponseDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
    }

    /// <summary>The order in which a request passes: headers, problems, the given guards, the exact address, the route.</summary>
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
    /// One address per resource: routing would take another case, a trailing or encoded slash and an encoded letter for the same path.
    /// </summary>
    private static bool IsCanonical(HttpRequest request)
    {
        var path = request.Path.Value!;
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        // The absolute form, which proxies send, names the host too (RFC 9112, 3.2.2).
        if (!target.StartsWith('/') && target.IndexOf("://") is > 0 and var schemeEnd && target[(schemeEnd + 3)..].IndexOf('/') is >= 0 and var hostLength)
            target = target[(schemeEnd + 3 + hostLength)..];
        var queryStart = target.IndexOf('?');
        return target[..(queryStart < 0 ? target.Length : queryStart)].SequenceEqual(path)
            && (path.Length == 1 || path[^1] != '/')
            && !path.AsSpan().ContainsAnyInRange('A', 'Z')
            && !path.Contains("//", StringComparison.Ordinal);
    }

    /// <summary>A plain OPTIONS is a question, not a wrong method: routing has found out what is allowed.</summary>
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
