using System.Diagnostics;
using CooperationApi.Access;
using CooperationApi.Http.Problems;

namespace CooperationApi.Telemetry;

/// <summary>
/// Logs each request after its response, with the category `CooperationApi.Requests`: 5xx as warnings, successful requests of monitoring
/// programs at level Debug. The HTTP logging of ASP.NET Core would log queries with their secrets, and no problem codes.
/// </summary>
internal sealed class RequestLogMiddleware(RequestDelegate next, ILoggerFactory loggers)
{
    // A longer path or query is cut: 64 KB are allowed.
    private const int MaxTextLength = 1000;

    private readonly ILogger logger = loggers.CreateLogger("CooperationApi.Requests");

    public Task InvokeAsync(HttpContext context) => logger.IsEnabled(LogLevel.Warning) ? Run(context) : next(context);

    private async Task Run(HttpContext context)
    {
        var startTimestamp = Stopwatch.GetTimestamp();
        await next(context);
        var status = context.Response.StatusCode;
        var level = status >= 500 ? LogLevel.Warning
            : status < 400 && context.IsMonitoring() ? LogLevel.Debug
            : LogLevel.Information;
        if (logger.IsEnabled(level))
            logger.Log(level, default, CreateEntry(context, startTimestamp), null, static (entry, _) => entry.ToString());
    }

    private static RequestLogEntry CreateEntry(HttpContext context, long startTimestamp)
    {
        var request = context.Request;
        var problem = context.Features.Get<ProblemException>();
        return new()
        {
            Method = request.Method,
            Route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText,
            Path = Cut((request.PathBase + request.Path).ToUriComponent()),
            Query = Cut(UrlSecretDetector.RemoveSecrets(request.QueryString.Value ?? "")),
            Status = context.Response.StatusCode,
            Codes = problem is null ? [] : [.. problem.Errors.Select(error => error.Code).Prepend(problem.Code).Distinct()],
            IsAborted = context.RequestAborted.IsCancellationRequested,
            Milliseconds = Math.Round(Stopwatch.GetElapsedTime(startTimestamp).TotalMilliseconds, 3),
            KeyId = Caller.Find(context)?.Id,
        };
    }

    private static string Cut(string text) => text.Length <= MaxTextLength ? text : $"{text.AsSpan(0, MaxTextLength)}…";
}
